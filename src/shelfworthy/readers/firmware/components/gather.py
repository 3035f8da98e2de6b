"""The components of all parts of an image: what its programs show, and what package lists say.

What a file shows decides; a list adds what nothing showed. A text that only mentions a component is no
program: of files that are text, and of pictures and archives, nothing is read.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shelfworthy.readers.firmware.components.packages import LISTS, listed
from shelfworthy.readers.firmware.components.scan import Shown, shown
from shelfworthy.readers.firmware.contents.tree import LARGEST, File, Tree
from shelfworthy.seen.components import rules
from shelfworthy.seen.firmware_contents import Component, Place, Source

PLACES = 8  # that are kept of one component
MOST = 500  # components
MOST_BYTES = 2 << 30  # that are read of all files
BEGINS = 4096  # bytes by which it is told whether a file is text
SMALLEST = 64  # bytes that a program has at least
SOURCES: tuple[Source, ...] = ("bytes", "file name", "package list")  # the first decides
PATHS = tuple((rule.name, re.compile(rule.path)) for rule in rules() if rule.path)
MODULES = (".ko", ".ko.gz", ".ko.xz", ".ko.zst")  # of a kernel
# What holds data of others: archives, pictures, sound, translations, bytecode of Python, databases of SQLite.
DATA = (
    b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"\x89PNG", b"\xff\xd8\xff",
    b"GIF8", b"RIFF", b"OggS", b"ID3", b"\xde\x12\x04\x95", b"\x95\x04\x12\xde", b"SQLite format 3\x00",
    b"%PDF", b"wOFF", b"wOF2", b"\x00\x01\x00\x00\x00", b"!<arch>\ndebian",
)  # fmt: skip


class Recognised(NamedTuple):
    """whole: whether every file was read whole. truncated: whether there are more components than these."""

    components: tuple[Component, ...]
    whole: bool
    truncated: bool


class _Found(NamedTuple):
    version: str
    says: str
    source: Source
    place: Place


def components(trees: Iterable[Tree]) -> Recognised:
    """Every component of the parts of an image, by name and version. Purely: the same trees, the same
    words."""
    found: dict[str, list[_Found]] = {}
    whole, left = True, MOST_BYTES
    for tree in trees:
        for file in tree.files():
            if file.target or file.length < SMALLEST:
                continue
            left -= min(file.length, LARGEST)
            whole = whole and file.length <= LARGEST and left >= 0
            if left >= 0:
                for name, one in _of_file(tree, file):
                    found.setdefault(name, []).append(one)
    told = [component for name in sorted(found) for component in _told(name, found[name])]
    return Recognised(tuple(told[:MOST]), whole and len(told) <= MOST, len(told) > MOST)


def _of_file(tree: Tree, file: File) -> Iterator[tuple[str, _Found]]:
    """What one file shows. Its name counts only where it is a program or a module."""
    content = tree.content(file)
    if file.path in LISTS:
        for entry in listed(content):
            place = Place(tree.part, file.path, entry.at, entry.length)
            yield entry.name, _Found(entry.version, entry.says, "package list", place)
        return
    if is_binary(content):
        for one in shown(content):
            yield one.name, _Found(one.version, one.says, "bytes", _place(tree, file, one))
    module = file.path.endswith(MODULES) and b"\x00" in content[:BEGINS]
    if module or content.startswith(b"\x7fELF"):
        for name, path in PATHS:
            if (match := path.search(file.path)) is not None:
                version = match[1] if path.groups else ""
                place = Place(tree.part, file.path, 0, 0)
                yield name, _Found(version, _tail(file.path), "file name", place)


def _place(tree: Tree, file: File, one: Shown) -> Place:
    return Place(tree.part, file.path, one.at, one.length)


def _tail(path: str) -> str:
    return path if len(path) <= 120 else "…" + path[-119:]


def is_binary(content: bytes) -> bool:
    """Whether it may be a program or an image: neither text, nor of a kind that holds only data."""
    return b"\x00" in content[:BEGINS] and not content.startswith(DATA)


def _told(name: str, found: list[_Found]) -> Iterator[Component]:
    """One component for each version that its best source tells; where none tells one, one without."""
    for source in SOURCES:
        told = sorted({one.version for one in found if one.source == source and one.version})
        for version in told:
            yield _component(name, [one for one in found if one.version == version], version)
        if told:
            return
    yield _component(name, found, "")


def _component(name: str, found: list[_Found], version: str) -> Component:
    first = min(found, key=lambda one: SOURCES.index(one.source))
    places = tuple(one.place for one in found[:PLACES])
    return Component(name=name, version=version, says=first.says, source=first.source, places=places)
