"""How much of a unit of L2CAP may be kept, by the channel it is on."""

ATT_CHANNEL, SMP_CHANNEL, BR_SMP_CHANNEL = 4, 6, 7
SIGNALLING = frozenset({1, 5})
HEAD = 4  # length and channel

# ATT (volume 3, part F): bytes of a unit that stay, where not all do.
FROM_DEVICE = {
    0x0B: 1,  # Read Response
    0x0D: 1,  # Read Blob Response
    0x0F: 1,  # Read Multiple Response
    0x21: 1,  # Read Multiple Variable Response
    0x17: 5,  # Prepare Write Response: handle and offset
    0x1B: 3,  # notification: handle
    0x1D: 3,  # indication: handle
    0x23: 1,  # several notifications
}
WRITES = {0x12: 3, 0x52: 3, 0x16: 5, 0xD2: 3}  # where the value begins that we write
WHOLE = frozenset(
    {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0A, 0x0C, 0x0E, 0x10, 0x11, 0x13, 0x18, 0x19}
)
BY_TYPE, BY_TYPE_TOLD = 0x08, 0x09
STRUCTURE = frozenset({b"\x03\x28", b"\x02\x28"})  # declarations of characteristics, includes
CONFIGURING = frozenset({b"\x01\x00", b"\x02\x00", b"\x00\x00"})  # what subscribes

SMP_KEYS = frozenset({0x03, 0x04, 0x06, 0x07, 0x08, 0x09, 0x0A})  # from which keys follow, keys, identities
SDP, RFCOMM, AVDTP = 0x01, 0x03, 0x19  # what dynamic channels carry, by the number they were asked for with
MOST = 256  # channels and connections remembered


class Channels:
    """values: those the product file names."""

    def __init__(self, values: frozenset[bytes]) -> None:
        self._values = values | CONFIGURING
        self._asked: dict[int, bytes] = {}  # by connection: the type that was asked for
        self._carries: dict[tuple[int, int], int] = {}  # (connection, channel) → number
        self._opening: dict[tuple[int, int], int] = {}

    def keep(self, connection: int, unit: bytes, *, received: bool) -> int:
        """How many bytes of a whole unit stay."""
        channel, body = int.from_bytes(unit[2:4], "little"), unit[HEAD:]
        if not body:
            return HEAD
        if channel == ATT_CHANNEL:
            return HEAD + self._att(connection, body)
        if channel in (SMP_CHANNEL, BR_SMP_CHANNEL):
            return HEAD + (1 if body[0] in SMP_KEYS else len(body))
        if channel in SIGNALLING:
            self._follow(connection, body)
            return len(unit)
        carried = self._carries.get((connection, channel))
        if carried in (SDP, AVDTP):
            return len(unit)
        return HEAD + (_rfcomm(body) if carried == RFCOMM else 0)

    def _att(self, connection: int, body: bytes) -> int:
        operation = body[0]
        if operation == BY_TYPE and len(self._asked) < MOST:
            self._asked[connection] = body[5:]
        if operation == BY_TYPE_TOLD:
            return len(body) if self._asked.get(connection) in STRUCTURE else 2
        if operation in WRITES:
            at = WRITES[operation]
            return len(body) if body[at:] in self._values else at
        if operation in FROM_DEVICE:
            return FROM_DEVICE[operation]
        return len(body) if operation in WHOLE else 1

    def _follow(self, connection: int, body: bytes) -> None:
        """Remember what a channel carries (volume 3, part A, sections 4.2 and 4.3)."""
        if len(self._carries) + len(self._opening) > MOST:
            return
        number = int.from_bytes(body[4:6], "little")
        if body[0] == 0x02 and len(body) >= 8:
            source = int.from_bytes(body[6:8], "little")
            self._opening[connection, source] = number
        elif body[0] == 0x03 and len(body) >= 8:
            source = int.from_bytes(body[6:8], "little")
            if (carried := self._opening.pop((connection, source), None)) is not None and number:
                self._carries[connection, source] = self._carries[connection, number] = carried


def _rfcomm(body: bytes) -> int:
    """Of RFCOMM frames their head; of those on its control channel all (TS 07.10, section 5.2.1)."""
    control = len(body) >= 1 and body[0] >> 2 == 0
    return len(body) if control else min(len(body), 3)
