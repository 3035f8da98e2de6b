"""Headers of home routers, made by small builders; no tool of Debian makes them."""

import struct
from collections.abc import Callable, Mapping
from hashlib import md5
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.firmware.test_rauc import squashfs
from tests.readers.firmware.test_u_boot import legacy
from tests.readers.firmware.with_tools import CONTENT, NOISE, cuts, first, flipped, in_child, seen, spoilt

KERNEL = CONTENT[:30_000]
SALT = bytes.fromhex("dcd73aa5c39598fbddf9e7f40eae4738")


def trx(version: int = 1) -> bytes:
    root = squashfs()
    parts = [28, 28 + len(KERNEL), 0] if version == 1 else [32, 32 + len(KERNEL), 0, 0]
    rest = struct.pack("<HH", 0, version) + struct.pack(f"<{len(parts)}I", *parts) + KERNEL + root
    return b"HDR0" + struct.pack("<II", len(rest) + 12, crc32(rest) ^ 0xFFFFFFFF) + rest


def linksys() -> bytes:
    return b"W54G" + bytes(4) + bytes([6, 1, 2, 4, 20, 6]) + b"U2ND" + bytes(14) + trx()


def netgear_sum(content: bytes) -> int:
    """Byte by byte, as the makers' own do."""
    low = high = 0
    for byte in content:
        low = (low + byte) & 0xFFFFFFFF
        high = (high + low) & 0xFFFFFFFF
    low, high = ((one & 65535) + (one >> 16) for one in (low, high))
    low, high = (((one >> 16) + one) & 65535 for one in (low, high))
    return high << 16 | low


def chk() -> bytes:
    kernel, root, board = trx(), b"", b"U12H072T00_NETGEAR"
    sizes = struct.pack(">IIIII", netgear_sum(kernel), 0, len(kernel), len(root), netgear_sum(kernel + root))
    head = (
        b"\x2a\x23\x24\x5e" + struct.pack(">I", 40 + len(board)) + bytes([1, 1, 0, 2, 80, 60, 0, 93]) + sizes
    )
    made = netgear_sum(head + bytes(4) + board)
    return head + struct.pack(">I", made) + board + kernel + root


def seama() -> bytes:
    magic, meta = b"\x5e\xa3\xa4\x17", b"signature=wrgn22_dlwbr_dir615h\0\0"
    outer = magic + struct.pack(">HHI", 0, len(meta), 0) + meta
    entity = b"dev=/dev/mtdblock/2\0"
    image = legacy()
    return (
        outer + magic + struct.pack(">HHI", 0, len(entity), len(image)) + md5(image).digest() + entity + image
    )


def tp_link(free: bytes = b"\xff") -> bytes:
    root = squashfs()
    length = 512 + len(KERNEL) + len(root)
    head = struct.pack(">I24s36sIII", 0x01000000, b"TP-LINK Technologies", b"ver. 1.0", 0x8410000, 1, 0)
    sizes = struct.pack(">5I", length, 512, len(KERNEL), 512 + len(KERNEL), len(root))
    tail = bytes(4) + bytes(16) + b"\xff" * 4 + bytes(8) + sizes + bytes(8) + bytes([0, 3, 0, 9, 0, 1])
    made = (head + SALT + tail).ljust(512, free) + KERNEL + root
    return made[:0x4C] + md5(made).digest() + made[0x5C:]


MADE: Mapping[str, tuple[Callable[[], bytes], str, list[str]]] = {
    "trx": (trx, "CRC-32", ["trx", "squashfs"]),
    "linksys-code": (linksys, "", ["linksys-code", "trx", "squashfs"]),
    "netgear-chk": (chk, "Netgear's sum", ["netgear-chk", "trx", "squashfs"]),
    "seama": (seama, "MD5", ["seama", "u-boot-legacy"]),
    "tp-link-v1": (tp_link, "MD5 with a known salt", ["tp-link-v1", "squashfs"]),
}
SUMMED = [name for name, (_, by, _) in MADE.items() if by]
names = pytest.mark.parametrize("name", MADE)


@names
def test_whole(name: str) -> None:
    build, by, formats = MADE[name]
    found = seen(build())
    assert [one.format for one in found] == formats
    one = found[0]
    assert (one.sum, one.sum_by) == ("right" if by else "none", by)
    assert (one.whole, one.signs, one.signatures, one.encrypted) == (True, False, (), "no")
    assert not one.opaque
    assert one.length == len(build())


@pytest.mark.parametrize("name", SUMMED)
def test_changed(name: str) -> None:
    image = MADE[name][0]()
    for at in (len(image) - 60_000, len(image) - 5000, len(image) - 1):
        assert first(flipped(image, at)).sum == "wrong"


@names
def test_cut(name: str) -> None:
    for cut in cuts(MADE[name][0]()):
        for one in seen(cut):
            assert one.format != name or not one.whole
            assert one.format == "u-boot-legacy" or one.sum in ("not computed", "none")


@pytest.mark.parametrize("name", SUMMED)
def test_wrapped_and_in_the_child(name: str, tmp_path: Path) -> None:
    image = in_child(NOISE + MADE[name][0](), tmp_path)
    assert [one.format for one in image.containers] == MADE[name][2]
    assert (image.containers[0].at, image.containers[0].sum) == (1000, "right")


def test_what_the_headers_say() -> None:
    assert first(linksys()).version == "W54G 4.20.6"
    assert first(chk()).version == "U12H072T00_NETGEAR 1.0.2.80.60.0.93"
    assert [one.part for one in seen(seama())] == ["", "dev=/dev/mtdblock/2"]
    assert seen(trx(version=2))[1].part == "part 1"
    assert first(tp_link(free=b"\x5a")).opaque  # what lies there may be a signature


@settings(max_examples=80)
@given(
    name=st.sampled_from(sorted(MADE)),
    changes=st.lists(st.tuples(st.integers(0, 600), st.binary(min_size=1, max_size=4)), max_size=5),
)
def test_any_change(name: str, changes: list[tuple[int, bytes]]) -> None:
    seen(spoilt(MADE[name][0](), changes))


@settings(max_examples=80)
@given(
    st.sampled_from(
        [
            b"HDR0",
            b"\x2a\x23\x24\x5e",
            b"\x5e\xa3\xa4\x17",
            b"\x01\0\0\0TP-LINK Technologies",
            bytes(14) + b"U2ND",
        ]
    ),
    st.binary(max_size=600),
)
def test_any_bytes(magic: bytes, rest: bytes) -> None:
    seen(magic + rest)
    seen((magic + rest) * 5)


def ubi(blocks: int = 4, size: int = 1 << 14) -> bytes:
    made = bytearray()
    for number in range(blocks):
        head = b"UBI#" + bytes([1, 0, 0, 0]) + struct.pack(">QIII", 1, 64, 128, 77) + bytes(32)
        made += (head + struct.pack(">I", crc32(head) ^ 0xFFFFFFFF)).ljust(128, b"\xff")
        made += CONTENT[number : number + size - 128]
    return bytes(made)


def test_ubi() -> None:
    (one,) = seen(ubi())
    assert (one.format, one.sum, one.whole, one.signs, one.opaque) == ("ubi", "right", True, False, True)
    assert one.length == len(ubi())
    assert first(flipped(ubi(), 30)).sum == "wrong"
    assert not first(ubi()[:-1]).whole
    assert first(NOISE + ubi()).at == 1000
