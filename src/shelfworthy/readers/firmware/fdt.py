"""Flattened device trees (Devicetree Specification, chapter 5), read with bounds.

A tree that names a node or a property twice is none: readers differ in which of the two they take.
"""

from collections.abc import Iterator

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import NotThis, View, text

MAGIC = b"\xd0\x0d\xfe\xed"
HEADER = 40
BEGIN, END, PROPERTY, NOTHING, LAST = 1, 2, 3, 4, 9  # tokens
MOST, DEEPEST = 20_000, 16  # tokens; nodes in nodes
LONGEST_NAME = 256


class Property(Record, frozen=True):
    """A value. at: where it begins in the tree."""

    at: int
    content: View

    @property
    def bytes(self) -> bytes:
        return bytes(self.content.content)

    @property
    def text(self) -> str:
        return text(self.bytes)

    @property
    def texts(self) -> tuple[str, ...]:
        """Values of a list of strings, each ended by a zero."""
        return tuple(text(one, LONGEST_NAME) for one in self.bytes.split(b"\0")[:-1][:MOST])


class Token(Record, frozen=True):
    """One piece of the structure. path: of the node it begins, ends or belongs to; name: of a property."""

    kind: int
    at: int
    end: int
    path: str
    name: str = ""


class Tree(Record, frozen=True):
    """A whole tree. length: as its header says; strings: where the block of names begins, and its length."""

    length: int
    tokens: tuple[Token, ...]
    nodes: dict[str, dict[str, Property]]
    strings: tuple[int, int]

    def children(self, path: str) -> Iterator[tuple[str, str]]:
        """Names and paths of the nodes right in a node."""
        above = path.rstrip("/") + "/"
        for one in self.nodes:
            if one.startswith(above) and one != "/" and "/" not in one[len(above) :]:
                yield one[len(above) :], one

    def text(self, path: str, name: str) -> str:
        """A text of a node, "" if it has none of that name."""
        value = self.nodes.get(path, {}).get(name)
        return value.text if value else ""

    def number(self, path: str, name: str) -> int | None:
        """A number of a node."""
        value = self.nodes.get(path, {}).get(name)
        return value.content.number(">I", 0) if value and len(value.content) == 4 else None


def tree(view: View) -> Tree:
    """The tree that these bytes begin with. Raises NotThis."""
    _, length, structure, names, _, version, _, _, names_size, size = view.numbers(">10I", 0)
    if version != 17 or length < HEADER or structure % 4:
        raise NotThis
    whole = view.slice(0, length)
    if len(whole) < length or structure + size > length or names + names_size > length:
        raise NotThis
    strings = whole.slice(names, names_size)
    tokens: list[Token] = []
    nodes: dict[str, dict[str, Property]] = {}
    path: list[str] = []
    at, end = structure, structure + size
    while len(tokens) < MOST:
        kind = whole.number(">I", at)
        start, at = at, at + 4
        here = "/" + "/".join(path[1:])
        if kind == BEGIN:
            name = named(whole, at)
            at += (len(name) + 4) & ~3
            if len(path) >= DEEPEST or "/" in name or (not path and (name or nodes)) or (path and not name):
                raise NotThis
            path.append(name)
            here = "/" + "/".join(path[1:])
            if here in nodes:
                raise NotThis
            nodes[here] = {}
            tokens.append(Token(kind, start, at, here))
        elif kind == PROPERTY and path:
            long, name_at = whole.numbers(">II", at)
            name, at = named(strings, name_at), at + 8
            if at + long > end or name in nodes[here]:
                raise NotThis
            nodes[here][name] = Property(at, whole.slice(at, long))
            at += (long + 3) & ~3
            tokens.append(Token(kind, start, at, here, name))
        elif kind == END and path:
            path.pop()
            tokens.append(Token(kind, start, at, here))
        elif kind == NOTHING:
            tokens.append(Token(kind, start, at, here))
        elif kind == LAST and nodes and not path and at <= end:
            tokens.append(Token(kind, start, at, here))
            return Tree(length, tuple(tokens), nodes, (names, names_size))
        else:
            raise NotThis
    raise NotThis


def named(view: View, at: int) -> str:
    """A name, up to its zero. Raises NotThis where it is no name."""
    raw, zero, _ = bytes(view.slice(at, LONGEST_NAME).content).partition(b"\0")
    if not zero or not all(0x20 < byte < 0x7F for byte in raw):
        raise NotThis
    return raw.decode()
