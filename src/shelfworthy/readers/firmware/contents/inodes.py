"""Write the files of a file system that is a log of names and inodes, for unblob."""

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from unblob.file_utils import FileSystem

LARGEST = 256 << 20  # bytes of one file
DEEPEST = 64  # folders in folders
LONGEST_NAME = 255


class Entry(NamedTuple):
    """A name in a folder."""

    parent: int
    name: bytes
    inode: int


class Inode(NamedTuple):
    """mode: as Linux has it, with the sort of file. content: of a link its target."""

    mode: int
    content: bytes


def write(
    files: FileSystem, root: int, entries: Iterable[Entry], inode: Callable[[int], Inode | None]
) -> bool:
    """Write what lies below an inode; whether each name is one, leads to a file and hangs in the tree.

    Folders are made first, links last: nothing is written through a link.
    """
    below: dict[int, list[Entry]] = {}
    for entry in entries:
        below.setdefault(entry.parent, []).append(entry)
    links: list[tuple[Path, bytes]] = []
    whole = True
    seen = {root}
    waiting = [(root, Path(), 0)]
    while waiting:
        number, folder, depth = waiting.pop()
        for entry in below.pop(number, ()):
            found = inode(entry.inode)
            if found is None or not fit(entry.name):
                whole = False
                continue
            path = folder / os.fsdecode(entry.name)
            if stat.S_ISDIR(found.mode):
                if entry.inode in seen or depth >= DEEPEST:
                    whole = False
                    continue
                seen.add(entry.inode)
                files.mkdir(path, parents=True, exist_ok=True)
                waiting.append((entry.inode, path, depth + 1))
            elif stat.S_ISREG(found.mode):
                files.write_bytes(path, found.content)
                files.chmod(path, stat.S_IMODE(found.mode) | stat.S_IRUSR)
            elif stat.S_ISLNK(found.mode):
                links.append((path, found.content))
    for path, target in links:
        if not target or b"\0" in target:
            whole = False
            continue
        files.create_symlink(Path(os.fsdecode(target)), path)
    return whole and not below


def fit(name: bytes) -> bool:
    """Whether it can be the name of a file."""
    return 0 < len(name) <= LONGEST_NAME and name not in (b".", b"..") and not set(name) & {0, 0x2F}
