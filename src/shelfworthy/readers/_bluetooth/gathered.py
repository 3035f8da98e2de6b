"""What a recording has shown so far. All of it is bounded; no value of an attribute is in it."""

from hashlib import sha256

from shelfworthy.readers._bluetooth.attributes import Attributes
from shelfworthy.seen.bluetooth import BluetoothPairing, BluetoothRecorded, PairingTry, Repeated

MOST_TRIES = 256
MOST_STRANGERS = 1 << 16  # addresses of other devices that are told apart
EARLY = 10  # writes at the beginning of a connection that may hold a key
SHORTEST_KEY = 8  # bytes
LEAST_VARIED = 4  # different bytes: what has fewer is padding
MOST_WRITES = 4096
MOST_REPEATED = 64

Write = tuple[int, int, str]  # attribute, bytes, hash of them


class Gathered:
    """packets: of the device; others: of other devices, which are counted and not kept."""

    def __init__(self) -> None:
        self.packets = 0
        self.others = 0
        self.broken = 0  # of the device, with a wrong checksum
        self.connections = 0
        self.encrypted = 0
        self.writing = 0  # connections in which something was written
        self.strangers: set[bytes] = set()
        self.device_asks = False
        self.tries: list[PairingTry] = []
        self.attributes = Attributes()
        self._writes: dict[Write, tuple[int, int]] = {}  # in how many connections, and the last of them

    def stranger(self, address: bytes) -> None:
        """Another device was heard."""
        self.others += 1
        if len(self.strangers) < MOST_STRANGERS:
            self.strangers.add(address)

    def tried(self, one: PairingTry) -> None:
        if len(self.tries) < MOST_TRIES:
            self.tries.append(one)

    def wrote(self, connection: int, handle: int, value: bytes) -> None:
        """Bytes were written early in a connection; of those that may be a key the hash is noted."""
        if len(value) < SHORTEST_KEY or len(set(value)) < LEAST_VARIED:
            return
        write = (handle, len(value), sha256(value).hexdigest())
        times, last = self._writes.get(write, (0, 0))
        if last != connection and (times or len(self._writes) < MOST_WRITES):
            self._writes[write] = (times + 1, connection)

    def recorded(self, form: str) -> BluetoothRecorded:
        """form: of the file."""
        often = [(write, times) for write, (times, _) in sorted(self._writes.items()) if times > 1]
        return BluetoothRecorded(
            format=form,
            packets=self.packets,
            others=self.others,
            connections=self.connections,
            encrypted=self.encrypted,
            repeated=tuple(
                Repeated(handle, self.attributes.uuid(handle), length, digest, times, self.writing)
                for (handle, length, digest), times in often[:MOST_REPEATED]
            ),
        )

    def pairing(self) -> BluetoothPairing | None:
        if not self.tries:
            return None
        return BluetoothPairing(device_asks=self.device_asks, tries=tuple(self.tries), passive=True)
