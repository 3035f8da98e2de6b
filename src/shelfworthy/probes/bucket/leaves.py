"""Read the XML of a storage server: a bounded, flat view of the elements we ask for. Never raises.

No document type is accepted, so there is nothing to expand; there is no tree, so depth costs nothing.
"""

from collections.abc import Collection
from xml.parsers import expat

from msgspec import Struct

DEEPEST = 32
MOST = 20_000  # elements asked for, in one document: a page of 1000 objects has 4000
LONGEST = 4096  # characters of text in one of them; a key has at most 1024 bytes


class Leaves(Struct, frozen=True):
    """root: local name of the outermost element, "" if it is no XML.

    found: (local name, text) of the elements asked for, in the order they end. whole: read to its end.
    """

    root: str
    found: tuple[tuple[str, str], ...]
    whole: bool


class _Stop(Exception):
    """Enough read."""


def leaves(document: bytes, wanted: Collection[str]) -> Leaves:
    """The wanted elements of a document, whatever their namespace; those before a fault if it has one."""
    reading = _Reading(wanted)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.refuse
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, _Stop, LookupError, ValueError):  # the last two: of encodings
        return Leaves(root=reading.root, found=tuple(reading.found), whole=False)
    return Leaves(root=reading.root, found=tuple(reading.found), whole=True)


class _Reading:
    def __init__(self, wanted: Collection[str]) -> None:
        self.root = ""
        self.found: list[tuple[str, str]] = []
        self._wanted = frozenset(wanted)
        self._depth = 0
        self._text = ""

    def refuse(self, *_: object) -> None:
        raise _Stop

    def start(self, name: str, _: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST or len(self.found) >= MOST:
            raise _Stop
        if self._depth == 1:
            self.root = _local(name)[:64]
        self._text = ""

    def text(self, some: str) -> None:
        if len(self._text) < LONGEST:
            self._text = (self._text + some)[:LONGEST]

    def end(self, name: str) -> None:
        self._depth -= 1
        local = _local(name)
        if local in self._wanted:
            self.found.append((local, self._text))
        self._text = ""


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
