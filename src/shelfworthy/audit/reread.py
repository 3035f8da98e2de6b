"""Read files of an audit again with the readers of today, and keep what they see beside what was seen.

A file is known by its hash: one that did not stay with the evidence is the one whose hash did. Nobody is
contacted, nothing that was kept is changed; with what is added the evidence has another digest.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from shelfworthy.audit.one_look import Tell, fits
from shelfworthy.audit.reading import Reading
from shelfworthy.model import AnySurface, Observation, Record, Seen
from shelfworthy.readers import READERS, Reader
from shelfworthy.record import Evidence, Recorder, Unreadable, kept_hash, load_evidence, verify

SECONDS = 300.0  # for one audit
PIECE = 1 << 20


class Reread(Record, frozen=True):
    """What came of it. read: (surface, reader) that were read. missing: names of files that nobody gave.

    digest: of the evidence now.
    """

    read: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    digest: str


async def reread(
    folder: Path, files: Mapping[str, Path], tell: Tell, readers: Sequence[Reader] = READERS
) -> Reread:
    """Read what a newer reader may see more of. files: by SHA-256. Raises Unreadable, OSError.

    A file that this very reader has read whole is left alone: it would see the same.
    """
    if problems := verify(folder).problems:
        raise Unreadable(f"{folder}: {problems[0]} Nothing was read again.")
    evidence = load_evidence(folder)
    if (folder / "evidence" / "redactions.json").exists():
        raise Unreadable(f"{folder}: something in it was redacted, which closed it. Nothing was read again.")
    due = list(_due(evidence, readers))
    found = {surface.id: _file(folder, surface, files) for surface, _ in due}
    missing = {surface.file for surface, _ in due if found[surface.id] is None}
    able = [(surface, reader, file) for surface, reader in due if (file := found[surface.id]) is not None]
    if not able:
        return Reread(read=(), missing=tuple(sorted(missing)), digest=evidence.digest)
    recorder = Recorder(folder, (folder / "evidence" / "product.toml").read_bytes(), {})
    ends = asyncio.get_running_loop().time() + SECONDS
    try:
        for surface, reader, file in able:
            one = Reading(surface, reader, recorder, _observer(evidence), tell, _not_followed, file)
            await one.run(ends)
    finally:
        digest = recorder.close()
    read = tuple((surface.id, reader.by) for surface, reader, _ in able)
    return Reread(read=read, missing=tuple(sorted(missing)), digest=digest)


def by_hash(given: Iterable[Path]) -> dict[str, Path]:
    """Files, and those in folders, by their SHA-256. Raises OSError."""
    return {_hash(path): path for one in given for path in _files(one)}


def _due(evidence: Evidence, readers: Sequence[Reader]) -> Iterator[tuple[AnySurface, Reader]]:
    whole = {(look.surface, look.by) for look in evidence.looks if look.complete}
    for surface in evidence.product.surface:
        for reader in readers:
            if fits(reader, surface) and (surface.id, reader.by) not in whole:
                yield surface, reader


def _file(folder: Path, surface: AnySurface, files: Mapping[str, Path]) -> Path | None:
    kept = folder / "evidence" / "supplied" / surface.file
    if not kept.is_file():
        return None
    named = kept_hash(kept)
    return files.get(named) if named else kept


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (one for one in sorted(path.rglob("*")) if one.is_file() and not one.is_symlink())
    else:
        yield path


def _hash(path: Path) -> str:
    made = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            made.update(piece)
    return made.hexdigest()


def _observer(evidence: Evidence) -> str:
    return next((look.observer for look in evidence.looks), "")


def _not_followed(observation: Observation[Seen]) -> None:
    """What it mentions is in the evidence; whoever wants to follow that looks again."""
