"""gzip around firmware, as Tasmota's updates for the ESP8266 are. Unpacked within bounds."""

import zlib

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

MAGIC = b"\x1f\x8b\x08"
LONGEST = 32 << 20  # bytes it may unpack to
STEP = 1 << 14  # bytes that are unpacked at a time; what comes before an error in them counts
CHECKED, EXTRA, NAME, COMMENT, UNUSED = 0x02, 0x04, 0x08, 0x10, 0xE0  # flags
LONGEST_TEXT = 1024


def parse(view: View, keys: Keys) -> Parsed:
    """One member. What is cut off, or more than we unpack, is looked into as far as it goes."""
    (flags,) = view.take(3, 1)
    if flags & UNUSED:
        raise NotThis
    at = 10
    if flags & EXTRA:
        at += 2 + view.number("<H", at)
    for flag in (NAME, COMMENT):
        if flags & flag:
            at += text(view, at)
    at += 2 if flags & CHECKED else 0
    content, rest = inflated(view.slice(at, len(view)))
    end = len(view) - (rest or 0)
    whole = rest is not None and end + 8 <= len(view)
    right = whole and view.numbers("<II", end) == (zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return Parsed(
        length=end + 8 if rest is not None else len(view) + 1,
        sum=("right" if right else "wrong") if whole else "not computed",
        sum_by="CRC-32",
        opaque=True,
        whole=whole,
        inside=(Inside("", -1, View(content), searched=True),),
    )


def inflated(packed: View) -> tuple[bytes, int | None]:
    """What it unpacks to, and how many bytes come behind; None where it does not come to its end."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    content = bytearray()
    for at in range(0, len(packed), STEP):
        try:
            content += stream.decompress(packed.slice(at, STEP).content, LONGEST - len(content))
        except zlib.error:
            break
        if stream.eof:
            return bytes(content), len(packed) - min(at + STEP, len(packed)) + len(stream.unused_data)
        if len(content) >= LONGEST:
            break
    if not content:
        raise NotThis
    return bytes(content), None


def text(view: View, at: int) -> int:
    """How long a text is, with the zero at its end. Raises NotThis."""
    found = bytes(view.slice(at, LONGEST_TEXT).content).find(0)
    if found < 0:
        raise NotThis
    return found + 1


GZIP = Format(name="gzip", starts=((0, MAGIC),), parse=parse)
