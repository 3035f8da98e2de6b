"""Espressif's images, which esptool makes of a small program and espsecure signs."""

import struct
from functools import cache
from hashlib import md5

from tests.readers.firmware.seeing import CODE, key, private, tool

XTENSA, RISCV = 94, 243
PROGBITS, STRINGS, ALLOCATED = 1, 3, 2
VERSION, PROJECT = b"1.0.3", b"cloudpets-cam"
# By chip: machine, and where constants and code go.
CHIPS = {
    "esp32": (XTENSA, 0x3F400020, 0x40080400),
    "esp32s3": (XTENSA, 0x3C000020, 0x40374000),
    "esp32c3": (RISCV, 0x3C000020, 0x40380000),
    "esp32p4": (RISCV, 0x40000020, 0x4FF00000),
    "esp8266": (XTENSA, 0x3FFE8000, 0x40100000),
}


def description(level: int = 0) -> bytes:
    """What an application says of itself (esp_app_desc_t)."""
    texts = (VERSION, PROJECT, b"12:00:00", b"Jun  5 2018", b"v5.2")
    return struct.pack("<II8x32s32s16s16s32s32s80x", 0xABCD5432, level, *texts, bytes(32))


def program(chip: str, constants: bytes, code: bytes = CODE) -> bytes:
    """An ELF file with two sections."""
    machine, at, entry = CHIPS[chip]
    names = b"\0.flash.rodata\0.iram0.text\0.shstrtab\0"
    parts = [(1, PROGBITS, at, constants), (15, PROGBITS, entry, code), (27, STRINGS, 0, names)]
    place, content, headers = 52, b"", bytes(40)
    for name, kind, address, held in parts:
        flags = ALLOCATED if address else 0
        headers += struct.pack("<10I", name, kind, flags, address, place, len(held), 0, 0, 4, 0)
        content, place = content + held, place + len(held)
    start = b"\x7fELF\1\1\1" + bytes(9)
    return (
        start
        + struct.pack("<HHIIIIIHHHHHH", 2, machine, 1, entry, 0, place, 0, 52, 0, 0, 40, 4, 3)
        + content
        + headers
    )


@cache
def image(chip: str = "esp32", level: int = 0, *more: str, text: bytes = b"", size: int = 6000) -> bytes:
    """Unsigned, with a check sum, and a hash where the chip has one."""
    constants = description(level) + text.ljust(256, b"\0")
    elf = {"app.elf": program(chip, constants, CODE[:size])}
    return tool(
        "esptool", "--chip", chip, "elf2image", *more, "-o", "app.bin", "app.elf", files=elf, makes="app.bin"
    )


@cache
def image_8266() -> bytes:
    """The tool makes two files of it, of which the first one is what a boot loader takes."""
    elf = {"app.elf": program("esp8266", description() + bytes(256))}
    words = ("--chip", "esp8266", "elf2image", "--version", "1", "-o", "app-", "app.elf")
    return tool("esptool", *words, files=elf, makes="app-0x00000.bin")


@cache
def signed(version: int, *kinds: str, chip: str = "esp32", level: int = 0, padded: str = "") -> bytes:
    files = {"app.bin": image(chip, level, *[padded] if padded else [])}
    words = ["sign-data", "app.bin", "--version", str(version), "--output", "signed.bin"]
    for number, kind in enumerate(kinds):
        files[f"{number}.pem"] = private(key(kind, number))
        words += ["--keyfile", f"{number}.pem"]
    return tool("espsecure", *words, files=files, makes="signed.bin")


def partitions() -> bytes:
    """A table of two, with its check sum."""
    rows = ((1, 2, 0x9000, 0x6000, b"nvs"), (0, 0, 0x10000, 0x20000, b"factory"))
    table = b"".join(struct.pack("<2sBBII16sI", b"\xaa\x50", *row, 0) for row in rows)
    return table + b"\xeb\xeb" + b"\xff" * 14 + md5(table).digest() + b"\xff" * 64


def flash(boot_at: int, boot: bytes, application: bytes) -> bytes:
    """What is merged: boot loader, table, application."""
    content = bytearray(b"\xff" * 0x10000)
    content[boot_at : boot_at + len(boot)] = boot
    content[0x8000 : 0x8000 + len(partitions())] = partitions()
    return bytes(content) + application
