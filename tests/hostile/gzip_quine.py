"""A gzip file that unpacks to itself, byte for byte.

Two orders of DEFLATE suffice, each in five bytes: print what follows (a stored block), and repeat what was
printed last (a block of two copies). Each order's output is what the file goes on with; two copies of the end
stand in it, and both hold the check sum of the whole. That sum is the solution of linear equations, for a CRC
is linear in each bit.
"""

import zlib
from struct import pack

UNIT = 5


def literal(length: int) -> bytes:
    """The order to print the next bytes."""
    return pack("<BHH", 0, length, length ^ 0xFFFF)


def repeat(length: int) -> bytes:
    """The order to print the last 17 to 20 bytes again: two copies of at most ten each, in 40 bits."""
    assert 17 <= length <= 20
    first = 10
    bits = "010"  # not the last block, fixed codes; least bit first
    for copied in (first, length - first):
        bits += f"{copied - 2:07b}"  # codes 257 to 264 are lengths 3 to 10, and written as 1 to 8
        bits += f"{8:05b}" + f"{length - 17:03b}"[::-1]  # distances 17 to 24, three bits more
    bits += "0000000"  # the block ends
    assert len(bits) == 8 * UNIT
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def file(name: bytes, total: int) -> bytes:
    """The file with this sum at its end."""
    head = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x02\x03" + name + b"\0"
    starts, again = literal(len(head) + UNIT), repeat(len(head) + UNIT)
    one, four, four_again, nothing = literal(UNIT), literal(4 * UNIT), repeat(4 * UNIT), literal(0)
    tail_length = UNIT + 8
    ends, end_again = literal(UNIT + tail_length), repeat(UNIT + tail_length)
    code = (
        *(starts, head, starts, again, one, again, one, one),
        *(four, again, one, one, four, four_again, four, four_again, four, four_again, four, four_again),
        *(four, four_again, nothing, nothing, ends, four_again, nothing, nothing, ends),
    )
    length = len(head) + sum(map(len, code)) + 2 * (UNIT + tail_length)
    tail = b"\x01\x00\x00\xff\xff" + pack("<II", total, length)
    return head + b"".join(code) + end_again + tail + end_again + tail


def quine(name: bytes = b"rq") -> bytes:
    """The file whose sum is its own. Raises ValueError for a name for which there is none."""
    none = zlib.crc32(file(name, 0))
    # Column by column: what a bit of the sum changes in the sum of all, and itself.
    rows = [[0] * 33 for _ in range(32)]
    for bit in range(32):
        changed = zlib.crc32(file(name, 1 << bit)) ^ none ^ (1 << bit)
        for row in range(32):
            rows[row][bit] = changed >> row & 1
    for row in range(32):
        rows[row][32] = none >> row & 1
    for column in range(32):
        pivot = next((row for row in range(column, 32) if rows[row][column]), None)
        if pivot is None:
            raise ValueError("no sum fits this name")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(32):
            if row != column and rows[row][column]:
                rows[row] = [a ^ b for a, b in zip(rows[row], rows[column], strict=True)]
    return file(name, sum(rows[bit][32] << bit for bit in range(32)))
