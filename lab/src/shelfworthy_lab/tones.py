"""Generated tones in a small container of our own: what lies in the bucket instead of children's voices.

Container: `MURM`, then u16 version, sampling rate in Hz and number of samples (little-endian), then the
samples, unsigned 8 bit, mono.
"""

import math
import random
import struct
import uuid

RATE = 16_000
SAMPLES = 1_014  # 63 ms: with the header, one KiB


def recordings(count: int, seed: int = 2016) -> dict[str, bytes]:
    """`count` objects: key (`voice/UUID.mur`) → container of one tone between 220 and 1,760 Hz."""
    chance = random.Random(seed)
    made = {}
    for _ in range(count):
        key = f"voice/{uuid.UUID(int=chance.getrandbits(128), version=4)}.mur"
        made[key] = container(chance.uniform(220, 1760), chance.random() * math.tau)
    return made


def container(pitch: float, phase: float = 0.0) -> bytes:
    """One tone of this pitch (Hz), begun at this phase (radians)."""
    step = math.tau * pitch / RATE
    samples = bytes(round(127.5 + 110 * math.sin(phase + step * n)) for n in range(SAMPLES))
    return struct.pack("<4sHHH", b"MURM", 1, RATE, SAMPLES) + samples
