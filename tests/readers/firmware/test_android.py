"""Android's updates, signed as a whole by signapk; payloads by a small builder."""

import io
import struct
import zipfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

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


@cache
def payload(signed: bool = True) -> bytes:
    """A list that says nothing, its signature, and data."""
    manifest = b"\x18\x80\x20"  # block_size: 4096
    private = cast(rsa.RSAPrivateKey, serialization.load_pem_private_key(identity("ota")[0], None))
    size = 3 + 3 + 256 + 5 if signed else 0
    head = b"CrAU" + struct.pack(">QQI", 2, len(manifest), size) + manifest
    made = private.sign(head, padding.PKCS1v15(), hashes.SHA256())
    one = b"\x12" + b"\x80\x02" + made + b"\x1d" + struct.pack("<I", 256)
    blob = b"\x0a" + bytes([len(one) & 0x7F | 0x80, len(one) >> 7]) + one
    assert not signed or len(blob) == size
    return head + (blob if signed else b"") + CONTENT[:9000]


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
    assert (one.format, one.whole, one.sum) == ("android-payload", True, "none")
    assert [(made.covers, made.proof) for made in one.signatures] == [("metadata", "verified")]
    assert proofs(payload()) == ["no key"]
    assert proofs(payload(), identity("other")[2]) == ["wrong"]
    assert proofs(flipped(payload(), 25), key()) == ["wrong"]
    assert seen(payload(signed=False))[0].signatures == ()
    assert not first(payload()[:200]).whole


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


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=5))
def test_any_change(changes: list[tuple[int, bytes]]) -> None:
    image = update()
    end = len(image) - struct.unpack("<H", image[-2:])[0] - 2
    changed = spoilt(image, changes)
    if "verified" in proofs(changed, key()):
        assert sha256(changed[:end]).digest() == sha256(image[:end]).digest()


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"CrAU"]), st.binary(max_size=300))
def test_any_bytes(magic: bytes, rest: bytes) -> None:
    seen(magic + rest)
    seen(magic + METADATA.encode() + rest)
    seen(magic + struct.pack(">QQI", 2, 3, len(rest)) + b"abc" + rest)
