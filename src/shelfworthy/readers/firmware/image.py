"""Unwrap a firmware image: every wrapping that is recognised, from the outermost to the innermost.

A file is looked at from its beginning. What is not recognised there, or goes on after what was, is searched
for formats whose beginnings are distinct. What containers hold is looked into the same way, so deep and so
far as the bounds below allow; past these the answer says `truncated`.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from cryptography.exceptions import UnsupportedAlgorithm
from msgspec import structs

from shelfworthy.model import Cause, NotSeen
from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.formats import FORMATS
from shelfworthy.readers.firmware.keys import Keys, keys_of
from shelfworthy.seen.firmware import Container, FirmwareImage

LARGEST = 192 << 20  # bytes of a file
DEEPEST = 8  # containers in containers
MOST = 256  # containers of one file
MOST_TRIED = 4096  # places at which a beginning was found
PADDING = b"\x00\xff"  # what nothing is written as
UNPACKED = 64 << 20  # bytes that all unpacking may come to


def read(file: BinaryIO, name: str, public_key: str = "") -> Iterator[FirmwareImage]:
    """One observation. public_key: PEM. Raises NotSeen where that is none, or the file is empty."""
    try:
        keys = keys_of(public_key)
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise NotSeen(
            Cause.NOT_UNDERSTOOD, f"The public key given for {name} cannot be used: {wrong}."
        ) from None
    content = file.read(LARGEST + 1)  # a map would need a second descriptor, which the child may not have
    if not content:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{name} is empty.")
    if len(content) > LARGEST:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{name} is larger than {LARGEST >> 20} MiB, which is not read.")
    yield seen_in(content, keys)


def seen_in(content: bytes | memoryview, keys: Keys) -> FirmwareImage:
    """What is recognised in these bytes."""
    unwrapping = Unwrapping(keys)
    covered = unwrapping.look(Inside("", 0, View(content), searched=True), inside=-1, base=0, depth=0)
    return FirmwareImage(
        length=len(content),
        sha256=sha256(content).hexdigest(),
        containers=tuple(unwrapping.found),
        covered=covered,
        truncated=unwrapping.truncated,
    )


class Unwrapping:
    """What was found so far, and what may still be spent on finding more."""

    def __init__(self, keys: Keys) -> None:
        self.found: list[Container] = []
        self.truncated = False
        self._keys = keys
        self._tries = MOST_TRIED
        self._unpacked = UNPACKED

    def look(self, part: Inside, inside: int, base: int, depth: int) -> int:
        """Look into bytes; how many of them lie in containers, or are padding.

        base: where they begin in the file; -1 where they were unpacked.
        """
        view, end = part.content, 0
        spans: list[tuple[int, int]] = []
        told = (part.format,) if part.format else FORMATS
        if parsed := self._recognised(view, told, searched=False):
            end = self._add(parsed, part.part, inside, base, 0, view, depth)
            spans.append((0, end))
        if not part.searched:
            return accounted(spans, view)
        beginnings, at, left = Beginnings(view), end, MOST_TRIED
        while left and (at := beginnings.after(at)) >= 0 and not self._spent():
            rest = view.slice(at, len(view))
            if parsed := self._recognised(rest, FORMATS, searched=True):
                end = self._add(parsed, part.part, inside, base, at, rest, depth)
                spans.append((at, end))
            at, left = max(end, at + 1), left - 1  # what was recognised looked into itself
        self.truncated |= not left and beginnings.after(at) >= 0
        return accounted(spans, view)

    def _recognised(self, view: View, formats: tuple[Format, ...], *, searched: bool) -> Parsed | None:
        """What bytes begin with, if any of these."""
        for format_ in formats:
            if (searched and not format_.searched) or not format_.may_begin(view) or self._spent():
                continue
            self._tries -= 1
            try:
                return format_.parse(view, self._keys).of(format_.name)
            except NotThis:
                continue
        return None

    def _add(self, parsed: Parsed, part: str, inside: int, base: int, at: int, view: View, depth: int) -> int:
        """Note a container and look into it; where it ends in what it lies in."""
        number, place = len(self.found), base + at if base >= 0 else -1
        self.found.append(as_seen(parsed, part, inside, place, at, len(view)))
        end = max(at + min(parsed.length, len(view)), at + 1)
        rest = 0
        for one in parsed.inside if depth < DEEPEST else ():
            unpacked = len(one.content) if one.at < 0 else 0
            if self._spent() or unpacked > self._unpacked:
                self.truncated = True
                return end
            self._unpacked -= unpacked
            start = place + one.at if place >= 0 and one.at >= 0 else -1
            rest += len(one.content) - self.look(one, number, start, depth + 1)
        self.truncated |= depth >= DEEPEST and bool(parsed.inside)
        self.found[number] = structs.replace(self.found[number], rest=rest)
        return end

    def _spent(self) -> bool:
        if len(self.found) >= MOST or self._tries <= 0:
            self.truncated = True
        return self.truncated


def as_seen(parsed: Parsed, part: str, inside: int, place: int, at: int, there: int) -> Container:
    """A container as evidence keeps it. there: bytes that were there from its beginning."""
    return Container(
        format=parsed.format,
        part=part,
        inside=inside,
        at=place if place >= 0 else at,
        length=parsed.length,
        whole=parsed.whole and parsed.length <= there,
        decoded=place < 0,
        sum=parsed.sum,
        sum_by=parsed.sum_by,
        signs=parsed.signs,
        signatures=parsed.signatures,
        encrypted=parsed.encrypted,
        opaque=parsed.opaque,
        version=parsed.version,
        rollback=parsed.rollback,
        rest=0,
    )


class Beginnings:
    """Where in bytes formats that are searched for may begin."""

    def __init__(self, view: View) -> None:
        content = view.content
        whole = content.obj
        self._raw = whole if isinstance(whole, bytes) and len(whole) == len(content) else bytes(content)
        self._next = {one: -1 for format_ in FORMATS if format_.searched for one in format_.starts}

    def after(self, at: int) -> int:
        """The first place from this one on; -1 if there is none. Asked in ascending order."""
        for one, place in self._next.items():
            if place < at:
                found = self._raw.find(one[1], at + one[0])
                self._next[one] = found - one[0] if found >= 0 else len(self._raw)
        first = min(self._next.values())
        return first if first < len(self._raw) else -1


def accounted(spans: list[tuple[int, int]], view: View) -> int:
    """Bytes in these spans, which are in order and do not overlap, and of padding between and around them."""
    at, total = 0, 0
    for start, end in (*spans, (len(view), len(view))):
        gap = bytes(view.content[at:start])
        total += end - start + (len(gap) if not gap.strip(PADDING) else 0)
        at = end
    return total
