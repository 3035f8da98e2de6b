"""One connection with the device: what is put together from its pieces, and who reads it.

Channels: Core Specification, volume 3, part A, section 2.1; on LE those two are always there.
"""

from shelfworthy.readers._bluetooth.att import Exchange
from shelfworthy.readers._bluetooth.gathered import Gathered
from shelfworthy.readers._bluetooth.smp import Pairing

ATTRIBUTES, SECURITY = 4, 6
LONGEST = 2048  # bytes of one message that are kept; longer ones hold nothing we read
HEADER = 4


class Pieces:
    """A message that comes in pieces from one side."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._missing = 0

    def first(self, data: bytes, length: int) -> bytes | None:
        """Begin one. length: of the piece, of which data was kept. The message, if that is all of it."""
        self._kept = bytearray(data[:LONGEST])
        if len(data) < HEADER:
            self._missing = 0
            return None
        self._missing = HEADER + int.from_bytes(data[:2], "little") - length
        return self._whole()

    def more(self, data: bytes, length: int) -> bytes | None:
        """Go on with it. The message, if that was the last of it."""
        if self._missing <= 0:
            return None
        self._kept += data[: LONGEST - len(self._kept)]
        self._missing -= length
        return self._whole()

    @property
    def waits(self) -> bool:
        return self._missing > 0

    def _whole(self) -> bytes | None:
        return bytes(self._kept) if self._missing == 0 else None


class Conversation:
    """One connection. encrypted: as it is now; turning: that may be changing, so nothing is said about it.

    reads: whether what is in it is ours to read: not on Classic, nor where the device is the central.
    """

    def __init__(self, gathered: Gathered, *, reads: bool = True) -> None:
        gathered.connections += 1
        self._gathered = gathered
        self.reads = reads
        self.encrypted = False
        self.turning = False
        self._counted = False
        self._exchange = Exchange(gathered, gathered.connections)
        self._pairing = Pairing(gathered)
        self.by_device = {True: Pieces(), False: Pieces(), None: Pieces()}

    def first(self, data: bytes, length: int, by_device: bool | None) -> None:
        self._message(self.by_device[by_device].first(data, length), by_device)

    def more(self, data: bytes, length: int, by_device: bool | None) -> None:
        self._message(self.by_device[by_device].more(data, length), by_device)

    def _message(self, message: bytes | None, by_device: bool | None) -> None:
        if message is None or len(message) <= HEADER or not self.reads:
            return
        length = int.from_bytes(message[:2], "little")
        channel = int.from_bytes(message[2:4], "little")
        if channel == ATTRIBUTES:
            clear = not self.encrypted and not self.turning
            self._exchange.pdu(message[HEADER:], length, by_device, clear)
        elif channel == SECURITY:
            self._pairing.pdu(message[HEADER:], by_device)

    def turned(self, on: bool) -> None:
        """Encryption began, or did not."""
        self.turning = False
        if on:
            self.encrypted = True
            self._gathered.encrypted += not self._counted
            self._counted = True
            self._pairing.encrypted()

    def ended(self) -> None:
        """One side ended it."""
        self._pairing.ended("gone")

    def left(self) -> None:
        """No more is heard of it: the recording is over, or too many are open."""
        self._pairing.ended("silent")
