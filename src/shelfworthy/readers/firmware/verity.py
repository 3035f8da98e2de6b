"""The tree of hashes that dm-verity keeps behind what it protects (its version 1, with SHA-256)."""

from hashlib import sha256

BLOCK = 4096


def root(content: memoryview, salt: bytes) -> tuple[bytes, bytes]:
    """The hash at the top of the tree over content, and the tree as it is stored, its top first."""
    salted = sha256(salt)
    levels: list[bytes] = []
    blocks = content
    while len(blocks) > BLOCK or not levels:
        digests = bytearray()
        for at in range(0, len(blocks), BLOCK):
            one = salted.copy()
            one.update(blocks[at : at + BLOCK])
            digests += one.digest()
        levels.append(bytes(digests) + bytes(-len(digests) % BLOCK))
        blocks = memoryview(levels[-1])
    top = salted.copy()
    top.update(blocks)
    return top.digest(), b"".join(reversed(levels))
