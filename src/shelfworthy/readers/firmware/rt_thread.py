"""RT-Thread's update packages ("RBL"), which Tuya's modules with Beken's chips take among others.

A header with check sums, and content that may be packed and encrypted with a key all devices have. Nothing
in it can sign.
"""

from zlib import crc32

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

MAGIC = b"RBL\0"
HEADER = "<4sII16s24s24sIIIII"
LENGTH = 96
CRYPT, PACK = 0x00FF, 0xFF00  # of the method: how it is encrypted, and packed
CRYPTED, PACKED = range(3), (0x000, 0x100, 0x200, 0x300)
ENCRYPTED = 2  # AES-256; 1 is XOR, which hides nothing


def parse(view: View, keys: Keys) -> Parsed:
    """One package. Its header has a check sum of its own, and is none if that is wrong."""
    _, method, _, name, version, _, crc, _, _, size, own = view.numbers(HEADER, 0)
    if crc32(view.take(0, LENGTH - 4)) != own or method & CRYPT not in CRYPTED or method & PACK not in PACKED:
        raise NotThis
    content = view.slice(LENGTH, size)
    whole = len(content) == size
    plain = method == 0
    words = [one.split(b"\0")[0].decode("utf-8", "replace") for one in (version, name)]
    return Parsed(
        length=LENGTH + size,
        sum=("right" if crc32(content.content) == crc else "wrong") if whole else "not computed",
        sum_by="CRC-32",
        encrypted="yes" if method & CRYPT == ENCRYPTED else "no",
        opaque=True,
        version=f"{words[0]} ({words[1]})",
        inside=(Inside("content", LENGTH, content, searched=True),) if plain else (),
    )


RT_THREAD = Format(name="rt-thread-ota", starts=((0, MAGIC),), parse=parse, searched=True)
