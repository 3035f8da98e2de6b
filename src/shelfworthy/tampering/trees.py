"""Where the properties of a flattened device tree lie in a file (Devicetree Specification, chapter 5)."""

import struct
from collections.abc import Iterator

BEGIN, END, PROPERTY, NOTHING = 1, 2, 3, 4
MOST_TOKENS, DEEPEST, LONGEST_NAME = 100_000, 32, 256


def properties(content: bytes) -> Iterator[tuple[str, str, int, int]]:
    """Path of the node, name, where the value begins and how long it is. Raises ValueError, struct.error."""
    _, _, at, strings = struct.unpack_from(">4I", content)
    path: list[str] = []
    for _ in range(MOST_TOKENS):
        (token,) = struct.unpack_from(">I", content, at)
        at += 4
        if token == BEGIN:
            end = content.index(0, at, at + LONGEST_NAME)
            path.append(content[at:end].decode("latin-1"))
            at = (end + 4) & ~3
            if len(path) > DEEPEST:
                raise ValueError
        elif token == END and path:
            path.pop()
        elif token == PROPERTY:
            length, name = struct.unpack_from(">II", content, at)
            start = strings + name
            end = content.index(0, start, start + LONGEST_NAME)
            if at + 8 + length > len(content):
                raise ValueError
            yield "/".join(path), content[start:end].decode("latin-1"), at + 8, length
            at += 8 + ((length + 3) & ~3)
        elif token != NOTHING:
            return
    raise ValueError
