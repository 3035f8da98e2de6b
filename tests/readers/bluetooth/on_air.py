"""What a sniffer would have seen of a session that the phone's host recorded, packet by packet.

Written without the reader: its own parsing, its own checksum, bit by bit as the specification draws it.
"""

import random
import struct
from collections.abc import Iterator

from msgspec import Struct

from tests.readers.bluetooth.sessions import PHONE

ADVERTISING = 0x8E89BED6
ACCESS, INIT = 0x50655DA5, 0xA1B2C3  # of the first connection; each further one adds one
PIECE = 27  # bytes of a data packet without the extension
BEGUN, CONTINUED, CONTROL = 2, 1, 3


class Sent(Struct, frozen=True):
    """One packet on the air. at: microseconds. central: who sent it, None on advertising channels."""

    at: int
    access: int
    pdu: bytes
    init: int
    central: bool | None = None
    channel: int = 37

    @property
    def bytes(self) -> bytes:
        return struct.pack("<I", self.access) + self.pdu + checksum(self.pdu, self.init)


def checksum(pdu: bytes, init: int) -> bytes:
    """Core Specification, volume 6, part B, section 3.1.1, figure 3.2: a shift register of 24 places."""
    state = [init >> place & 1 for place in range(24)]
    for byte in pdu:
        for place in range(8):
            new = state[23] ^ (byte >> place & 1)
            state = [new, *state[:23]]
            for tap in (1, 3, 4, 6, 9, 10):
                state[tap] ^= new
    sent = state[::-1]  # place 23 goes first
    return bytes(sum(sent[8 * at + bit] << bit for bit in range(8)) for at in range(3))


def records(tape: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Time, flags and content of each record of a btsnoop file."""
    at = 16
    while at < len(tape):
        _, kept, flags, _, when = struct.unpack(">IIIIq", tape[at : at + 24])
        yield when, flags, tape[at + 24 : at + 24 + kept]
        at += 24 + kept


class Sniffer:
    """Turns a host's recording into the packets of the air. noise: also what a sniffer would see besides."""

    def __init__(self, *, noise: bool = True) -> None:
        self._noise = noise
        self._chance = random.Random(4)
        self._at = 0
        self._old = False
        self._connections = -1
        self._encrypted = False
        self._numbers = {True: 1, False: 1}

    def heard(self, tape: bytes) -> Iterator[Sent]:
        for when, flags, content in records(tape):
            self._at = max(self._at + 1, when)
            kind, data = content[0], content[1:]
            if kind == 2:
                yield from self._data(data, central=not flags & 1)
            elif kind == 1 and data[:2] == b"\x19\x20":  # LE Enable Encryption
                yield from self._control(b"\x03" + data[5:13] + data[13:15] + bytes(12), central=True)
                yield from self._control(b"\x04" + bytes(12), central=False)
            elif kind == 4:
                yield from self._event(data)

    def _event(self, data: bytes) -> Iterator[Sent]:
        match data[0], data[2] if len(data) > 2 else -1:
            case 0x3E, 0x0D:
                yield self._advertised(data)
            case 0x3E, (0x01 | 0x0A) if data[3] == 0:
                self._connections += 1
                self._encrypted = False
                agreed = struct.pack("<I", self._access) + self._init.to_bytes(3, "little") + bytes(15)
                ours = bytes.fromhex(PHONE.replace(":", ""))[::-1]
                head = bytes([0x05 | 0x40 | (0x80 if data[7] else 0), 34])
                yield Sent(self._tick(), ADVERTISING, head + ours + data[8:14] + agreed, 0x555555)
            case 0x08, 0:
                yield from self._control(b"\x05", central=False)
                self._encrypted = True
                yield from self._control(b"\x06", central=True)
                yield from self._control(b"\x06", central=False)
            case 0x05, 0:
                yield from self._control(b"\x02\x13", central=True)

    def _advertised(self, data: bytes) -> Sent:
        """A report of an extended advertisement that allows connections, as that or as an old one."""
        assert data[3] == 1
        address, content, random_bit = data[7:13], data[28 : 28 + data[27]], data[6] << 6
        self._old ^= True
        if self._old:
            payload = address + content
            head = bytes([0 | random_bit, len(payload)])
            return Sent(self._tick(), ADVERTISING, head + payload, 0x555555)
        payload = bytes([9 | 1 << 6, 0b1001]) + address + b"\1\0" + content  # header, address, its set, data
        head = bytes([7 | random_bit, len(payload)])
        return Sent(self._tick(), ADVERTISING, head + payload, 0x555555, channel=5)

    def _data(self, data: bytes, *, central: bool) -> Iterator[Sent]:
        begins = data[1] >> 4 & 3 != 1
        content = data[4:]
        for at in range(0, len(content), PIECE):
            kind = BEGUN if begins and at == 0 else CONTINUED
            yield from self._packet(kind, content[at : at + PIECE], central=central)

    def _control(self, content: bytes, *, central: bool) -> Iterator[Sent]:
        yield from self._packet(CONTROL, content, central=central)

    def _packet(self, kind: int, content: bytes, *, central: bool) -> Iterator[Sent]:
        """With what acknowledges it, and now and then once more, or broken: then it is sent again."""
        if self._encrypted:
            content = self._chance.randbytes(len(content) + 4)
        self._numbers[central] ^= 1
        head = kind | self._numbers[central] << 3
        one = self._made(bytes([head, len(content)]) + content, central=central)
        if self._noise and self._chance.random() < 0.2:
            spoilt = bytearray(one.pdu)
            spoilt[-1] ^= 0x10
            yield Broken(one.at, one.access, bytes(spoilt), one.init, central, 11)
        yield one
        if self._noise and self._chance.random() < 0.2:
            yield self._made(one.pdu, central=central)
        if self._noise:
            self._numbers[not central] ^= 1
            yield self._made(bytes([CONTINUED | self._numbers[not central] << 3, 0]), central=not central)

    def _made(self, pdu: bytes, *, central: bool) -> Sent:
        return Sent(self._tick(), self._access, pdu, self._init, central, 11)

    @property
    def _access(self) -> int:
        return ACCESS + self._connections

    @property
    def _init(self) -> int:
        return INIT + self._connections

    def _tick(self) -> int:
        self._at += 1
        return self._at


class Broken(Sent, frozen=True):
    """A packet that came with an error: its checksum is that of the packet before."""

    @property
    def bytes(self) -> bytes:
        good = bytearray(self.pdu)
        good[-1] ^= 0x10
        return struct.pack("<I", self.access) + self.pdu + checksum(bytes(good), self.init)
