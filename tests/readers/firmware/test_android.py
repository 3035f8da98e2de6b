"""Android's updates, signed as a whole by signapk; payloads by a small builder."""

import io
import struct
import zipfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.firmware.with_tools import (
    CONTENT,
    cuts,
    first,
    flipped,
    has,
    identity,
    in_child,
    proofs,
    put,
    run,
    seen,
    spoilt,
)

JAR = "/usr/share/signapk/signapk.jar"
METADATA = "META-INF/com/android/metadata"
BUILD = "plumwhistle/bear/bear:11/RQ1A/7:user/release-keys"


def key() -> str:
    return identity("ota")[2]


def number(value: int) -> bytes:
    """As protocol buffers write one."""
    return bytes([value & 0x7F | 0x80]) + number(value >> 7) if value > 0x7F else bytes([value])


def field(at: int, value: int | bytes) -> bytes:
    """A field of a message."""
    if isinstance(value, int):
        return number(at << 3) + number(value)
    return number(at << 3 | 2) + number(len(value)) + value


@cache
def payload(signed: bool = True, hashed: bool = True, twice: bool = False) -> bytes:
    """A list of one operation, its signature, and data. hashed: the list says what the data come to. twice:
    a second signature, over the data as well.
    """
    private = cast(rsa.RSAPrivateKey, serialization.load_pem_private_key(identity("ota")[0], None))

    def signatures(over: bytes) -> bytes:
        made = private.sign(over, padding.PKCS1v15(), hashes.SHA256())
        return field(1, field(2, made) + b"\x1d" + struct.pack("<I", 256))

    data = CONTENT[:9000]
    stated = field(8, sha256(data).digest()) if hashed else b""
    operation = field(1, 0) + field(2, 0) + field(3, len(data)) + stated
    partition = field(1, b"system") + field(8, operation)
    size = len(signatures(b""))
    second = field(4, len(data)) + field(5, size) if twice else b""
    manifest = field(3, 4096) + second + field(13, partition)
    head = b"CrAU" + struct.pack(">QQI", 2, len(manifest), size if signed else 0) + manifest
    blob = signatures(head) if signed else b""
    return head + blob + data + (signatures(head + data) if twice else b"")


def plain(with_payload: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(METADATA, f"ota-type=BLOCK\npost-build={BUILD}\npost-timestamp=1611111111\n")
        made.writestr("META-INF/com/google/android/update-binary", "#!/sbin/sh\n")
        made.writestr("system.new.dat", CONTENT[:20_000])
        if with_payload:
            made.writestr("payload.bin", payload())
    return out.getvalue()


@cache
def update(with_payload: bool = False) -> bytes:
    has("java", "signapk")
    has(JAR, "signapk")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        put(folder, "ota")
        run(
            *(
                "openssl",
                "pkcs8",
                "-topk8",
                "-nocrypt",
                "-outform",
                "DER",
                "-in",
                "ota.key",
                "-out",
                "ota.pk8",
            ),
            cwd=folder,
        )
        (folder / "in.zip").write_bytes(plain(with_payload))
        run("java", "-jar", JAR, "-w", "ota.crt", "ota.pk8", "in.zip", "out.zip", cwd=folder)
        return (folder / "out.zip").read_bytes()


def test_unsigned() -> None:
    (one,) = seen(plain())
    assert (one.format, one.whole, one.signs, one.signatures) == ("android-ota", True, True, ())
    assert (one.version, one.rollback, one.encrypted) == (BUILD, "post-timestamp 1611111111", "no")


def test_signed() -> None:
    image = update()
    (one,) = seen(image, key())
    (made,) = one.signatures
    assert (made.scheme, made.covers, made.proof) == ("CMS, RSA", "whole file", "verified")
    assert made.key_from == "product file"
    assert (one.version, one.length) == (BUILD, len(image))
    assert first(image).signatures[0].key_from == "image"
    assert proofs(image) == ["verified"]
    assert proofs(image, identity("other")[2]) == ["wrong"]


def test_changed() -> None:
    image = update()
    comment = len(image) - struct.unpack("<H", image[-2:])[0] - 2
    for at in (16, image.index(b"post-timestamp") + 17, comment // 2, comment - 30):
        for public in ("", key()):
            assert set(proofs(flipped(image, at), public)) <= {"wrong"}, at
    assert proofs(flipped(image, comment // 2)) == ["wrong"]


def test_cut() -> None:
    for image in (update(), plain()):
        for cut in cuts(image):
            found = seen(cut)
            assert all((one.format, one.whole, one.signatures) == ("android-ota", False, ()) for one in found)
    assert seen(update()[:-1])


def test_payload() -> None:
    (one,) = seen(payload(), key())
    assert (one.format, one.whole, one.sum, one.length) == ("android-payload", True, "right", len(payload()))
    assert [(made.covers, made.proof) for made in one.signatures] == [("metadata", "verified")]
    assert proofs(payload()) == ["no key"]
    assert proofs(payload(), identity("other")[2]) == ["wrong"]
    assert proofs(flipped(payload(), 25), key()) == ["wrong"]
    assert seen(payload(signed=False))[0].signatures == ()
    assert not first(payload()[:200]).whole
    assert not first(payload()[:-1]).whole


def test_data_of_a_payload_are_signed_through_their_sums_or_by_a_signature_of_their_own() -> None:
    assert proofs(flipped(payload(), len(payload()) - 9), key()) == ["wrong"]
    unnamed = payload(hashed=False)
    assert proofs(unnamed, key()) == ["not understood"]
    both = payload(hashed=False, twice=True)
    assert proofs(both, key()) == ["verified", "verified"]
    assert proofs(flipped(both, len(both) - 4000), key()) == ["verified", "wrong"]
    assert [made.covers for made in first(both).signatures] == ["metadata", "payload"]
    assert proofs(payload(twice=True), key()) == ["verified", "verified"]


@pytest.mark.parametrize("more", [{}, {"hashed": False, "twice": True}])
def test_no_cut_payload_is_valid(more: dict[str, bool]) -> None:
    """A regression: data behind a signed list were not looked at."""
    whole = payload(**more)
    assert first(whole, key()).whole
    for length in range(24, len(whole), 97):
        assert not any(one.whole and one.signatures for one in seen(whole[:length], key()))


def test_payload_in_an_update_and_in_the_child(tmp_path: Path) -> None:
    image = in_child(update(with_payload=True), tmp_path, key())
    assert [(one.format, one.part) for one in image.containers] == [
        ("android-ota", ""),
        ("android-payload", "payload.bin"),
    ]
    assert [one.proof for part in image.containers for one in part.signatures] == ["verified"] * 2
    at = image.containers[1].at
    assert update(with_payload=True)[at : at + 4] == b"CrAU"


def test_other_zips_are_none() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("readme", "nothing")
    assert seen(out.getvalue()) == ()


@settings(max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=5))
def test_any_change(changes: list[tuple[int, bytes]]) -> None:
    image = update()
    end = len(image) - struct.unpack("<H", image[-2:])[0] - 2
    changed = spoilt(image, changes)
    if "verified" in proofs(changed, key()):
        assert sha256(changed[:end]).digest() == sha256(image[:end]).digest()


@settings(max_examples=80)
@given(st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"CrAU"]), st.binary(max_size=300))
def test_any_bytes(magic: bytes, rest: bytes) -> None:
    seen(magic + rest)
    seen(magic + METADATA.encode() + rest)
    seen(magic + struct.pack(">QQI", 2, 3, len(rest)) + b"abc" + rest)
