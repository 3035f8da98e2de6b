"""The checksum of the LE link layer (Core Specification, volume 6, part B, section 3.1.1).

Polynomial x^24 + x^10 + x^9 + x^6 + x^4 + x^3 + x + 1, over header and payload, least bit first.
"""

ADVERTISING_INIT = bytes.fromhex("555555")
POLYNOMIAL = 0xDA6000  # the bits turned round, without the highest


def _table() -> tuple[int, ...]:
    found = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
        found.append(value)
    return tuple(found)


TABLE = _table()
TURNED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def fits(pdu: bytes, checksum: bytes, init: bytes) -> bool:
    """Whether the checksum is that of the packet. init: least byte first, as a connection agrees on it."""
    state = int.from_bytes(init[::-1].translate(TURNED), "little")
    for one in pdu:
        state = state >> 8 ^ TABLE[(state ^ one) & 0xFF]
    return state.to_bytes(3, "little") == checksum
