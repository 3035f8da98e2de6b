"""cpio archives in their newer form, with or without check sums."""

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import NotThis, View, text

PLAIN, SUMMED = b"070701", b"070702"
HEADER, MOST = 110, 256  # bytes; members
LAST = "TRAILER!!!"
LONGEST_NAME = 256


class Member(Record, frozen=True):
    """A file of an archive. at: where its content begins; sum: that of its bytes, None where none is kept."""

    name: str
    at: int
    size: int
    content: View
    sum: int | None

    @property
    def right(self) -> bool:
        """Whether its bytes come to their sum."""
        return self.sum is None or sum(self.content.content) & 0xFFFFFFFF == self.sum


def members(view: View) -> tuple[list[Member], int]:
    """The files of an archive, and how long it is: longer than what is there where it is cut off.

    Raises NotThis where something else goes on before its end.
    """
    found: list[Member] = []
    at = 0
    while len(found) < MOST:
        if at + HEADER > len(view):
            return found, max(at, len(view) + 1)
        magic, fields = view.take(at, 6), view.take(at + 6, HEADER - 6)
        try:
            numbers = [int(fields[place : place + 8], 16) for place in range(0, len(fields), 8)]
        except ValueError:
            raise NotThis from None
        size, long, sum_ = numbers[6], numbers[11], numbers[12]
        if magic not in (PLAIN, SUMMED) or not 0 < long <= LONGEST_NAME:
            raise NotThis
        name = text(bytes(view.slice(at + HEADER, long).content), LONGEST_NAME)
        at = at + HEADER + long + 3 & ~3
        if name == LAST:
            return found, at
        content = view.slice(at, size)
        found.append(Member(name, at, size, content, sum_ if magic == SUMMED else None))
        at = at + size + 3 & ~3
    raise NotThis
