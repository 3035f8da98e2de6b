"""What those who look for facts in an image did not look at: whoever reaches a bound says it here.

Nothing passes beside what is said (law 1), so a bound that says nothing is a mistake.
"""

from collections.abc import Iterator, Mapping
from re import Pattern

from shelfworthy.readers.firmware.contents.hashes import Trying
from shelfworthy.readers.firmware.contents.text import Line, lines
from shelfworthy.readers.firmware.contents.tree import File, Tree
from shelfworthy.seen.firmware_contents import Facts, Left, Place

MOST_LEFT = 100  # that are listed
# What is read for one kind of facts in all parts of an image: so much takes seconds, whatever it holds.
MOST: Mapping[str, int] = {
    "lines of text": 1_000_000,
    "commands of scripts": 500_000,
    "keys and certificates": 10_000,
    "web addresses": 200_000,
}
NO_TEXT = "what follows a byte that is no text was not read"


class Bounds:
    """What may still be spent on facts of one kind in an image, and what was left for want of it.

    trying: of passwords, which all kinds share. more: whether more was left than is listed.
    """

    def __init__(self, facts: Facts, trying: Trying | None = None) -> None:
        self.trying = trying or Trying()
        self.more = False
        self._facts: Facts = facts
        self._left: dict[Left, None] = {}
        self._spent = dict.fromkeys(MOST, 0)

    @property
    def left(self) -> tuple[Left, ...]:
        """What was not looked at, in the order it was found."""
        return tuple(self._left)

    def note(self, part: int, path: str, why: str, at: int = 0, length: int = 0) -> None:
        """Say that a file, or all of it from a place on, was not looked at. why: the end of a sentence."""
        one = Left(self._facts, why, Place(part, path, at, length))
        if len(self._left) < MOST_LEFT:
            self._left[one] = None
        elif one not in self._left:
            self.more = True

    def lines(
        self, part: int, path: str, content: bytes, having: Pattern[bytes] | None = None
    ) -> Iterator[Line]:
        """The lines of a text. having: what a line must have to be of interest."""
        for line in lines(content, having):
            if not self.affords("lines of text", part, path, line.at, len(content) - line.at):
                return
            yield line

    def file_lines(self, tree: Tree, file: File | None, *, nulls: bool = False) -> Iterator[Line]:
        """The lines of a file that is text by what it is for. nulls: a byte of zero ends a line there."""
        content = tree.content(file) if file is not None else b""
        if file is None or content.startswith(b"\x7fELF"):
            return
        if nulls:
            content = content.replace(b"\0", b"\n")
        yield from self.lines(tree.part, file.path, self.text(tree.part, file.path, content))

    def text(self, part: int, path: str, content: bytes) -> bytes:
        """What of a script or configuration is text: behind the first byte that is none, nothing is read."""
        end = content.find(b"\0")
        if end < 0:
            return content
        self.note(part, path, NO_TEXT, end, len(content) - end)
        return content[:end]

    def affords(self, what: str, part: int, path: str, at: int, length: int = 0) -> bool:
        """Whether one more of these may be read, a key of `MOST`; if not, says that it was left."""
        if self._spent[what] >= MOST[what]:
            self.note(part, path, f"not more than {MOST[what]:,} {what} are read", at, length)
            return False
        self._spent[what] += 1
        return True
