"""The lines of a file that somebody hands in, as text: bounded, and in one encoding from first to last. Pure.

A file is UTF-8 or what a German Excel writes (Windows-1252), never both: its first line that is not plain
ASCII says which, and a line that is the other is a mistake.
"""

from collections.abc import Iterator
from typing import Protocol

from shelfworthy.shelf.catalogue.cells import Harm, Mistake

FILE_BYTES = 512 << 20
LINE_BYTES = 64 << 10
UTF16 = (b"\xff\xfe", b"\xfe\xff")
BOM = b"\xef\xbb\xbf"


class Lines(Protocol):
    """What can be read line by line, in bytes: a file, an upload, the body of a request."""

    def readline(self, size: int = -1, /) -> bytes: ...


class Text:
    """The lines of a file with their numbers, as text or the mistake why not."""

    def __init__(self, file: Lines) -> None:
        self._file, self._number, self._bytes = file, 0, 0
        self._encoding, self._since = "", 0
        self._again: list[tuple[int, str | Mistake]] = []

    def __iter__(self) -> Iterator[tuple[int, str | Mistake]]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> tuple[int, str | Mistake] | None:
        """The next line, or None at the end. After a mistake of `Harm.REST` there is none."""
        if self._again:
            return self._again.pop()
        if self._bytes > FILE_BYTES:
            return None
        content = self._file.readline(LINE_BYTES + 1)
        if not content:
            return None
        self._number += 1
        return self._number, self._read(content)

    def back(self, lines: list[tuple[int, str | Mistake]]) -> None:
        """Lines that were taken in vain: they come again."""
        self._again += reversed(lines)

    def _read(self, content: bytes) -> str | Mistake:
        number = self._number
        self._bytes += len(content)
        if len(content) > LINE_BYTES and not content.endswith(b"\n"):
            self._skip()
            return Mistake(line=number, reason=f"The line is longer than {LINE_BYTES} bytes.")
        if self._bytes > FILE_BYTES:
            reason = f"The file is larger than {FILE_BYTES >> 20} MiB; what begins here was not read."
            return Mistake(line=number, reason=reason, harm=Harm.REST)
        if number == 1:
            if content.startswith(UTF16):
                self._bytes = FILE_BYTES + 1
                reason = "The file is written in UTF-16. Save it as “CSV UTF-8”."
                return Mistake(line=1, reason=reason, harm=Harm.REST)
            if content.startswith(BOM):
                content, self._encoding, self._since = content[len(BOM) :], "utf-8", 1
        return self._decoded(content)

    def _decoded(self, content: bytes) -> str | Mistake:
        number = self._number
        if b"\0" in content:
            return Mistake(line=number, reason="The line holds a NUL byte.")
        if content.isascii():
            return content.decode("ascii")
        found = "utf-8"
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            found = "cp1252"
            text = ""
        if not self._encoding:
            self._encoding, self._since = found, number
        if found != self._encoding:
            reason = (
                "The line is not written as the others:"
                f" the file is {_called(self._encoding)} since line {self._since}."
            )
            return Mistake(line=number, reason=reason)
        if found == "cp1252":
            try:
                text = content.decode(found)
            except UnicodeDecodeError:
                return Mistake(line=number, reason="The line is neither UTF-8 nor Windows-1252.")
        return text

    def _skip(self) -> None:
        """Over the rest of a line."""
        while self._bytes <= FILE_BYTES:
            content = self._file.readline(LINE_BYTES)
            self._bytes += len(content)
            if not content or content.endswith(b"\n"):
                return


def _called(encoding: str) -> str:
    return "UTF-8" if encoding == "utf-8" else "Windows-1252"
