"""btsnoop, pcap and pcapng: which one a file is, and its packets.

btsnoop: RFC 1761 with the data links of Symbian and BlueZ (`monitor/btsnoop.h`). pcap and pcapng:
draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
"""

import struct
from collections.abc import Iterator

from shelfworthy.readers._bluetooth.source import Broken, Packet, Source

BTSNOOP = b"btsnoop\0"
# By the first four bytes of a pcap file: byte order, and how much of a microsecond its fractions count.
PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1),
    b"\xa1\xb2\xc3\xd4": (">", 1),
    b"\x4d\x3c\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\x3c\x4d": (">", 1000),
}
SECTION, INTERFACE, SIMPLE, ENHANCED = 0x0A0D0D0A, 1, 3, 6  # types of blocks
ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
RESOLUTION = 9  # option if_tsresol
MOST_INTERFACES = 256
SECOND = 1_000_000  # microseconds
OTHERS = {
    b"PK\x03\x04": "a ZIP archive: take the recording out of it",
    b"\x1f\x8b": "packed with gzip: unpack it",
}


def recognised(source: Source) -> tuple[str, Iterator[Packet]]:
    """What the file is, and its packets. Raises Broken, also while they are read."""
    start = source.take(4)
    if start in PCAP:
        return "pcap", _pcap(source, *PCAP[start])
    if start == SECTION.to_bytes(4, "big"):
        return "pcapng", _pcapng(source)
    if start == BTSNOOP[:4] and source.take(4) == BTSNOOP[4:]:
        return "btsnoop", _btsnoop(source)
    other = next((words for magic, words in OTHERS.items() if start.startswith(magic)), "")
    raise Broken(f"it is {other}" if other else "it begins neither like btsnoop nor like pcap or pcapng")


def _btsnoop(source: Source) -> Iterator[Packet]:
    version, link = struct.unpack(">II", source.take(8))
    if version != 1:
        raise Broken(f"it is btsnoop of version {version}, and only version 1 is known")
    before = 0
    while head := source.head(24):
        length, kept, flags, lost, at = struct.unpack(">IIIIq", head)
        yield Packet(link, at, source.kept(kept), max(length, kept), flags, lost > before)
        before = lost


def _pcap(source: Source, order: str, fraction: int) -> Iterator[Packet]:
    (link,) = struct.unpack(f"{order}16xI", source.take(20))
    link &= 0x03FF_FFFF  # above that stands how long a checksum of the frame is
    fields = struct.Struct(f"{order}IIII")
    while head := source.head(16):
        seconds, part, kept, length = fields.unpack(head)
        yield Packet(link, seconds * SECOND + part // fraction, source.kept(kept), max(length, kept))


def _pcapng(source: Source) -> Iterator[Packet]:
    """Blocks: type, length, content, length again. The first four bytes of the first are read already."""
    order, interfaces = "<", list[tuple[int, int]]()
    kind = SECTION.to_bytes(4, "little")
    while kind:
        began = source.at - 4
        said = source.take(4)
        if int.from_bytes(kind, "little") == SECTION:  # the same in either order
            magic = source.take(4)
            if magic not in ORDERS:
                raise Broken(f"the section at byte {began} has no byte order")
            order, interfaces = ORDERS[magic], []
        (of,), (length,) = struct.unpack(f"{order}I", kind), struct.unpack(f"{order}I", said)
        left = began + length - source.at - 4
        if length % 4 or left < 0:
            raise Broken(f"the block at byte {began} says that it has {length} bytes")
        if of == ENHANCED:
            yield _enhanced(source, source.kept(left), order, interfaces, began)
        elif of == SIMPLE and interfaces:
            content = source.kept(left)
            (size,) = struct.unpack(f"{order}I", content[:4].ljust(4, b"\0"))
            yield Packet(interfaces[0][0], 0, content[4 : 4 + size], size)
        elif of == INTERFACE and left <= 1 << 16 and len(interfaces) < MOST_INTERFACES:
            interfaces.append(_interface(source.take(left), order, began))
        elif of in (SIMPLE, INTERFACE):
            raise Broken(f"the block at byte {began} does not belong there")
        else:
            source.skip(left)
        if source.take(4) != said:
            raise Broken(f"the block at byte {began} does not end where it says")
        kind = source.head(4)


def _enhanced(
    source: Source, content: bytes, order: str, interfaces: list[tuple[int, int]], began: int
) -> Packet:
    if len(content) < 20:
        raise Broken(f"the packet at byte {began} is too short to be one")
    which, high, low, kept, length = struct.unpack(f"{order}IIIII", content[:20])
    if which >= len(interfaces):
        raise Broken(f"the packet at byte {began} is of interface {which}, which was not described")
    if kept > len(content) - 20:
        raise Broken(f"the packet at byte {began} says that it has {kept} bytes")
    link, ticks = interfaces[which]
    at = (high << 32 | low) * SECOND // ticks
    return Packet(link, at, content[20 : 20 + kept], max(length, kept))


def _interface(content: bytes, order: str, began: int) -> tuple[int, int]:
    """Link type, and ticks of its clock in a second."""
    if len(content) < 8:
        raise Broken(f"the interface at byte {began} is too short to be one")
    (link,) = struct.unpack(f"{order}H", content[:2])
    at, ticks = 8, SECOND
    while at + 4 <= len(content):
        code, size = struct.unpack(f"{order}HH", content[at : at + 4])
        if code == RESOLUTION and size == 1 and at + 4 < len(content):
            exponent = content[at + 4]
            ticks = 1 << (exponent & 0x7F) if exponent & 0x80 else 10 ** min(exponent, 38)
        at += 4 + size + -size % 4
    return link, ticks
