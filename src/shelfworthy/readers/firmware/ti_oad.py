"""Images of Texas Instruments' over-the-air download for the CC254x, as the story's toy takes them.

A header of 16 bytes: check sum, its shadow, version, length in words of four bytes, who made it, and four
that are free. There is no mark to begin with, so bytes count as one only where all of these have a form that
they may have. Nothing in the format can sign.
"""

from binascii import crc_hqx

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

MAKERS = (b"AAAA", b"BBBB", b"EEEE", b"PPPP")  # TI's own: either bank, external and production images
SHADOW, FREE = b"\xff\xff", b"\xff\xff\xff\xff"
LONGEST = 1 << 18  # bytes; the length is of 16 bits and counts words
SHORTEST = 64
HEADER = 16
STARTS = tuple((8, maker) for maker in MAKERS)


def parse(view: View, keys: Keys) -> Parsed:
    """One image. TI's tools and its radio's own unit take different polynomials; so did makers."""
    crc, shadow, version, words = view.numbers("<H2sHH", 0)
    length = words * 4
    if shadow != SHADOW or view.take(12, 4) != FREE or not SHORTEST <= length <= LONGEST:
        raise NotThis
    whole = length <= len(view)
    by = summed(view.take(4, length - 4), crc) if whole else ""
    return Parsed(
        length=length,
        sum=("right" if by else "wrong") if whole else "not computed",
        sum_by=by or "CRC-16",
        version=f"{version >> 1}, bank {'AB'[version & 1]}",
        whole=whole,
        inside=(Inside("body", HEADER, view.slice(HEADER, length - HEADER)),),
    )


def summed(content: bytes, crc: int) -> str:
    """By what polynomial and start the check sum is right; "" if by none we know."""
    for start in (0, 0xFFFF):
        if crc_hqx(content, start) == crc:
            return f"CRC-16, polynomial 1021, start {start:04X}"
        if crc_8005(content, start) == crc:
            return f"CRC-16, polynomial 8005, start {start:04X}"
    return ""


def crc_8005(content: bytes, crc: int) -> int:
    """The check sum of the radio's own unit, most significant bit first."""
    for byte in content:
        crc = (crc << 8 & 0xFFFF) ^ TABLE[crc >> 8 ^ byte]
    return crc


def _entry(number: int) -> int:
    crc = number << 8
    for _ in range(8):
        crc = (crc << 1 ^ 0x8005 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


TABLE = tuple(_entry(number) for number in range(256))
TI_OAD = Format(name="ti-oad", starts=STARTS, parse=parse)
