"""Espressif's images, of the ESP8266 and the ESP32 family: a header, segments, a check sum, perhaps a hash.

One byte is all they begin with, so bytes count as one only where everything in header and segments is as it
may be. An image that flash encryption has gone over has none of this, and is not recognised.
"""

from hashlib import sha256

from shelfworthy.model import Record
from shelfworthy.readers.firmware.esp_signatures import arduino, blocks, trailer
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

MAGIC, SECOND = b"\xe9", b"\xea\x04"  # the latter of the ESP8266's later boot loaders
CHIPS = {
    0: "ESP32", 2: "ESP32-S2", 5: "ESP32-C3", 9: "ESP32-S3", 12: "ESP32-C2", 13: "ESP32-C6", 16: "ESP32-H2",
    18: "ESP32-P4", 20: "ESP32-C61", 23: "ESP32-C5", 25: "ESP32-H21", 28: "ESP32-H4", 31: "ESP32-E22",
    32: "ESP32-S31",
}  # fmt: skip
MOST, LONGEST = 16, 1 << 24  # segments; bytes of one
MODES = (*range(6), 0xFF)  # of the flash
MEMORY = range(0x3000_0000, 0x6010_0000)  # of the ESP32 family: where segments and code are
MEMORY_8266 = range(0x3FFE_8000, 0x4030_0000)
START = 0xEF  # of the check sum
DESCRIBED = 0xABCD5432  # what the description of an application begins with
BOOT = 0x1000  # where the application lies behind the boot loader that Arduino puts before it
NAMES = (("Tasmota", b"Tasmota"), ("ESPHome", b"ESPHome"), ("Tuya", b"tuya"))


class Body(Record, frozen=True):
    """The segments. first: where the content of the first one is. end: behind the check sum, and the hash."""

    first: int
    end: int
    right: bool


def esp32(view: View, keys: Keys) -> Parsed:
    """An image of the ESP32 family."""
    segments, entry = header(view)
    chip, reserved, hashed = view.numbers("<H10xB", 12)[0], view.take(19, 4), view.take(23, 1)[0]
    if chip not in CHIPS or any(reserved) or hashed > 1 or entry not in MEMORY:
        raise NotThis
    try:
        body = walked(view, 24, segments, MEMORY)
    except Cut as cut:
        return Parsed(length=cut.end, signs=True, opaque=True, version=f"({CHIPS[chip]})", whole=False)
    end, right = body.end, body.right
    if hashed:
        if end + 32 > len(view):
            return Parsed(length=end + 32, signs=True, opaque=True, version=f"({CHIPS[chip]})", whole=False)
        right &= sha256(view.content[:end]).digest() == view.take(end, 32)
        end += 32
    version, rollback = described(view, body, CHIPS[chip])
    signatures, length = blocks(view, end, keys)
    if not signatures and length == end:
        signatures, length = trailer(view, end, keys)
    return Parsed(
        length=length,
        sum="right" if right else "wrong",
        sum_by="check sum of a byte" + (" and SHA-256" if hashed else ""),
        signs=True,
        signatures=signatures,
        opaque=not signatures and unknown_behind(view, length),
        version=version,
        rollback=rollback,
    )


def esp8266(view: View, keys: Keys) -> Parsed:
    """An image of the ESP8266, or Arduino's boot loader and the image behind it."""
    at = 0
    if view.take(0, 2) == SECOND:  # code that stays in flash comes first, in a segment of its own
        address, size = view.numbers("<II", 8)
        at = 16 + size
        if address or size > LONGEST:
            raise NotThis
        if at + 8 > len(view):
            return Parsed(length=at + 8, signs=True, opaque=True, whole=False)
    segments, entry = header(view.slice(at, 8))
    if entry not in range(0x4000_0000, 0x4030_0000):
        raise NotThis
    try:
        body = walked(view, at + 8, segments, MEMORY_8266)
    except Cut as cut:
        return Parsed(length=cut.end, signs=True, opaque=True, whole=False)
    end = body.end + 4 if at else body.end  # and a CRC-32
    signatures, length = arduino(view, end, keys)
    inside: tuple[Inside, ...] = ()
    if end <= BOOT and bytes(view.slice(BOOT, 1).content) == MAGIC:
        last = signatures[0].at if signatures else len(view)
        inside, length = (Inside("application", BOOT, view.slice(BOOT, last - BOOT)),), len(view)
    return Parsed(
        length=length,
        sum="right" if body.right else "wrong",
        sum_by="check sum of a byte",
        signs=True,
        signatures=signatures,
        opaque=not signatures and unknown_behind(view, length),
        version=described(view, body, "ESP8266")[0],
        inside=inside,
    )


class Cut(Exception):
    """The file ends within a segment. end: where the segment would."""

    def __init__(self, end: int) -> None:
        super().__init__(end)
        self.end = end


def header(view: View) -> tuple[int, int]:
    """How many segments there are, and where code begins."""
    magic, segments, mode, _, entry = view.numbers("<cBBBI", 0)
    if magic != MAGIC or not 1 <= segments <= MOST or mode not in MODES:
        raise NotThis
    return segments, entry


def walked(view: View, at: int, segments: int, memory: range) -> Body:
    """All segments. Raises NotThis where one is of no form it may have, Cut where the file ends in one."""
    first, check = at + 8, START
    for number in range(segments):
        if at + 8 > len(view) and number:
            raise Cut(at + 8)
        address, size = view.numbers("<II", at)
        padding = address == 0 and number  # to where a signature goes
        if (address not in memory and not padding) or not 0 < size <= LONGEST or size % 4:
            raise NotThis
        at += 8 + size
        if at > len(view):
            raise Cut(at)
        check ^= xored(view.take(at - size, size))
    end = at + 16 - at % 16
    if end > len(view):
        raise Cut(end)
    return Body(first, end, view.take(end - 1, 1)[0] == check)


def unknown_behind(view: View, at: int) -> bool:
    """Whether something else than erased flash follows, which may be a signature of the maker's own."""
    return bool(bytes(view.content[at:]).strip(b"\xff\0"))


def xored(content: bytes) -> int:
    """All bytes on one another: halves of it, again and again."""
    number, length = int.from_bytes(content, "little"), len(content)
    while length > 1:
        length = (length + 1) // 2
        number = number >> 8 * length ^ number & (1 << 8 * length) - 1
    return number


def described(view: View, body: Body, chip: str) -> tuple[str, str]:
    """Version, and what keeps an older image out: from the description of an application, if it has one."""
    version, project, rollback = "", "", ""
    if body.first + 256 <= len(view) and view.number("<I", body.first) == DESCRIBED:
        level = view.number("<I", body.first + 4)
        version, project = words(view.take(body.first + 16, 32)), words(view.take(body.first + 48, 32))
        rollback = f"secure version {level}" if level else ""
    content = bytes(view.content[: body.end])
    names = [name for name, mark in NAMES if mark in content and name.lower() not in project.lower()]
    about = ", ".join(filter(None, (project, *names, chip)))
    return f"{version} ({about})".strip(), rollback


def words(content: bytes) -> str:
    """A text with a zero behind it."""
    return content.split(b"\0")[0].decode("utf-8", "replace")


ESP32 = Format(name="esp32", starts=((0, MAGIC),), parse=esp32)
ESP8266 = Format(name="esp8266", starts=((0, MAGIC), (0, SECOND)), parse=esp8266)
