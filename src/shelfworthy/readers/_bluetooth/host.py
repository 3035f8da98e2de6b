"""What a host and its controller told each other (Core Specification, volume 4, part E, section 7)."""

from collections.abc import Set

from msgspec import Struct

from shelfworthy.readers._bluetooth.adverts import Adverts
from shelfworthy.readers._bluetooth.conversation import Conversation
from shelfworthy.readers._bluetooth.framings import ACL, COMMAND, Hci
from shelfworthy.readers._bluetooth.gathered import Gathered
from shelfworthy.readers._bluetooth.heard import LE_META, Reports

CONNECTED, DISCONNECTED, ENCRYPTED, KEY_REFRESHED, ENCRYPTED_2 = 0x03, 0x05, 0x08, 0x30, 0x59
LE_CONNECTED, LE_KEY_WANTED, LE_CONNECTED_2, LE_CONNECTED_3 = 0x01, 0x05, 0x0A, 0x29
LE_ENCRYPT = 0x2019  # the command
CENTRAL = 0  # the role of our own side
MOST_LINKS = 1024  # open at once

Key = tuple[int, int]  # adapter, handle


class Other(Struct, frozen=True):
    """A connection with another device: nothing of it is kept."""


class HostSide:
    """Packets of HCI, in their order. ours: the device's addresses."""

    def __init__(self, ours: Set[bytes], gathered: Gathered, adverts: Adverts) -> None:
        self._ours = ours
        self._gathered = gathered
        self._adverts = adverts
        self._reports = Reports()
        self._links: dict[Key, Conversation | Other] = {}

    def take(self, packet: Hci) -> None:
        data = packet.data
        if packet.kind == ACL and len(data) >= 4:
            self._data(packet)
        elif packet.kind == COMMAND:
            if len(data) >= 5 and int.from_bytes(data[:2], "little") == LE_ENCRYPT:
                self._turns((packet.adapter, _handle(data, 3)))
        elif len(data) >= 3 and data[0] == LE_META:
            self._le(packet)
        elif len(data) >= 5:
            self._event(packet)

    def lost(self) -> None:
        """Packets were not recorded: that a link became encrypted may have been among them."""
        for link in self._links.values():
            if isinstance(link, Conversation):
                link.turning = True

    def ended(self) -> None:
        """The recording is over."""
        for link in self._links.values():
            if isinstance(link, Conversation):
                link.left()
        self._links.clear()

    def _data(self, packet: Hci) -> None:
        """Section 5.4.2: handle and flags, length, and a piece of a message."""
        head = int.from_bytes(packet.data[:2], "little")
        link = self._link((packet.adapter, head & 0x0FFF))
        if link is None:
            return
        part, data = head >> 12 & 3, packet.data[4:]
        length = min(int.from_bytes(packet.data[2:4], "little"), packet.length - 4)
        sent = packet.sent
        if sent is None:  # on LE the host begins a message with 0, the controller with 2
            sent = part == 0 if part != 1 else link.by_device[False].waits
        if part == 1:
            link.more(data, length, not sent)
        else:
            link.first(data, length, not sent)

    def _event(self, packet: Hci) -> None:
        data = packet.data
        key = (packet.adapter, _handle(data, 3))
        match data[0]:
            case code if code == CONNECTED and len(data) >= 11 and not data[2]:
                self._open(key, data[5:11], reads=False)
            case code if code == DISCONNECTED and not data[2]:
                link = self._link(key)
                if link is not None:
                    link.ended()
                self._links.pop(key, None)
            case code if code in (ENCRYPTED, ENCRYPTED_2) and len(data) >= 6:
                link = self._link(key)
                if link is not None:
                    link.turned(not data[2] and data[5] != 0)
            case code if code == KEY_REFRESHED and not data[2]:
                link = self._link(key)
                if link is not None:
                    link.turned(True)

    def _le(self, packet: Hci) -> None:
        data = packet.data
        match data[2]:
            case code if code in (LE_CONNECTED, LE_CONNECTED_2, LE_CONNECTED_3):
                if len(data) >= 14 and not data[3]:
                    addresses = [data[8:14]]
                    if code != LE_CONNECTED:  # the peer's address on the air comes after our own
                        addresses.append(data[20:26])
                    ours = next((one for one in addresses if one in self._ours), data[8:14])
                    self._open((packet.adapter, _handle(data, 4)), ours, reads=data[6] == CENTRAL)
            case code if code == LE_KEY_WANTED and len(data) >= 5:
                self._turns((packet.adapter, _handle(data, 3)))
            case _:
                self._heard(packet)

    def _heard(self, packet: Hci) -> None:
        ours = False
        for heard in self._reports.of(packet):
            if heard.address in self._ours:
                self._gathered.packets += not ours
                ours = True
                self._adverts.add(heard)
            else:
                self._gathered.stranger(heard.address)

    def _open(self, key: Key, address: bytes, *, reads: bool) -> None:
        full = [next(iter(self._links))] if len(self._links) >= MOST_LINKS else []
        for one in (key, *full):
            before = self._links.pop(one, None)
            if isinstance(before, Conversation):
                before.left()
        if address in self._ours:
            self._links[key] = Conversation(self._gathered, reads=reads)
            self._gathered.packets += 1
        else:
            self._links[key] = Other()
            self._gathered.stranger(address)

    def _link(self, key: Key) -> Conversation | None:
        """The device's connection of this name; a packet of another's, or of nobody we know, is counted."""
        link = self._links.get(key)
        if isinstance(link, Conversation):
            self._gathered.packets += 1
            return link
        self._gathered.others += 1
        return None

    def _turns(self, key: Key) -> None:
        link = self._link(key)
        if link is not None:
            link.turning = True


def _handle(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little") & 0x0FFF
