"""UEFI's capsules, made by U-Boot's mkeficapsule."""

import struct
import uuid
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from shelfworthy.readers.firmware.capsule import CAPSULE
from shelfworthy.readers.firmware.keys import fingerprint, keys_of
from tests.readers.firmware.with_tools import (
    CONTENT,
    NOISE,
    cuts,
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

KIND = "09d7cf52-0720-4710-91d1-08469b7fe9c8"
VERSIONED = struct.pack("<4sIII", b"MSS1", 16, 7, 5) + CONTENT[:20_000]


@cache
def capsule(signed: bool = True, count: int = 3) -> bytes:
    has("mkeficapsule", "u-boot-tools")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        put(folder, "uefi")
        (folder / "image").write_bytes(VERSIONED)
        keys = ("-p", "uefi.key", "-c", "uefi.crt", "-m", f"{count}") if signed else ()
        run("mkeficapsule", "--guid", KIND, "--index", "1", *keys, "image", "out", cwd=folder)
        return (folder / "out").read_bytes()


def key() -> str:
    return identity("uefi")[2]


def test_unsigned() -> None:
    outer, one = seen(capsule(signed=False))
    assert (outer.format, outer.whole, outer.length) == ("uefi-capsule", True, len(capsule(signed=False)))
    assert (one.format, one.signs, one.signatures, one.opaque) == ("uefi-fmp-image", True, (), True)
    assert (one.version, one.rollback) == (f"{KIND}, version 0x00000007, not older than 0x00000005", "")


def test_signed() -> None:
    image = capsule()
    outer, one = seen(image, key())
    (made,) = one.signatures
    assert (made.scheme, made.covers, made.proof) == ("CMS, RSA", "image and count", "verified")
    assert (made.key, made.key_from) == (fingerprint(keys_of(key()).known[0]), "product file")
    assert (outer.signatures, one.rollback, one.whole) == ((), "monotonic count 3", True)
    assert one.version.endswith("version 0x00000007, not older than 0x00000005")
    (bare,) = seen(image)[1].signatures
    assert (bare.proof, bare.key_from) == ("verified", "image")
    assert proofs(image, identity("other")[2]) == ["wrong"]


def test_changed() -> None:
    image = capsule()
    start = image.index(VERSIONED)
    count = image.index(struct.pack("<Q", 3), 60)
    for at in (start, start + 12, start + 10_000, len(image) - 1, count):
        for public in ("", key()):
            assert proofs(flipped(image, at), public) == ["wrong"], at


def test_cut() -> None:
    for signed in (True, False):
        for cut in cuts(capsule(signed)):
            found = seen(cut, key())
            assert [one.whole for one in found] == [False] * len(found)
            assert not {"verified", "wrong"} & set(proofs(cut, key()))


def test_wrapped_and_in_the_child(tmp_path: Path) -> None:
    image = in_child(NOISE + capsule(), tmp_path, key())
    assert (image.containers[0].format, image.containers[0].at) == ("uefi-capsule", 1000)
    assert [one.proof for one in image.containers[1].signatures] == ["verified"]


@settings(max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=5))
def test_any_change(changes: list[tuple[int, bytes]]) -> None:
    image = spoilt(capsule(), changes)
    if "verified" in proofs(image, key()):
        assert VERSIONED in image


@settings(max_examples=80)
@given(st.binary(max_size=300), st.integers(0, 64), st.integers(0, 4))
def test_any_bytes(rest: bytes, head: int, payloads: int) -> None:
    seen(CAPSULE + rest)
    seen(CAPSULE + struct.pack("<III", 28, 0, 400) + struct.pack("<IHHQ", 1, 0, payloads, head) + rest)
    seen(CAPSULE + struct.pack("<III", 28, 0, 400) + struct.pack("<IHHQI", 1, 0, 1, 16, 3) + rest)
    assert uuid.UUID(bytes_le=CAPSULE).version == 4
