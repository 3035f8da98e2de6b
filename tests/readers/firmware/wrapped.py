"""Content in the wrappers of the field, built by hand: HEX, UF2, DFU, DfuSe, Matter, RT-Thread, gzip."""

import struct
from hashlib import sha256
from zlib import crc32

RP2040 = 0xE48BFF56


def hex_line(kind: int, address: int, content: bytes) -> bytes:
    told = bytes([len(content)]) + struct.pack(">HB", address, kind) + content
    return b":" + (told + bytes([-sum(told) & 0xFF])).hex().upper().encode() + b"\r\n"


def intel_hex(*runs: tuple[int, bytes], end: bool = True) -> bytes:
    text, base = b"", 0
    for first, content in runs:
        for at in range(0, len(content), 16):
            address = first + at
            if address >> 16 != base:
                base = address >> 16
                text += hex_line(4, 0, struct.pack(">H", base))
            text += hex_line(0, address & 0xFFFF, content[at : at + 16])
    return text + (hex_line(5, 0, bytes(4)) + hex_line(1, 0, b"") if end else b"")


def uf2(content: bytes, family: int = RP2040, at: int = 0x1000_0000, flags: int = 0x2000) -> bytes:
    parts = [content[place : place + 256] for place in range(0, len(content), 256)]
    return b"".join(
        struct.pack(
            "<IIIIIIII476sI",
            *(0x0A324655, 0x9E5D5157, flags, at + 256 * number, len(part), number, len(parts), family),
            *(part, 0x0AB16F30),
        )
        for number, part in enumerate(parts)
    )


def dfu(content: bytes) -> bytes:
    told = content + struct.pack("<HHHH3sB", 0x0100, 0xDF11, 0x0483, 0x011A, b"UFD", 16)
    return told + struct.pack("<I", crc32(told) ^ 0xFFFFFFFF)


def dfuse(*elements: tuple[int, bytes]) -> bytes:
    held = b"".join(struct.pack("<II", address, len(content)) + content for address, content in elements)
    target = struct.pack("<6sBI255sII", b"Target", 0, 1, b"Internal Flash", len(held), len(elements)) + held
    return struct.pack("<5sBIB", b"DfuSe", 1, 11 + len(target), 1) + target


def matter(content: bytes, digest: bytes | None = None) -> bytes:
    def tagged(tag: int, kind: int, value: bytes) -> bytes:
        return bytes([0x20 | kind, tag]) + value

    digest = sha256(content).digest() if digest is None else digest
    told = b"\x15" + tagged(0, 5, struct.pack("<H", 0xFFF1)) + tagged(1, 5, struct.pack("<H", 0x8001))
    told += tagged(2, 6, struct.pack("<I", 17)) + tagged(3, 0x0C, b"\x061.7-rc")
    told += tagged(4, 6, struct.pack("<I", len(content))) + tagged(8, 4, b"\x01")
    told += tagged(9, 0x10, bytes([len(digest)]) + digest) + b"\x18"
    return struct.pack("<IQI", 0x1BEEF11E, 16 + len(told) + len(content), len(told)) + told + content


def rbl(content: bytes, method: int = 0) -> bytes:
    told = struct.pack(
        "<4sII16s24s24sIIII",
        *(b"RBL\0", method, 1_700_000_000, b"app", b"1.0.7", b"0" * 23),
        *(crc32(content), 0, len(content), len(content)),
    )
    return told + struct.pack("<I", crc32(told)) + content
