"""What a format is: how it is recognised, and what one of its containers says.

A format's `parse` is given the bytes from where its beginning was found to the end of what it lies in, and
the keys the product file names. It answers `Parsed`, or raises `NotThis` (or lets `View` raise it) where the
bytes only looked like it. Lengths in a file lie: what a container says of its length is kept as it says it,
and what is there is what counts. Nothing here is trusted, executed or written to disk.
"""

import struct
from collections.abc import Callable
from typing import Any

from msgspec import structs

from shelfworthy.model import Record
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.seen.firmware import Signature, Sum
from shelfworthy.seen.firmware_contents import Answer


class NotThis(Exception):
    """These bytes are not of the format."""


class View:
    """Bytes that are read with bounds: whatever lies beyond their end raises NotThis."""

    __slots__ = ("content",)

    def __init__(self, content: bytes | memoryview) -> None:
        self.content = memoryview(content)

    def __len__(self) -> int:
        return len(self.content)

    def take(self, at: int, length: int) -> bytes:
        """So many bytes."""
        if at < 0 or length < 0 or at + length > len(self.content):
            raise NotThis
        return bytes(self.content[at : at + length])

    def numbers(self, layout: str, at: int) -> tuple[Any, ...]:
        """Numbers of a layout of `struct`."""
        return struct.unpack(layout, self.take(at, struct.calcsize(layout)))

    def number(self, layout: str, at: int) -> int:
        """One number of a layout of `struct`."""
        return int(self.numbers(layout, at)[0])

    def slice(self, at: int, length: int) -> "View":
        """What is there of so many bytes, which may be fewer."""
        return View(self.content[max(0, at) : max(0, at) + max(0, length)])


def text(raw: bytes, most: int = 80) -> str:
    """What people are to read of bytes up to the first zero: printable ASCII, anything else as a dot."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in raw.split(b"\0", 1)[0][:most])


class Inside(Record, frozen=True):
    """What a container holds, to be looked into. part: what the container calls it.

    at: where it begins in the container; -1 where content was unpacked and lies nowhere. Formats are looked
    for at its beginning only, unless it is `searched`. format: what it is, where the container says so and
    the content has no mark of its own.
    """

    part: str
    at: int
    content: View
    searched: bool = False
    format: "Format | None" = None


class Parsed(Record, frozen=True):
    """One container, as `seen.firmware.Container` says; `inside` is what it holds."""

    length: int
    format: str = ""
    sum: Sum = "none"
    sum_by: str = ""
    signs: bool = False
    signatures: tuple[Signature, ...] = ()
    encrypted: Answer = "no"
    opaque: bool = False
    version: str = ""
    rollback: str = ""
    whole: bool = True
    inside: tuple[Inside, ...] = ()

    def of(self, format_: str) -> "Parsed":
        """The same, with the word for its format."""
        return structs.replace(self, format=format_)


class Format(Record, frozen=True):
    """A format. name: our word. starts: what it begins with, at any of these offsets.

    searched: whether its beginning is so distinct that it is looked for anywhere in a file.
    """

    name: str
    starts: tuple[tuple[int, bytes], ...]
    parse: Callable[[View, Keys], Parsed]
    searched: bool = False

    def may_begin(self, view: View) -> bool:
        """Whether bytes begin like it."""
        return any(view.content[at : at + len(magic)] == magic for at, magic in self.starts)


def told_as(parsed: Parsed) -> Format:
    """The format of one part that its container has told all about."""
    return Format(name=parsed.format, starts=((0, b""),), parse=lambda view, keys: parsed)
