"""Firmware by radio, in the shape of TI's over-the-air download: an image, and a device that takes it.

Image: 16 bytes of header (u16 CRC, u16 0xFFFF, u16 version << 1 | image, u16 length in words of 4 bytes, 4
bytes identity, 4 of 0xFF), then the body. The CRC is over all but the first 4 bytes. The body of a signed one
is an MCUboot image with a security counter.
"""

import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shelfworthy_lab import mcuboot

BASE = "F000FFC{}-0451-4000-B000-000000000000"
SERVICE, IDENTIFY, BLOCKS = "FFC0", BASE.format(1), BASE.format(2)
HEADER, BLOCK = 16, 16
POLYNOMIAL = 0x1021
MAKER = Ed25519PrivateKey.from_private_bytes(b"plumwhistle toys' signing key 01")


def crc(content: bytes) -> int:
    """CRC-16 with 0x1021, begun at 0."""
    value = 0
    for byte in content:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ POLYNOMIAL if value & 0x8000 else value << 1) & 0xFFFF
    return value


def image(
    version: int, letter: str, size: int = 512, signed: bool = False, counter: int = 0, says: bytes = b""
) -> bytes:
    """An image of this size (whole blocks). The body is invented. says: what it begins with."""
    room = size - HEADER - (mcuboot.ADDED if signed else 0)
    body = says + bytes((n * 37 + version) & 0xFF for n in range(len(says), room))
    if signed:
        body = mcuboot.signed(body, (version, 0, 0), counter, MAKER)
    ver = version << 1 | (letter == "B")
    head = struct.pack("<HHH4s4s", 0xFFFF, ver, size // 4, letter.encode() * 4, b"\xff" * 4)
    whole = head + body
    return struct.pack("<H", crc(whole[2:])) + whole


class Updating:
    """Takes an image block by block. tell: notifies on IDENTIFY or BLOCKS. restart: runs what it took."""

    def __init__(
        self,
        version: int,
        letter: str,
        signed: bool,
        tell: Callable[[str, bytes], None],
        restart: Callable[[], None],
    ) -> None:
        self.version = version
        self.letter = letter
        self.counter = version
        self._signed = signed
        self._tell = tell
        self._restart = restart
        self.forget()

    def forget(self) -> None:
        """Nothing is under way."""
        self._taken = bytearray()
        self._wanted = 0

    @property
    def header(self) -> bytes:
        """Of what it runs: version, length, identity."""
        return image(self.version, self.letter)[4:12]

    def identify(self, value: bytes) -> None:
        """One byte asks what it runs; a header offers an image."""
        self.forget()
        if len(value) < 8 or (value[0] & 1) == (self.letter == "B"):
            self._tell(IDENTIFY, self.header)
            return
        self._wanted = int.from_bytes(value[2:4], "little") * 4 // BLOCK
        self._tell(BLOCKS, bytes(2))

    def block(self, value: bytes) -> None:
        """The next block: its number, 16 bytes."""
        number = len(self._taken) // BLOCK
        if len(value) != 2 + BLOCK or int.from_bytes(value[:2], "little") != number or number >= self._wanted:
            return
        self._taken += value[2:]
        if number + 1 < self._wanted:
            self._tell(BLOCKS, (number + 1).to_bytes(2, "little"))
        elif self._good(bytes(self._taken)):
            ver = int.from_bytes(self._taken[4:6], "little")
            self.version, self.letter = ver >> 1, "B" if ver & 1 else "A"
            self.forget()
            self._restart()
        else:
            self.forget()
            self._tell(IDENTIFY, self.header)

    def _good(self, taken: bytes) -> bool:
        """What is checked before it is run."""
        if crc(taken[4:]) != int.from_bytes(taken[:2], "little"):
            return False
        if not self._signed:
            return True
        try:
            counter = mcuboot.counter_of(taken[HEADER:], MAKER.public_key())
        except mcuboot.NotGood:
            return False
        if counter <= self.counter:
            return False
        self.counter = counter
        return True
