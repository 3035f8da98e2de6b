"""Which products of a catalogue are finished: one line each in an append-only file, on disk before it counts.

What is kept in memory of a finished product is one number. Only one run at a time may have the ledger.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from shelfworthy.audit.executor import Done
from shelfworthy.model import Record, canonical, digest
from shelfworthy.record import Unreadable
from shelfworthy.record.store import read_if_there

FILE = "catalogue.jsonl"


class Line(Record, frozen=True):
    """A finished product. audit: its folder. digest: of its evidence. line: in the catalogue at that time."""

    audit: str
    digest: str
    line: int


DECODER = msgspec.json.Decoder(Line)


class Taken(Exception):
    """The folder is not ours to write into: another run is at work there, or it is a file."""


class Ledger:
    """The ledger of a folder, open for appending until the end of the block."""

    def __init__(self, folder: Path) -> None:
        """Make the folder if need be. Raises Taken, Unreadable, OSError."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise Taken(f"{folder}: there is a file in its place. Name another --out.") from None
        self._path = folder / FILE
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._marks = self._read()
        except BlockingIOError:
            os.close(self._file)
            raise Taken(
                f"{folder}: another run is at work there. Wait for it, or name another --out."
            ) from None
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def finished(self, folder: Path) -> str:
        """The digest of an audit's evidence, if it is there as it was when its line was written; else ""."""
        manifest = read_if_there(folder / "evidence/manifest.json")
        if manifest is None:
            return ""
        now = digest(manifest)
        return now if _mark(folder.name, now) in self._marks else ""

    def keep(self, done: Iterable[Done]) -> None:
        """Put a line on disk for each product that was audited whole; then they are finished."""
        lines = [Line(audit=one.audit, digest=one.digest, line=one.line) for one in done if one.digest]
        if lines:
            left = b"".join(canonical(line) + b"\n" for line in lines)
            while left:  # a disk that is nearly full takes a part, and then none: that ends the run
                left = left[os.write(self._file, left) :]
            os.fsync(self._file)
            self._marks.update(_mark(line.audit, line.digest) for line in lines)

    def _read(self) -> set[int]:
        """The marks of all lines. What a killed run left of its last line is taken away."""
        marks = set()
        whole = 0
        with self._path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    os.ftruncate(self._file, whole)
                    break
                whole += len(line)
                try:
                    read = DECODER.decode(line)
                except msgspec.DecodeError as error:
                    words = f"{self._path}:{number}: {error}. Begin anew with another --out."
                    raise Unreadable(words) from error
                marks.add(_mark(read.audit, read.digest))
        return marks


def _mark(audit: str, evidence: str) -> int:
    return int(digest(f"{audit} {evidence}".encode())[:16], 16)
