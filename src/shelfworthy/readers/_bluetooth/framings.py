"""From a packet to what it carries: something between a host and its controller, or something on the air.

Framings: the LINKTYPE pages of tcpdump.org, and where those are silent what the tools write that make such
files (Ubertooth's PPI; the nRF Sniffer's own documentation, protocol versions 0 to 3).
"""

from msgspec import Struct

from shelfworthy.readers._bluetooth.source import Packet

COMMAND, ACL, EVENT = 1, 2, 4  # of HCI's UART transport (Core Specification, volume 4, part A, section 2)
CODED = 2  # the PHY on which a coding indicator follows the access address
NORDIC_PACKETS = (2, 6)  # ids: advertising, data
PPI_BTLE = 30006
PPI_LINKS = (147, 251)  # what a PPI header of Ubertooth says it carries: "user 0", later the LE link layer
LINKS = {
    1001: "HCI",
    1002: "HCI",
    2001: "Linux monitor",
    187: "HCI",
    201: "HCI with direction",
    254: "Linux monitor",
    251: "LE link layer",
    256: "LE link layer with pseudo-header",
    192: "LE link layer in PPI",
    272: "nRF Sniffer",
    157: "nRF Sniffer, older",
}
# Opcodes of Linux's monitor: what they carry, and whether the host sent it.
MONITOR = {2: (COMMAND, True), 3: (EVENT, False), 4: (ACL, True), 5: (ACL, False)}


class Hci(Struct, frozen=True):
    """Between a host and a controller. kind: COMMAND, ACL or EVENT. sent: by the host; None: not told.
    length: before it was cut.
    """

    at: int
    kind: int
    sent: bool | None
    data: bytes
    length: int
    adapter: int = 0


class Air(Struct, frozen=True):
    """One packet on the air, whole. pdu: header and payload. sound: whether its checksum fits, None if nobody
    looked. central: whether the central sent it, None: not told.
    """

    at: int
    access: bytes
    pdu: bytes
    crc: bytes
    sound: bool | None
    central: bool | None


def carried(packet: Packet) -> Hci | Air | None:
    """What a packet carries, None if that is nothing to us."""
    data = packet.data
    match packet.link:
        case 1002:
            return _hci(packet, data[:1], data[1:], packet.length - 1, not packet.flags & 1)
        case 187:
            return _hci(packet, data[:1], data[1:], packet.length - 1, None)
        case 201:
            return _hci(packet, data[4:5], data[5:], packet.length - 5, data[3:4] != b"\x01")
        case 1001:
            kind = ACL if not packet.flags & 2 else EVENT if packet.flags & 1 else COMMAND
            return _hci(packet, bytes([kind]), data, packet.length, not packet.flags & 1)
        case 2001:
            return _monitor(packet, packet.flags >> 16, packet.flags & 0xFFFF, data, packet.length)
        case 254:
            adapter, opcode = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
            return _monitor(packet, adapter, opcode, data[4:], packet.length - 4)
        case 251:
            return _air(packet.at, data, None, None, 0)
        case 256:
            return _with_header(packet)
        case 192:
            return _ppi(packet)
        case 272 | 157:
            return _nordic(packet)
    return None


def _hci(packet: Packet, kind: bytes, data: bytes, length: int, sent: bool | None) -> Hci | None:
    match kind:
        case b"\x01":
            return Hci(packet.at, COMMAND, True, data, length)
        case b"\x02":
            return Hci(packet.at, ACL, sent, data, length)
        case b"\x04":
            return Hci(packet.at, EVENT, False, data, length)
    return None


def _monitor(packet: Packet, adapter: int, opcode: int, data: bytes, length: int) -> Hci | None:
    if opcode not in MONITOR:
        return None
    kind, sent = MONITOR[opcode]
    return Hci(packet.at, kind, sent, data, length, adapter)


def _air(at: int, data: bytes, sound: bool | None, central: bool | None, phy: int) -> Air | None:
    """Access address, header, payload and checksum (Core Specification, volume 6, part B, section 2.1)."""
    if phy == CODED:
        data = data[:4] + data[5:]
    end = 6 + data[5] if len(data) > 5 else 6
    if len(data) < end + 3:
        return None
    return Air(at, data[:4], data[4:end], data[end : end + 3], sound, central)


def _with_header(packet: Packet) -> Air | None:
    flags = int.from_bytes(packet.data[8:10], "little")
    if not flags & 1:  # still whitened
        return None
    sound = bool(flags & 0x800) if flags & 0x400 else None
    central = {2: True, 3: False}.get(flags >> 7 & 7)
    return _air(packet.at, packet.data[10:], sound, central, flags >> 14)


def _ppi(packet: Packet) -> Air | None:
    data = packet.data
    length, link = int.from_bytes(data[2:4], "little"), int.from_bytes(data[4:8], "little")
    field = int.from_bytes(data[8:10], "little") if length >= 12 else 0
    if link not in PPI_LINKS or (link != PPI_LINKS[1] and field != PPI_BTLE):
        return None
    return _air(packet.at, data[length:], None, None, 0)


def _nordic(packet: Packet) -> Air | None:
    """What is said about the packet stands at the same place in all versions; the packet follows at 17."""
    data = packet.data
    if len(data) < 17 or data[2 if data.startswith(b"\xbe\xef") else 6] not in NORDIC_PACKETS:
        return None
    flags = data[8]
    return _air(packet.at, data[17:], bool(flags & 1), bool(flags & 2), flags >> 4 & 7)
