"""Put the check sums of a changed image right, format by format. What was not right before is left alone.

An image may be made to lead us astray: lengths are checked before they are used, and each walk has an end.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator
from zlib import crc32

from shelfworthy.tampering.trees import properties

MCUBOOT, MCUBOOT_SHA256 = 0x96F3B83D, 0x10
UIMAGE_HEADER, OAD_HEADER = 64, 16
LONGEST_OAD = 1 << 21  # bytes: sums of 16 bits are for small processors
POLYNOMIALS = (0x1021, 0x8005)
ESP, ESP_SEED, ESP_HEADER, ESP_SEGMENTS = 0xE9, 0xEF, 24, 16
HASHES = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64, "md5": 16}

Fix = Callable[[bytearray, bytes], list[str]]


def put_right(content: bytearray, before: bytes) -> tuple[str, tuple[str, ...]]:
    """The format, and which sums were put right in place. before: the image as it was, with right sums."""
    for name, begins, fix in FORMATS:
        if begins(before):
            try:
                return name, tuple(fix(content, before))
            except (struct.error, ValueError, IndexError):
                return "", ()  # it only begins like one
    return "", ()


def _uimage(content: bytearray, before: bytes) -> list[str]:
    """U-Boot's older images: CRC-32 of the data, then of the header with that in it."""
    (size,) = struct.unpack_from(">I", content, 12)
    if UIMAGE_HEADER + size > len(content):
        raise ValueError
    struct.pack_into(">I", content, 24, crc32(content[UIMAGE_HEADER : UIMAGE_HEADER + size]))
    struct.pack_into(">I", content, 4, 0)
    struct.pack_into(">I", content, 4, crc32(content[:UIMAGE_HEADER]))
    return ["CRC-32"]


def _fit(content: bytearray, before: bytes) -> list[str]:
    """U-Boot's FIT: the hash of each image, in a node below it."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for path, name, at, length in properties(before):
        found.setdefault(path, {})[name] = (at, length)
    put: list[str] = []
    for path, own in found.items():
        above = found.get(path.rpartition("/")[0], {})
        if "algo" not in own or "value" not in own or "data" not in above:
            continue
        at, length = own["algo"]
        algorithm = before[at : at + length].rstrip(b"\0").decode("latin-1")
        at, length = above["data"]
        data = content[at : at + length]
        at, length = own["value"]
        if algorithm in HASHES and HASHES[algorithm] == length:
            content[at : at + length] = hashlib.new(algorithm, data, usedforsecurity=False).digest()
        elif algorithm == "crc32" and length == 4:
            struct.pack_into(">I", content, at, crc32(data))
        else:
            continue  # of a kind we do not know; a signature has no `data` above it
        put.append(algorithm)
    return list(dict.fromkeys(put))


def _trx(content: bytearray, before: bytes) -> list[str]:
    """TRX: CRC-32 without its last inversion, from behind itself to the end."""
    (length,) = struct.unpack_from("<I", content, 4)
    if not 16 <= length <= len(content):
        raise ValueError
    struct.pack_into("<I", content, 8, crc32(content[12:length]) ^ 0xFFFFFFFF)
    return ["CRC-32"]


def _mcuboot(content: bytearray, before: bytes, start: int = 0) -> list[str]:
    """MCUboot: a SHA-256 over header, body and the protected list, in the list behind them."""
    _, _, header, protected, size = struct.unpack_from("<IIHHI", content, start)
    end = start + header + size + protected
    magic, length = struct.unpack_from("<HH", content, end)
    at, stop = end + 4, end + length
    if magic != 0x6907 or stop > len(content):
        raise ValueError
    while at + 4 <= stop:
        kind, long = struct.unpack_from("<HH", content, at)
        if kind == MCUBOOT_SHA256 and long == 32 and at + 36 <= stop:
            content[at + 4 : at + 36] = hashlib.sha256(content[start:end]).digest()
            return ["SHA-256"]
        at += 4 + long
    return []


def _esp(content: bytearray, before: bytes) -> list[str]:
    """Espressif: one byte over all segments, at the end of a line of 16, then a SHA-256 where one is."""
    if not 0 < content[1] <= ESP_SEGMENTS:
        raise ValueError
    at, value = ESP_HEADER, ESP_SEED
    for _ in range(content[1]):
        _, size = struct.unpack_from("<II", content, at)
        if at + 8 + size > len(content):
            raise ValueError
        for byte in content[at + 8 : at + 8 + size]:
            value ^= byte
        at += 8 + size
    place = at | 15
    content[place] = value
    if content[23] == 1:
        content[place + 1 : place + 33] = hashlib.sha256(content[: place + 1]).digest()
        return ["check sum", "SHA-256"]
    return ["check sum"]


def _oad(content: bytearray, before: bytes) -> list[str]:
    """TI: CRC of 16 bits over all but the first 4 bytes, by the polynomial that fits the image as it was."""
    inner: list[str] = []
    if before[OAD_HEADER : OAD_HEADER + 4] == struct.pack("<I", MCUBOOT):
        inner = _mcuboot(content, before, OAD_HEADER)
    for polynomial in POLYNOMIALS:
        if crc16(before[4:], polynomial) == int.from_bytes(before[:2], "little"):
            struct.pack_into("<H", content, 0, crc16(content[4:], polynomial))
            return [*inner, "CRC-16"]
    raise ValueError


def crc16(content: bytes | bytearray, polynomial: int) -> int:
    """CRC of 16 bits, begun at 0, most significant bit first."""
    table = list(_table(polynomial))
    value = 0
    for byte in content:
        value = (value << 8 & 0xFFFF) ^ table[value >> 8 ^ byte]
    return value


def _table(polynomial: int) -> Iterator[int]:
    for byte in range(256):
        value = byte << 8
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & 0x8000 else value << 1) & 0xFFFF
        yield value


def _like_oad(image: bytes) -> bool:
    """Not longer than they can be, and with TI's empty shadow of the sum."""
    return OAD_HEADER < len(image) <= LONGEST_OAD and image[2:4] == b"\xff\xff"


FORMATS: tuple[tuple[str, Callable[[bytes], bool], Fix], ...] = (
    ("u-boot-legacy", lambda image: image.startswith(b"\x27\x05\x19\x56"), _uimage),
    ("u-boot-fit", lambda image: image.startswith(b"\xd0\x0d\xfe\xed"), _fit),
    ("trx", lambda image: image.startswith(b"HDR0"), _trx),
    ("mcuboot", lambda image: image.startswith(struct.pack("<I", MCUBOOT)), _mcuboot),
    ("esp32", lambda image: image[:1] == bytes([ESP]), _esp),
    ("ti-oad", _like_oad, _oad),
)
