"""Look into an image: unpack it, find its root file systems, and ask each inspector what it sees there.

It runs in a child with a work folder, which is its current folder.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import structs

from shelfworthy.model import Cause, NotSeen, Seen
from shelfworthy.readers.firmware.components import components
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.folder_tree import FolderTree, looks_like_root
from shelfworthy.readers.firmware.contents.hashes import Trying
from shelfworthy.readers.firmware.contents.inspectors import INSPECTORS, TRIED
from shelfworthy.readers.firmware.contents.unpack import Unpacked, unpack
from shelfworthy.seen.components import rules
from shelfworthy.seen.firmware import FirmwareComponents, FirmwareContents

LARGEST = 192 << 20  # bytes of a file
CHUNK = 1 << 20
MOST = 2000  # facts of one kind


def read(file: BinaryIO, name: str) -> Iterator[Seen]:
    """Both observations. Raises NotSeen where the file is empty, or larger than is read."""
    image = Path("image")
    length, digest = copied(file, image, name)
    unpacked = unpack(image, Path.cwd())
    trees, unpacked = planted(unpacked)
    try:
        full = space_is_used_up()
        truncated = unpacked.truncated or full or any(tree.truncated for tree in trees)
        yield contents(length, digest, unpacked, trees, truncated)
        yield made_of(digest, unpacked, trees, truncated)
    finally:
        for tree in trees:
            tree.close()


def copied(file: BinaryIO, to: Path, name: str) -> tuple[int, str]:
    """The image into the work folder; its length and SHA-256."""
    length, digest = 0, sha256()
    with to.open("wb") as image:
        while chunk := file.read(CHUNK):
            length += len(chunk)
            if length > LARGEST:
                words = f"{name} is larger than {LARGEST >> 20} MiB, which is not unpacked."
                raise NotSeen(Cause.NOT_UNDERSTOOD, words)
            digest.update(chunk)
            image.write(chunk)
    if not length:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{name} is empty.")
    return length, digest.hexdigest()


def planted(unpacked: Unpacked) -> tuple[list[FolderTree], Unpacked]:
    """A tree of each part that has a folder; and the parts, told how many files are in each."""
    trees, parts = [], list(unpacked.parts)
    for number, folder in unpacked.folders.items():
        inner = frozenset(
            str(other.relative_to(folder))
            for other in unpacked.folders.values()
            if other != folder and other.is_relative_to(folder)
        )
        tree = FolderTree(str(folder), number, nested=inner)
        tree.root = looks_like_root(tree)
        trees.append(tree)
        count = sum(1 for _ in tree.files())
        parts[number] = structs.replace(parts[number], root=tree.root, files=count)
        if tree.truncated and parts[number].opened:
            why = "It holds more files, or deeper ones, than are looked at."
            parts[number] = structs.replace(parts[number], opened=False, why=why)
    return trees, unpacked._replace(parts=tuple(parts))


def space_is_used_up() -> bool:
    """Whether the work folder has reached one of its bounds: then nobody knows what is missing.

    A fiftieth of it may be free again: what could not be finished was taken away.
    """
    left = os.statvfs(".")
    return left.f_bavail <= left.f_blocks // 50 or left.f_favail <= left.f_files // 50


def contents(
    length: int, digest: str, unpacked: Unpacked, trees: list[FolderTree], truncated: bool
) -> FirmwareContents:
    seen = FirmwareContents(
        length=length,
        sha256=digest,
        parts=unpacked.parts,
        accounts=(),
        secrets=(),
        services=(),
        updaters=(),
        names=(),
        programs=(),
        tried=TRIED,
        truncated=truncated,
        left=(),
    )
    trying, left = Trying(), Bounds("files")
    several = [left]
    for what, (inspect, most) in INSPECTORS.items():
        found: list[Any] = []
        bounds = Bounds(what, trying)
        for tree in trees:
            here = list(islice(inspect(tree, bounds), most + 1))
            if stands_for(here) > most or len(found) + len(here) > MOST:
                bounds.note(tree.part, "", f"there are more {what} in it than are listed")
                truncated = True
            found += here[: min(most, MOST - len(found))]
        seen = structs.replace(seen, **{what: tuple(found)})
        several.append(bounds)
    for tree in trees:
        for path, why in tree.unread.items():
            left.note(tree.part, path, why)
    truncated |= any(tree.truncated for tree in trees) or any(bounds.more for bounds in several)
    every = tuple(one for bounds in several for one in bounds.left)
    return structs.replace(seen, truncated=truncated, left=every)


def stands_for(facts: list[Any]) -> int:
    """How many facts these are: one of programs stands for all that are hardened alike."""
    return sum(getattr(fact, "count", 1) for fact in facts)


def made_of(digest: str, unpacked: Unpacked, trees: list[FolderTree], truncated: bool) -> FirmwareComponents:
    """What software of others it is made of."""
    found = components(trees)
    skipped = any(tree.skipped or tree.truncated for tree in trees)
    opened = all(part.opened for part in unpacked.parts)
    return FirmwareComponents(
        sha256=digest,
        components=found.components,
        whole=found.whole and opened and not truncated and not skipped,
        rules=len(rules()),
        truncated=truncated or found.truncated,
    )
