"""What was on the air between the device and others (Core Specification, volume 6, part B, section 2.4)."""

from collections.abc import Set

from msgspec import Struct

from shelfworthy.readers._bluetooth.adverts import Adverts
from shelfworthy.readers._bluetooth.checksum import ADVERTISING_INIT, fits
from shelfworthy.readers._bluetooth.conversation import Conversation
from shelfworthy.readers._bluetooth.framings import Air
from shelfworthy.readers._bluetooth.gathered import Gathered
from shelfworthy.readers._bluetooth.heard import ADVERTISING, CONNECT, SCAN_REQUEST, advertised

CONTINUED, BEGUN, CONTROL = 1, 2, 3  # of data: the lowest two bits of the header
NUMBER = 0x08  # SN: the number of the packet, of one bit
ENC_REQUEST, ENC_RESPONSE, START_ENC, REJECT, REJECT_EXTENDED, TERMINATE = 0x03, 0x04, 0x05, 0x0D, 0x11, 0x02
# Each of these, with its length, begins encryption; a sniffer may have missed the ones before.
STARTING = frozenset({(ENC_REQUEST, 23), (ENC_RESPONSE, 13), (START_ENC, 1)})
SHORTEST_SECRET = 5  # bytes of an encrypted packet: one, and four that authenticate it
MOST_LINKS = 1024
CONNECT_LENGTH = 36  # header, initiator, device, and 22 bytes of what was agreed


class Link:
    """One connection. secrets: packets since encryption was started that can only be encrypted."""

    def __init__(self, talk: Conversation, checksum: bytes) -> None:
        self.talk = talk
        self.checksum = checksum
        self.started = False
        self.secrets = 0
        self.last: dict[bool | None, tuple[int, bytes]] = {}


class Other(Struct, frozen=True):
    """A connection of two others: nothing of it is kept."""


class AirSide:
    """Packets of the link layer, in their order. ours: the device's addresses."""

    def __init__(self, ours: Set[bytes], gathered: Gathered, adverts: Adverts) -> None:
        self._ours = ours
        self._gathered = gathered
        self._adverts = adverts
        self._links: dict[bytes, Link | Other] = {}

    def take(self, packet: Air) -> None:
        if packet.access == ADVERTISING:
            self._advertising(packet)
        else:
            self._data(packet)

    def ended(self) -> None:
        """The recording is over."""
        for link in self._links.values():
            _left(link)
        self._links.clear()

    def _advertising(self, packet: Air) -> None:
        pdu = packet.pdu
        kind = pdu[0] & 0x0F
        heard = advertised(packet)
        to_device = kind in (CONNECT, SCAN_REQUEST)
        address = heard.address if heard else pdu[8:14] if to_device else b""
        if address not in self._ours:
            if heard:
                self._gathered.stranger(address)
            else:
                self._gathered.others += 1
            if kind == CONNECT and len(pdu) == CONNECT_LENGTH and packet.sound is not False:
                self._open(pdu, None)
        elif self._sound(packet, ADVERTISING_INIT):
            self._gathered.packets += 1
            if heard:
                self._adverts.add(heard)
            elif kind == CONNECT and len(pdu) == CONNECT_LENGTH:
                self._open(pdu, Conversation(self._gathered))

    def _open(self, pdu: bytes, talk: Conversation | None) -> None:
        access = pdu[14:18]
        _left(self._links.pop(access, None))
        if len(self._links) >= MOST_LINKS:
            _left(self._links.pop(next(iter(self._links))))
        self._links[access] = Link(talk, pdu[18:21]) if talk else Other()

    def _sound(self, packet: Air, init: bytes) -> bool:
        """Whether it came as it was sent; one with errors shows nothing."""
        sound = fits(packet.pdu, packet.crc, init) if packet.sound is None else packet.sound
        self._gathered.broken += not sound
        return sound

    def _data(self, packet: Air) -> None:
        link = self._links.get(packet.access)
        if not isinstance(link, Link):
            self._gathered.others += 1
            return
        if not self._sound(packet, link.checksum):
            return
        self._gathered.packets += 1
        head, payload = packet.pdu[0], packet.pdu[2:]
        now = (head & NUMBER, payload)
        if link.last.get(packet.central) == now:
            return  # sent again, because nobody acknowledged it
        link.last[packet.central] = now
        if not payload:
            return
        by_device = None if packet.central is None else not packet.central
        if link.talk.turning or link.talk.encrypted:
            self._secret(link, head & 3, payload)
        elif head & 3 == CONTROL:
            self._control(packet.access, link, payload)
        elif head & 3 == BEGUN:
            link.talk.first(payload, len(payload), by_device)
        elif head & 3 == CONTINUED:
            link.talk.more(payload, len(payload), by_device)

    def _control(self, access: bytes, link: Link, payload: bytes) -> None:
        if (payload[0], len(payload)) in STARTING:
            link.talk.turning, link.started, link.secrets = True, payload[0] == START_ENC, 0
        elif payload[0] == TERMINATE and len(payload) == 2:
            link.talk.ended()
            del self._links[access]

    def _secret(self, link: Link, kind: int, payload: bytes) -> None:
        """From the request to encrypt on, only what belongs to that is in clear (section 5.1.3.1).

        It counts as encrypted when both sides could be heard to go on after the start, or data came: that
        waits until encryption is there. A sniffer may miss any of the packets before.
        """
        if link.talk.encrypted:
            return
        code, size = payload[0], len(payload)
        if kind == CONTROL:
            if (code, size) in ((REJECT, 2), (REJECT_EXTENDED, 3)):
                link.talk.turned(False)
                return
            if (code, size) == (START_ENC, 1):
                link.started = True
                return
            if not link.started:
                return
        if size >= SHORTEST_SECRET:
            link.secrets += 1 if kind == CONTROL else 2
        if link.secrets >= 2:
            link.talk.turned(True)


def _left(link: Link | Other | None) -> None:
    if isinstance(link, Link):
        link.talk.left()
