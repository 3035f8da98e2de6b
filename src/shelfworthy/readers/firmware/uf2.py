"""UF2 (Microsoft): blocks of 512 bytes, each with the address its bytes go to, as a USB disk takes them."""

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.intel_hex import MOST, add
from shelfworthy.readers.firmware.keys import Keys

MAGIC, SECOND, LAST = b"UF2\n", 0x9E5D5157, 0x0AB16F30
BLOCK, ROOM = 512, 476
NOT_FLASH, HAS_FAMILY = 0x0001, 0x2000  # flags
MOST_BLOCKS, MOST_NAMED = 1 << 17, 8
FAMILIES = {
    0xE48BFF56: "RP2040",
    0xE48BFF59: "RP2350, Arm, secure",
    0xADA52840: "nRF52840",
    0x1C5F21B0: "ESP32",
    0xBFDD4EEE: "ESP32-S2",
    0xC47E5767: "ESP32-S3",
    0x68ED2B88: "SAMD21",
    0x55114460: "SAMD51",
}


class Block(Record, frozen=True):
    """One block. family: 0 where it names none."""

    flags: int
    address: int
    number: int
    count: int
    family: int
    content: bytes


def parse(view: View, keys: Keys) -> Parsed:
    """All blocks in a row; a file may have those of several families."""
    blocks: list[Block] = []
    try:
        while len(blocks) < MOST_BLOCKS:
            blocks.append(block(view, len(blocks) * BLOCK))
    except NotThis:
        if not blocks:
            raise
    promised: dict[int, int] = {}
    there: set[tuple[int, int]] = set()
    runs: list[tuple[int, bytearray]] = []
    family = blocks[0].family
    for one in blocks:
        promised.setdefault(one.family, one.count)
        there.add((one.family, one.number))
        if one.flags & NOT_FLASH:
            continue
        if one.family != family:
            runs.append((one.address, bytearray()))
            family = one.family
        add(runs, one.address, one.content)
    missing = max(0, sum(promised.values()) - len(there))
    return Parsed(
        length=(len(blocks) + missing) * BLOCK,
        opaque=True,
        version="; ".join(named(number) for number in list(promised)[:MOST_NAMED]),
        whole=not missing,
        inside=tuple(
            Inside(f"0x{address:08x}", -1, View(memoryview(content)), searched=True)
            for address, content in runs[:MOST]
        ),
    )


def block(view: View, at: int) -> Block:
    """One block. Raises NotThis where there is none."""
    first, second, flags, address, size, number, count, family = view.numbers("<4sIIIIIII", at)
    if first != MAGIC or second != SECOND or view.number("<I", at + BLOCK - 4) != LAST:
        raise NotThis
    if size > ROOM or number >= count or count > MOST_BLOCKS:
        raise NotThis
    named_family = family if flags & HAS_FAMILY else 0
    return Block(flags, address, number, count, named_family, view.take(at + 32, size))


def named(family: int) -> str:
    """A family in words."""
    if not family:
        return "no family"
    return f"family 0x{family:08x}" + (f" ({FAMILIES[family]})" if family in FAMILIES else "")


UF2 = Format(name="uf2", starts=((0, MAGIC),), parse=parse)
