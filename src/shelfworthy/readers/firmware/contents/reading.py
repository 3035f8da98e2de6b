"""Look into an image: unpack it, find its root file systems, and ask each inspector what it sees there.

It runs in a child with a work folder, which is its current folder.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from msgspec import structs

from shelfworthy.model import Cause, NotSeen, Seen
from shelfworthy.readers.firmware.contents.asking import Told, asked
from shelfworthy.readers.firmware.contents.folder_tree import FolderTree, looks_like_root
from shelfworthy.readers.firmware.contents.inspectors import TRIED
from shelfworthy.readers.firmware.contents.unpack import Unpacked, unpack
from shelfworthy.seen.components import rules
from shelfworthy.seen.firmware import FirmwareComponents, FirmwareContents

LARGEST = 192 << 20  # bytes of a file
CHUNK = 1 << 20


def read(file: BinaryIO, name: str) -> Iterator[Seen]:
    """Both observations. Raises NotSeen where the file is empty, or larger than is read."""
    image = Path("image")
    length, digest = copied(file, image, name)
    unpacked = unpack(image, Path.cwd())
    trees, unpacked = planted(unpacked)
    try:
        full = space_is_used_up()
        truncated = unpacked.truncated or full or any(tree.truncated for tree in trees)
        told = asked(trees)
        yield contents(length, digest, unpacked, told, truncated)
        yield made_of(digest, unpacked, told, truncated)
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


def contents(length: int, digest: str, unpacked: Unpacked, told: Told, truncated: bool) -> FirmwareContents:
    return FirmwareContents(
        length=length,
        sha256=digest,
        parts=unpacked.parts,
        tried=TRIED,
        truncated=truncated or told.more or told.cut,
        left=told.left,
        **told.facts,
    )


def made_of(digest: str, unpacked: Unpacked, told: Told, truncated: bool) -> FirmwareComponents:
    """What software of others it is made of."""
    found = told.components
    opened = all(part.opened for part in unpacked.parts)
    return FirmwareComponents(
        sha256=digest,
        components=found.components,
        whole=found.whole and opened and not (truncated or told.cut or told.skipped),
        rules=len(rules()),
        truncated=truncated or found.truncated,
    )
