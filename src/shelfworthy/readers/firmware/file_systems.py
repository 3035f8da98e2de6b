"""File systems that lie in images as they are. Nothing in them can sign; their files are not looked at here.

SquashFS says how long it is; UBI is as long as erase blocks follow each other. UBI's volumes may be wrapped
again, and are cut up into those blocks.
"""

from zlib import crc32

from shelfworthy.readers.firmware.format import Format, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

LITTLE, BIG = b"hsqs", b"sqsh"
USED = {4: "Q", 3: "Q", 2: "I"}  # major version: how the length is written
USED_AT = {4: 40, 3: 63, 2: 8}
PACKED = {1: "gzip", 2: "lzma", 3: "lzo", 4: "xz", 5: "lz4", 6: "zstd"}
UBI_MAGIC = b"UBI#"
UBI_HEADER = 64
SMALLEST_BLOCK, LARGEST_BLOCK = 1 << 12, 1 << 23
MOST_BLOCKS = 1 << 16


def squashfs(view: View, keys: Keys) -> Parsed:
    """One SquashFS, of version 2, 3 or 4."""
    order = "<" if view.take(0, 4) == LITTLE else ">"
    major, minor = view.numbers(order + "HH", 28)
    if major not in USED or minor > 1:
        raise NotThis
    length = view.number(order + USED[major], USED_AT[major])
    log = view.number(order + "H", 34 if major < 4 else 22)
    if not 12 <= log <= 20 or (major == 4 and view.number(order + "I", 12) != 1 << log) or length < 96:
        raise NotThis
    packed = PACKED.get(view.number(order + "H", 20), "") if major == 4 else ""
    return Parsed(length=length, version=" ".join(filter(None, (f"{major}.{minor}", packed))))


def ubi(view: View, keys: Keys) -> Parsed:
    """Erase blocks from one on; its size is how far it is to the next."""
    version, volume, data = view.number("B", 4), *view.numbers(">II", 16)
    if version != 1 or not UBI_HEADER <= volume < data < LARGEST_BLOCK:
        raise NotThis
    found = bytes(view.slice(0, LARGEST_BLOCK + 4).content).find(UBI_MAGIC, SMALLEST_BLOCK)
    size = found if found > 0 else len(view)
    blocks, right = 0, True
    while blocks < MOST_BLOCKS and (header := view.slice(blocks * size, UBI_HEADER).content)[:4] == UBI_MAGIC:
        right &= len(header) == UBI_HEADER and crc32(header[:60]) ^ 0xFFFFFFFF == int.from_bytes(header[60:])
        blocks += 1
    return Parsed(
        length=blocks * size,
        sum="right" if right else "wrong",
        sum_by="CRC-32 of its headers",
        opaque=True,
        whole=found > 0 and blocks * size <= len(view),
    )


SQUASHFS = Format(name="squashfs", starts=((0, LITTLE), (0, BIG)), parse=squashfs, searched=True)
UBI = Format(name="ubi", starts=((0, UBI_MAGIC),), parse=ubi, searched=True)
