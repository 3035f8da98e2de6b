"""Parcels on their way in: written to disk as they arrive, so many bytes and no more, and gone afterwards.

A parcel that comes in parts stays as far as it came, for a day, so that who sends it can go on after the line
was cut. Its name says whose token sends it: nobody adds to another's.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from shelfworthy.audit.carrying import LARGEST
from shelfworthy.shelf.evidence.kept import DIGEST

CHUNK = 1 << 16
KEPT = 24 * 3600  # seconds
MOST = 8  # parcels of one token that are under way

Take = Callable[[int], bytes]  # reads so many bytes, b"" at the end


class Elsewhere(Exception):
    """A part does not begin where the parcel ends so far. have: bytes that are there."""

    def __init__(self, have: int) -> None:
        super().__init__(f"{have} bytes are there")
        self.have = have


class TooMuch(Exception):
    """More than is taken, in words."""


def folder() -> Path:
    """Where they lie."""
    place = Path(settings.SHELF) / "incoming"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


@contextmanager
def spooled(take: Take) -> Iterator[Path]:
    """A parcel that comes in one piece. Raises TooMuch."""
    with tempfile.NamedTemporaryFile(dir=folder(), prefix=".whole-") as file:
        _pour(take, file.fileno(), LARGEST)
        yield Path(file.name)


def have(sender: int, digest: str) -> int:
    """How many bytes of a parcel are there."""
    try:
        return _place(sender, digest).stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def added(sender: int, digest: str, at: int, take: Take) -> Iterator[tuple[Path, int]]:
    """Add a part to a parcel: where it lies, and how much of it there is. Nobody else adds meanwhile.

    Raises Elsewhere, TooMuch.
    """
    _tidy(sender)
    path = _place(sender, digest)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        there = os.fstat(handle).st_size
        if there != at:
            raise Elsewhere(there)
        os.lseek(handle, 0, os.SEEK_END)
        yield path, there + _pour(take, handle, LARGEST - there)
    finally:
        os.close(handle)


def forget(sender: int, digest: str) -> None:
    """A parcel that came whole, or was refused, is not kept."""
    _place(sender, digest).unlink(missing_ok=True)


def _place(sender: int, digest: str) -> Path:
    if not DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return folder() / f"{sender}-{digest}.part"


def _tidy(sender: int) -> None:
    """Nothing that nobody goes on with stays. Raises TooMuch."""
    for one in folder().glob("*.part"):
        with suppress(FileNotFoundError):
            if time.time() - one.stat().st_mtime > KEPT:
                one.unlink()
    if len(list(folder().glob(f"{sender}-*.part"))) > MOST:
        raise TooMuch(f"More than {MOST} parcels of this token are under way: send one to its end first.")


def _pour(take: Take, handle: int, most: int) -> int:
    """All there is, into a file; how many bytes. Raises TooMuch."""
    written = 0
    while content := take(CHUNK):
        written += len(content)
        if written > most:
            raise TooMuch(f"A parcel has at most {LARGEST >> 20} MiB.")
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
    os.fsync(handle)
    return written
