"""What the bear says and hears: generated tones in the container of the story's toy.

Container: 32 bytes: seven u16, little-endian ("AU", sampling rate in Hz, bit rate / 10, channels, frames, 0,
length of the sound in words), then ten zeros and `0000 1000 ffff ffff`. Samples: 4 bits each, two a byte.
"""

import math
import struct
from functools import cache

HEADER = 32  # bytes
RATE = 8_000  # samples a second
BYTES_A_SECOND = RATE // 2
FRAME = 20  # bytes, of 20 words a frame in the story; also the length of a notification
LONGEST = (
    1  # seconds; the story's toy went on for 40: nobody is recorded for longer than it takes to prove it
)
TAIL = bytes(10) + bytes.fromhex("00001000ffffffff")


@cache
def _tone() -> bytes:
    """The longest recording there is: a tone that rises and falls, so that no part of it is like another."""
    phase, samples = 0.0, bytearray()
    for n in range(RATE * LONGEST):
        phase += math.tau * (440 + 220 * math.sin(n / 811)) / RATE
        samples.append(round(7.5 + 7 * math.sin(phase)))
    return bytes(low | high << 4 for low, high in zip(samples[::2], samples[1::2], strict=True))


def recorded(length: int) -> bytes:
    """So many bytes of what it hears, in their container."""
    return _contained(_tone()[:length])


def beep() -> bytes:
    """A very short sound that an auditor plays. It stands in product files: nothing of it is heard."""
    return _contained(b"\x0f\xf0" * FRAME)


def _contained(sound: bytes) -> bytes:
    frames = -(-len(sound) // FRAME)
    head = struct.pack("<7H", 0x5541, RATE, RATE * 4 // 10, 1, frames, 0, len(sound) // 2 & 0xFFFF)
    return head + TAIL + sound


def planted() -> list[str | bytes]:
    """Pieces of it that belong in no evidence: each inside of one notification, after the header."""
    sound = recorded(BYTES_A_SECOND)
    return [sound[start : start + 12] for start in range(2 * FRAME, len(sound) - FRAME, 5 * FRAME)]
