"""Read a recording of Bluetooth: what others said to the device, and what it let them do. Nothing is tried.

Only what was seen is told; what nobody did in the recording stays open, and no value is kept.
"""

from collections.abc import Iterator
from typing import BinaryIO

from shelfworthy.model import Cause, Kind, NotSeen
from shelfworthy.readers._bluetooth.adverts import Adverts
from shelfworthy.readers._bluetooth.air import AirSide
from shelfworthy.readers._bluetooth.containers import recognised
from shelfworthy.readers._bluetooth.framings import LINKS, Air, Hci, carried
from shelfworthy.readers._bluetooth.gathered import Gathered
from shelfworthy.readers._bluetooth.heard import ADVERTISING, Reports, advertised
from shelfworthy.readers._bluetooth.host import HostSide
from shelfworthy.readers._bluetooth.source import Broken, Source
from shelfworthy.readers._bluetooth.whose import Bearers, address_of, declared
from shelfworthy.readers.reader import Reader
from shelfworthy.seen.bluetooth import BluetoothAccess, BluetoothAdvert, BluetoothPairing, BluetoothRecorded

Seen = BluetoothRecorded | BluetoothAdvert | BluetoothPairing | BluetoothAccess


def read(file: BinaryIO, name: str, where: str) -> Iterator[Seen]:
    """What a recording shows of the device that `where` names.

    1. The device's addresses: the one that was declared, or those its name was heard under.
    2. All packets in their order; those of others are counted only.
    3. What was seen, also of a file that is broken or cut off somewhere: as far as it could be read.

    Raises NotSeen where the file cannot be understood or read to its end, where it does not tell which device
    is meant, and where what was seen of it cannot be told.
    """
    named = declared(where)
    address = address_of(named)
    ours = frozenset({address}) if address else _called(file, name, named)
    look = _Look(ours)
    trouble = look.through(file)
    if not look.links & LINKS.keys():
        raise NotSeen(Cause.NOT_UNDERSTOOD, _unreadable(name, trouble, look.links))
    gathered = look.gathered
    yield gathered.recorded(look.form)
    others = len(gathered.strangers)
    for seen in (look.adverts.seen(others), gathered.pairing(), gathered.attributes.access()):
        if seen is not None:
            yield seen
    if trouble:
        words = f"{name} could be read in part only: {trouble}. The {look.packets} packets before were read."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    if not gathered.packets:
        raise NotSeen(Cause.NOT_SUPPLIED, _nothing(name, named, gathered))
    if gathered.attributes.used and gathered.attributes.access() is None:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{name}: {UNLISTED}")


UNLISTED = (
    "the app used attributes without listing them, so it cannot be told which they are. Let the phone forget "
    "what it knows (switch Bluetooth off and on, or remove the pairing) and record again."
)


class _Look:
    """One pass over the file. links: framings that came."""

    def __init__(self, ours: frozenset[bytes]) -> None:
        self.gathered = Gathered()
        self.adverts = Adverts()
        self.links: set[int] = set()
        self.packets = 0
        self.form = ""
        self._host = HostSide(ours, self.gathered, self.adverts)
        self._air = AirSide(ours, self.gathered, self.adverts)

    def through(self, file: BinaryIO) -> str:
        """Read all of it; what is wrong with it, "" if nothing is."""
        source = Source(file)
        container, trouble = "", ""
        try:
            container, packets = recognised(source)
            for packet in packets:
                self.links.add(packet.link)
                if packet.lost:
                    self._host.lost()
                match carried(packet):
                    case Hci() as told:
                        self._host.take(told)
                    case Air() as told:
                        self._air.take(told)
        except Broken as broken:
            trouble = broken.words
        self._host.ended()
        self._air.ended()
        self.packets = source.packets
        kinds = sorted({LINKS[link] for link in self.links & LINKS.keys()})
        self.form = f"{container}: {', '.join(kinds)}"
        return trouble


def _called(file: BinaryIO, name: str, called: str) -> frozenset[bytes]:
    """The addresses a name was heard under; what is broken in the file is said later."""
    bearers = Bearers(called)
    reports = Reports()
    try:
        _, packets = recognised(Source(file))
        for packet in packets:
            match carried(packet):
                case Hci() as told:
                    bearers.hear(reports.of(told))
                case Air(access=access) as told if access == ADVERTISING and (heard := advertised(told)):
                    bearers.hear((heard,))
    except Broken:
        pass
    return frozenset(address for address, _ in bearers.found)


def _unreadable(name: str, trouble: str, links: set[int]) -> str:
    if trouble:
        return f"{name} is no recording we can read: {trouble}."
    if not links:
        return f"{name} holds no packet."
    kinds = ", ".join(str(link) for link in sorted(links)[:8])
    return f"{name} holds no Bluetooth that is known here: its packets are of the link types {kinds}."


def _nothing(name: str, named: str, gathered: Gathered) -> str:
    words = f"{name} holds no packet of {named}; {gathered.others} are of others."
    if gathered.broken:
        words += f" {gathered.broken} that may be its have wrong checksums."
    return words


BLUETOOTH = Reader(
    name="bluetooth-recorded",
    version=1,
    kind=Kind.BLUETOOTH,
    sees=(BluetoothRecorded, BluetoothAdvert, BluetoothPairing, BluetoothAccess),
    read="shelfworthy.readers.bluetooth:read",
    asks=("where",),
    keeps_file=False,  # it holds other people's devices, and values
)
