"""An audit as one piece of bytes, to send it elsewhere and back."""

import shutil
from pathlib import Path, PurePosixPath

from shelfworthy.model import Record
from shelfworthy.record import Unreadable, verify

PARTS = ("evidence", "judgements")
LARGEST = 256 << 20  # bytes of all files


class Parcel(Record, frozen=True):
    """The files of `NAME.audit` by their paths in it."""

    files: dict[str, bytes]


def packed(folder: Path) -> Parcel:
    """What lies in an audit's folder, nothing if there is none. Raises OSError."""
    files = (path for part in PARTS for path in sorted((folder / part).rglob("*")) if path.is_file())
    return Parcel(files={path.relative_to(folder).as_posix(): path.read_bytes() for path in files})


def unpack(parcel: Parcel, folder: Path) -> None:
    """Write the files into a folder. Raises Unreadable for what is no audit's, OSError."""
    if sum(map(len, parcel.files.values())) > LARGEST:
        raise Unreadable(f"{folder.name}: what came back is more than {LARGEST >> 20} MiB; it was left out.")
    for name in parcel.files:
        path = PurePosixPath(name)
        if path.parts[:1] not in {(part,) for part in PARTS} or ".." in path.parts or "\0" in name:
            raise Unreadable(f"{folder.name}: what came back is no audit; it was left out.")
    for name, content in parcel.files.items():
        path_there = folder / name
        path_there.parent.mkdir(parents=True, exist_ok=True)
        path_there.write_bytes(content)


def settle(parcel: Parcel, folder: Path, text: bytes) -> str:
    """Put an audit that came back where it belongs, whole or not at all; the digest of its evidence.

    What was begun there before went with the order, so it is in what came back. text: the product
    file it must be of. Raises Unreadable, OSError.
    """
    new, old = (folder.with_name(f".{folder.name}.{end}") for end in ("part", "old"))
    for left in (new, old):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    unpack(parcel, new)
    found = verify(new)
    if found.problems:
        shutil.rmtree(new)
        raise Unreadable(f"{folder.name}: what came back is not whole: {found.problems[0]}")
    if parcel.files.get("evidence/product.toml") != text:
        shutil.rmtree(new)
        raise Unreadable(f"{folder.name}: what came back is of another product; it was left out.")
    if not any(name.startswith("judgements/") for name in parcel.files):
        shutil.rmtree(new)
        raise Unreadable(f"{folder.name}: what came back was not judged; it was left out.")
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return found.digest
