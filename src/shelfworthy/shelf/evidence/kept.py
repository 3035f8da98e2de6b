"""Where evidence lies that was taken in: SHELF/audits/<digest>/<its beginning>.audit, whole or not at all."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from shelfworthy.audit.opening import Inside
from shelfworthy.record.redact import FILE as REDACTIONS

DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20
UNFINISHED = ".part-"  # begins the name of a folder that is being written
OLD = 24 * 3600  # seconds after which nobody goes on with it


def audits() -> Path:
    """The folder of all of it."""
    return Path(settings.SHELF) / "audits"


def folder_of(digest: str) -> Path:
    """`NAME.audit` of an evidence. Raises ValueError for what is no digest."""
    return Path(path_of(digest))


def path_of(digest: str) -> str:
    """The same as text, for whoever needs those of thousands."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return f"{settings.SHELF}/audits/{digest}/{digest[:16]}.audit"


def redacted(folder: str) -> int:
    """How much stands on record as taken out of `NAME.audit`: it only ever grows."""
    try:
        return os.stat(f"{folder}/evidence/{REDACTIONS}").st_size
    except FileNotFoundError:
        return 0


def settle(
    parcel: Path,
    files: Iterable[Inside],
    digest: str,
    weigh: Callable[[Path], None],
    *,
    anew: bool = False,
) -> int:
    """Put the files of a parcel where they belong, once; how many bytes they have. Raises OSError.

    weigh: looks at `NAME.audit` before it counts; what it raises goes on, and nothing stays. anew: also in
    the place of what is there, of which more was redacted since. They are written and flushed beside it, then
    renamed as one: a crash leaves all or nothing.
    """
    inside = tuple(files)
    size = sum(one.length for one in inside)
    there = folder_of(digest).parent
    if there.is_dir() and not anew:
        weigh(folder_of(digest))
        return size
    audits().mkdir(parents=True, exist_ok=True, mode=0o700)
    _tidy()
    new = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=audits()))
    try:
        with parcel.open("rb") as source:
            for one in inside:
                _copy(source.fileno(), one, new / f"{digest[:16]}.audit" / one.name)
        _flush(new)
        weigh(new / f"{digest[:16]}.audit")
        if there.is_dir() and not anew:  # another put it there meanwhile, and may have redacted it since
            return size
        if there.is_dir():
            there.rename(Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=audits())) / "old")
        try:
            new.rename(there)
        except OSError:
            if not there.is_dir():  # else another has just put the same there
                raise
        _flush(there.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return size


def _tidy() -> None:
    """Nothing stays of a process that was killed."""
    for left in audits().glob(f"{UNFINISHED}*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > OLD:
                shutil.rmtree(left, ignore_errors=True)


def _copy(source: int, one: Inside, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        at, left = one.at, one.length
        while left:
            content = os.pread(source, min(left, CHUNK), at)
            if not content:
                raise OSError(f"{to.name}: the parcel ends before it does.")
            file.write(content)
            at += len(content)
            left -= len(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """The names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
