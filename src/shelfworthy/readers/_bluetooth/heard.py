"""Advertisements, as a host was told of them or as they were on the air.

Core Specification, volume 4, part E, sections 7.7.65.2 and 7.7.65.13; volume 6, part B, section 2.3.
"""

from collections.abc import Iterator

from msgspec import Struct

from shelfworthy.readers._bluetooth.framings import EVENT, Air, Hci

ADVERTISING = bytes.fromhex("d6be898e")  # the access address of all advertising, least byte first
LE_META, REPORT, EXTENDED_REPORT = 0x3E, 0x02, 0x0D
ADV_IND, ADV_DIRECT, ADV_NONCONN, SCAN_REQUEST, SCAN_RESPONSE, CONNECT, ADV_SCAN, EXTENDED = range(8)
CONNECTABLE_BIT, RANDOM_BIT = 0x40, 0x40
ANONYMOUS = 0xFF


class Heard(Struct, frozen=True):
    """One advertisement. address: least byte first. resolved: our own controller knew whose it is, and told
    that in place of the address on the air. answer: to a scan.
    """

    at: int
    address: bytes
    random: bool
    resolved: bool
    connectable: bool
    answer: bool
    data: bytes


class Reports:
    """Advertisements from what a controller reports; long ones come in pieces, one behind the other."""

    def __init__(self) -> None:
        self._piece = (b"", b"")

    def of(self, packet: Hci) -> Iterator[Heard]:
        """Those in one event, as far as they are whole."""
        data = packet.data
        if packet.kind != EVENT or len(data) < 4 or data[0] != LE_META:
            return
        if data[2] == REPORT:
            yield from _reports(packet.at, data)
        elif data[2] == EXTENDED_REPORT:
            yield from self._extended(packet.at, data)

    def _extended(self, when: int, data: bytes) -> Iterator[Heard]:
        at = 4
        for _ in range(data[3]):
            head = data[at : at + 24]
            if len(head) < 24 or at + 24 + head[23] > len(data):
                return
            kind, of, address = int.from_bytes(head[:2], "little"), head[2], head[3:9]
            content = data[at + 24 : at + 24 + head[23]]
            at += 24 + head[23]
            begun, before = self._piece
            whole = (before if begun == address else b"") + content
            self._piece = (b"", b"")
            state = kind >> 5 & 3
            if state == 1 and len(whole) < 1650:  # volume 6, part B, section 2.3.4.9
                self._piece = (address, whole)
            elif of != ANONYMOUS:
                told = whole if state == 0 else b""
                yield Heard(when, address, bool(of & 1), of > 1, bool(kind & 1), bool(kind & 8), told)


def _reports(when: int, data: bytes) -> Iterator[Heard]:
    at = 4
    for _ in range(data[3]):
        head = data[at : at + 9]
        if len(head) < 9 or at + 10 + head[8] > len(data):
            return
        kind, of, address = head[0], head[1], head[2:8]
        content = data[at + 9 : at + 9 + head[8]]
        at += 10 + head[8]  # the signal's strength comes last
        yield Heard(when, address, bool(of & 1), of > 1, kind in (0, 1), kind == 4, content)


def advertised(packet: Air) -> Heard | None:
    """The advertisement that a packet on an advertising channel is, if it names who sent it."""
    pdu = packet.pdu
    kind, random = pdu[0] & 0x0F, bool(pdu[0] & RANDOM_BIT)
    if kind == EXTENDED:
        return _extended_header(packet.at, pdu, random)
    if kind in (SCAN_REQUEST, CONNECT) or kind > EXTENDED or len(pdu) < 8:
        return None
    data = b"" if kind == ADV_DIRECT else pdu[8:]
    can = kind in (ADV_IND, ADV_DIRECT)
    return Heard(packet.at, pdu[2:8], random, False, can, kind == SCAN_RESPONSE, data)


def _extended_header(when: int, pdu: bytes, random: bool) -> Heard | None:
    """Section 2.3.4: its length and mode, flags, the parts, and then the data."""
    if len(pdu) < 4 or not pdu[3] & 1 or (pdu[2] & 0x3F) < 7 or len(pdu) < 3 + (pdu[2] & 0x3F):
        return None
    mode = pdu[2]
    return Heard(
        when, pdu[4:10], random, False, bool(mode & CONNECTABLE_BIT), False, pdu[3 + (mode & 0x3F) :]
    )
