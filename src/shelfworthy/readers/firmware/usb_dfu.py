"""What USB's device firmware upgrade puts around firmware: a suffix with a CRC-32, and ST's DfuSe prefix."""

from zlib import crc32

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys

SUFFIX = 16
VERSIONS = (0x0100, 0x0101, 0x0110, 0x011A)  # of the specification, in the suffix
PREFIX, TARGET, TARGET_PREFIX, ELEMENT = 11, b"Target", 274, 8
MOST = 64  # elements


def suffix(view: View, keys: Keys) -> Parsed:
    """A file that ends in a suffix. It is told by its end, so what is cut off has none."""
    end = len(view) - SUFFIX
    device, product, vendor, version, mark, length, crc = view.numbers("<HHHH3sBI", end)
    if mark != b"UFD" or length != SUFFIX or version not in VERSIONS:
        raise NotThis
    made = crc32(view.content[:-4]) ^ 0xFFFFFFFF
    return Parsed(
        length=len(view),
        sum="right" if made == crc else "wrong",
        sum_by="CRC-32",
        opaque=True,
        version=f"device 0x{device:04x} (vendor 0x{vendor:04x}, product 0x{product:04x})",
        inside=(Inside("", 0, view.slice(0, end), searched=True),),
    )


def dfuse(view: View, keys: Keys) -> Parsed:
    """A prefix, and targets with elements that go to an address each."""
    version, length, targets = view.numbers("<BIB", 5)
    if version != 1 or length < PREFIX:
        raise NotThis
    inside: list[Inside] = []
    at = PREFIX
    try:
        for _ in range(targets):
            mark, _, named, name, _, count = view.numbers("<6sBI255sII", at)
            if mark != TARGET:
                break
            at += TARGET_PREFIX
            words = name.split(b"\0")[0].decode("ascii", "replace") if named else ""
            for _ in range(min(count, MOST - len(inside))):
                address, size = view.numbers("<II", at)
                part = f"{words} 0x{address:08x}".strip()
                inside.append(Inside(part, at + ELEMENT, view.slice(at + ELEMENT, size), searched=True))
                at += ELEMENT + size
    except NotThis:
        pass  # this is where it is cut off
    return Parsed(length=length, opaque=True, inside=tuple(inside))


DFU_SUFFIX = Format(name="dfu-suffix", starts=((0, b""),), parse=suffix)
DFUSE = Format(name="dfuse", starts=((0, b"DfuSe"),), parse=dfuse)
