"""How much of each packet of a radio session may be kept: structure, never what a device holds (law 8).

Formats: Core Specification, volume 4, part E, sections 5.4 and 7 (HCI), volume 3, parts A (L2CAP), F (ATT)
and H (SMP). A packet is cut from some byte on; what is before it stays as it was.
"""

from collections.abc import Callable
from struct import Struct

from shelfworthy.reach.radio.channels import Channels

ACL = 2
HEAD = Struct("<BHH")  # of data: kind of packet, handle and flags, length
# Commands with keys: how many bytes of their parameters stay.
SECRET_COMMANDS = {
    0x2019: 12,  # LE Enable Encryption: handle, random number, diversifier
    0x201A: 2,  # LE Long Term Key Request Reply: handle
    0x2027: 7,  # LE Add Device To Resolving List: address
    0x040B: 6,  # Link Key Request Reply: address
    0x040D: 7,  # PIN Code Request Reply: address, length
    0x0430: 6,  # Remote OOB Data Request Reply: address
    0x0C11: 0,  # Write Stored Link Key
}
# Events with keys, or with names.
SECRET_EVENTS = {0x18: 6, 0x15: 0, 0x07: 7}  # Link Key Notification, Return Link Keys, Remote Name
OTHERS = frozenset({0x02, 0x22, 0x2F})  # inquiry results: of whoever is in range
META = 0x3E
REPORT, EXTENDED_REPORT, DH_KEY = 0x02, 0x0D, 0x09

Cut = tuple[bytes, int, bool]  # the packet, how many bytes of it stay, whether it is an advertisement


class Cutter:
    """Knows what was asked before, since an answer does not say what it holds."""

    def __init__(self, ours: Callable[[str, bytes], bool], values: frozenset[bytes]) -> None:
        self._ours = ours
        self._channels = Channels(values)
        self._begun: dict[tuple[int, bool], bytearray] = {}

    def cut(self, packet: bytes, *, received: bool) -> Cut | None:
        """What is kept of a packet: nothing while its other fragments are to come, or if it is of others."""
        kind, length = packet[:1], len(packet)
        if kind == b"\x02" and length >= 5:
            return self._unit(packet, received=received)
        if kind == b"\x04" and length >= 3:
            return self._event(packet)
        if kind == b"\x01" and length >= 4:
            keep = SECRET_COMMANDS.get(int.from_bytes(packet[1:3], "little"))
            return packet, length if keep is None else min(length, 4 + keep), False
        return None

    def _event(self, packet: bytes) -> Cut | None:
        code = packet[1]
        if code in OTHERS:
            return None
        if code == META and len(packet) >= 5:
            if packet[3] in (REPORT, EXTENDED_REPORT):
                head = 14 if packet[3] == REPORT else 29
                if packet[4] == 1 and len(packet) >= head:
                    address, data = (packet[7:13], packet[14:]) if head == 14 else (packet[8:14], packet[29:])
                    data = data[: packet[head - 1]]
                    if self._ours(shown(address), data):
                        return packet, head, True
                return None
            if packet[3] == DH_KEY:
                return packet, 5, False
        keep = SECRET_EVENTS.get(code)
        return packet, len(packet) if keep is None else min(len(packet), 3 + keep), False

    def _unit(self, packet: bytes, *, received: bool) -> Cut | None:
        """Gather the fragments of a unit; when it is whole, say how much of it stays."""
        word = int.from_bytes(packet[1:3], "little")
        handle, continued = word & 0x0FFF, (word >> 12) & 3 == 1
        key = handle, received
        unit = packet[5:]
        if continued:
            if (begun := self._begun.get(key)) is None:
                return None
            begun += unit
            if not _whole(begun):
                return None
            unit = bytes(begun)
        elif not _whole(unit):
            self._begun[key] = bytearray(unit)
            return None
        self._begun.pop(key, None)
        first = (word & ~0x3000) | (0x2000 if received else 0)  # as a first fragment
        head = HEAD.pack(ACL, first, len(unit))
        keep = self._channels.keep(handle, unit, received=received)
        return head + unit, len(head) + min(keep, len(unit)), False


def _whole(unit: bytes | bytearray) -> bool:
    return len(unit) >= 4 and len(unit) >= 4 + int.from_bytes(unit[:2], "little")


def shown(address: bytes) -> str:
    """A radio address as people write it; on the air its last byte comes first."""
    return address[::-1].hex(":").upper()
