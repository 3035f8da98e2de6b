"""The recording of a radio session: btsnoop (RFC 1761 with Bluetooth's link type), values cut (law 8).

What stays is structure: operations, handles, UUIDs of a listing, errors, how pairing went. What is cut: what
the device's attributes hold, keys, and what we wrote, unless the product file names that value. A packet that
is cut says how long it was. Of other devices nothing is recorded. Fragments of one unit are put together.
"""

import struct
import time
from collections.abc import Callable, Collection

from shelfworthy.reach.radio.cutting import Cutter

LARGEST = 4 << 20  # bytes; more packets are counted, and not recorded
HEAD = b"btsnoop\0" + struct.pack(">LL", 1, 1002)  # version 1; 1002: HCI with its packet type (H4)
RECORD = struct.Struct(">IIIIQ")  # length, how much of it is kept, flags, dropped so far, when
EPOCH = 0x00DCDDB30F2F8000  # microseconds from the year 0 to 1970
MOST_ADVERTS = 64

Ours = Callable[[str, bytes], bool]  # an address and an advertisement: whether that is our device


class Tape:
    """A recording in the making. ours: tells our device by its address and advertisement."""

    def __init__(self, ours: Ours, values: Collection[bytes] = ()) -> None:
        """values: those the product file names; what else is written is cut."""
        self._parts = [HEAD]
        self._size = len(HEAD)
        self._cutter = Cutter(ours, frozenset(values))
        self._adverts = 0
        self.dropped = 0

    def note(self, packet: bytes, *, received: bool) -> None:
        """One packet between us and the adapter. received: it came from there. Never raises."""
        cut = self._cutter.cut(packet, received=received)
        if cut is None:
            return
        whole, keep, advert = cut
        self._adverts += advert
        size = 24 + keep
        if self._size + size > LARGEST or (advert and self._adverts > MOST_ADVERTS):
            self.dropped += 1
            return
        flags = int(received) | (0 if whole[0] == 2 else 2)
        at = EPOCH + time.time_ns() // 1000
        self._parts += RECORD.pack(len(whole), keep, flags, self.dropped, at), whole[:keep]
        self._size += size

    def close(self) -> bytes:
        """The recording."""
        return b"".join(self._parts)
