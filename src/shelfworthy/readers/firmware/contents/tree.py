"""The files of one unpacked part, as those who look for facts in them get them: never a file of this machine.

Every path is one of the part itself ("etc/passwd", without a leading slash, never with ".."). Links are not
followed by reading: `resolve` follows them within the part.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

LARGEST = 64 << 20  # bytes of one file that are read


class File(NamedTuple):
    """A file, or a link (`target`, as it is written; "" for a file). mode: permission bits."""

    path: str
    mode: int
    length: int
    target: str


class Tree(Protocol):
    """One part that was opened, by its number in the evidence."""

    part: int
    root: bool

    def files(self) -> Iterator[File]:
        """Every file and link, by path in order."""

    def find(self, path: str) -> File | None:
        """What lies at a path, links in it followed within the part, absolute ones from its root."""

    def content(self, file: File) -> bytes:
        """What a file holds, at most `LARGEST` bytes of it."""
