"""The documents of a file, an archive or a folder, one after the other, and the digest of all of it."""

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from shelfworthy.vulndata.documents import LARGEST, SUFFIXES
from shelfworthy.vulndata.words import NotUnderstood

MOST = 2_000_000  # documents of one archive or folder
MOST_BYTES = 32 << 30  # that an archive unpacks to
CHUNK = 1 << 20


def digest_of(path: Path, tell: Callable[[int], None] = lambda read: None) -> str:
    """SHA-256 of a file; of a folder that of the list of its documents, by path, with theirs. tell: is told
    after each of these how many there were.
    """
    if path.is_dir():
        listing = hashlib.sha256()
        for number, inner in enumerate(_inside(path), 1):
            tell(number)
            listing.update(f"{inner.relative_to(path).as_posix()} {digest_of(inner)}\n".encode())
        return listing.hexdigest()
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def documents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of every document. Raises NotUnderstood, OSError."""
    if path.is_dir():
        for inner in _inside(path):
            yield inner.relative_to(path).as_posix(), _start(inner)
    elif zipfile.is_zipfile(path):
        with path.open("rb") as opened:
            yield from _archive(opened, nested=True)
    else:
        yield path.name, _start(path)


def _inside(folder: Path) -> Iterator[Path]:
    """What of a folder may be a document, by path in order; links lead elsewhere and are left out."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            inner = Path(place, name)
            if inner.suffix.lower() in SUFFIXES and not inner.is_symlink():
                yield inner


def _start(path: Path) -> bytes:
    """A document, one byte more than it may have."""
    with path.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _archive(opened: IO[bytes], *, nested: bool) -> Iterator[tuple[str, bytes]]:
    """The documents of a zip file, and of one zip file in it: so the list of all CVE records comes."""
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(opened) as archive:
            members = sorted(archive.infolist(), key=lambda one: one.filename)
            if len(members) > MOST:
                raise NotUnderstood(f"an archive of more than {MOST:,} files")
            for member in members:
                suffix = PurePosixPath(member.filename).suffix.lower()
                if suffix == ".zip" and nested:
                    with archive.open(member) as inner, _spooled(inner) as whole:
                        yield from _archive(whole, nested=False)
                elif suffix in SUFFIXES:
                    with archive.open(member) as inner:
                        content = inner.read(LARGEST + 1)
                    left -= len(content)
                    if left < 0:
                        raise NotUnderstood(f"an archive of more than {MOST_BYTES >> 30} GiB")
                    yield member.filename, content
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as wrong:
        raise NotUnderstood(f"an archive that cannot be unpacked ({wrong})") from None


def _spooled(inner: IO[bytes]) -> IO[bytes]:
    """A copy that can be sought, on disk where it is large."""
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=64 << 20)  # noqa: SIM115 - the caller closes it
    left = MOST_BYTES >> 3
    while chunk := inner.read(CHUNK):
        left -= len(chunk)
        if left < 0:
            copy.close()
            raise NotUnderstood(f"an archive in an archive of more than {MOST_BYTES >> 33} GiB")
        copy.write(chunk)
    copy.seek(0, io.SEEK_SET)
    return copy
