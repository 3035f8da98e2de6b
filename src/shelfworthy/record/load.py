"""Read evidence and judgements back."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec

from shelfworthy.discovery import discover, references
from shelfworthy.model import (
    AnySurface,
    Cause,
    Declaration,
    Gap,
    Judgement,
    Looked,
    Observation,
    Product,
    Record,
    Reference,
    digest,
)
from shelfworthy.product.read import read_product
from shelfworthy.record.quotes import lapsed
from shelfworthy.record.redact import Redaction, redactions
from shelfworthy.record.store import manifest, not_kept, read_if_there, sealed
from shelfworthy.record.verify import verify
from shelfworthy.seen import AnySeen

OBSERVATION = msgspec.json.Decoder(Observation[AnySeen])
GAP = msgspec.json.Decoder(Gap)
LOOKED = msgspec.json.Decoder(Looked)
JUDGEMENT = msgspec.json.Decoder(Judgement)

T = TypeVar("T")
Kept = TypeVar("Kept", Observation[AnySeen], Gap, Looked)


class Unreadable(Exception):
    """A file of an audit that cannot be read: which, and what to do."""


class SeenSurface(Record, frozen=True):
    """A surface nobody declared. decides: an app, firmware or capture names it."""

    surface: AnySurface
    decides: bool


class Outline(Record, frozen=True):
    """What of an evidence the roll-up needs. present: ids of the observations there. supplied: SHA-256.

    seen: the undeclared surfaces that decide or were looked at. known: the data by which they were found.
    lapsed: declarations whose quotes are gone.
    """

    product: Product
    seen: tuple[SeenSurface, ...]
    known: tuple[Reference, ...]
    looks: tuple[Looked, ...]
    gaps: tuple[Gap, ...]
    present: frozenset[str]
    supplied: dict[str, str]
    digest: str
    lapsed: tuple[Declaration, ...]

    @property
    def surfaces(self) -> tuple[AnySurface, ...]:
        """All that findings can be about: what the product file declares, and what was seen on the way."""
        return (*self.product.surface, *(one.surface for one in self.seen))


class Evidence(Record, frozen=True):
    """All that one audit saw. digest: of its manifest. supplied: files the product file names."""

    product: Product
    observations: tuple[Observation[AnySeen], ...]
    gaps: tuple[Gap, ...]
    looks: tuple[Looked, ...]
    attachments: tuple[str, ...]
    supplied: dict[str, bytes]
    digest: str

    def outline(self) -> Outline:
        """The same without what was seen, but for the surfaces it names."""
        looked_at = {one.surface for one in self.observations} | {look.surface for look in self.looks}
        return Outline(
            product=self.product,
            seen=tuple(
                SeenSurface(surface=found.surface, decides=found.decides)
                for found in discover(self.product, self.observations).found
                if found.decides or found.surface.id in looked_at
            ),
            known=references(),
            looks=self.looks,
            gaps=self.gaps,
            present=frozenset(observation.id for observation in self.observations),
            supplied={name: digest(content) for name, content in self.supplied.items()},
            digest=self.digest,
            lapsed=lapsed(self.product, self.observations),
        )


def load_evidence(folder: Path) -> Evidence:
    """Read `NAME.audit`. Raises Unreadable, also where it is not what its manifest says (law 6: the digest
    that a report prints names all that was judged); a record that is not what its id says is not read.
    """
    evidence = folder / "evidence"
    if not (evidence / "product.toml").is_file():
        raise Unreadable(f"{folder}: not an audit (no evidence/product.toml). Give the NAME.audit folder.")
    listing = evidence / "manifest.json"
    records: dict[Path, bytes] = {}  # each is read once, and judged as it was verified
    if listing.is_file() and (problems := verify(folder, records=records).problems):
        words = f"{folder}: was changed after it was written: {problems[0]} `shelfworthy verify` says more."
        raise Unreadable(words)
    entries = redactions(evidence)
    redacted = frozenset(Path(entry.path).stem for entry in entries)
    observations = _all(evidence / "observations", OBSERVATION, redacted, records)
    return Evidence(
        product=read_product(evidence / "product.toml", beside=evidence / "supplied"),
        observations=observations,
        gaps=(*_all(evidence / "gaps", GAP, known=records), *_taken_out(entries, observations)),
        looks=tuple(_poisoned(look, redacted) for look in _all(evidence / "looks", LOOKED, known=records)),
        attachments=tuple(sorted(path.name for path in _files(evidence / "attachments"))),
        supplied={
            path.relative_to(evidence / "supplied").as_posix(): path.read_bytes()
            for path in sorted((evidence / "supplied").rglob("*"))
            if path.is_file()
        },
        digest=digest(listing.read_bytes() if listing.is_file() else manifest(evidence)),
    )


def looks_done(
    folder: Path, product_toml: bytes, supplied: Mapping[str, bytes]
) -> frozenset[tuple[str, str]]:
    """Which (surface, probe) an audit that was stopped has looked at whole. Raises Unreadable.

    product_toml, supplied: must be what the audit began with, since all its evidence is about that.
    """
    evidence = folder / "evidence"
    try:
        begun = (evidence / "product.toml").read_bytes()
    except OSError as error:
        raise Unreadable(f"{folder}: no audit to go on with (no evidence/product.toml).") from error
    if begun != product_toml:
        raise Unreadable(f"{folder}: began with another product file. Begin a new audit, without --resume.")
    for name, content in supplied.items():
        before = read_if_there(evidence / "supplied" / name)
        if before is None and not any((evidence / "looks").glob("*.json")):
            continue  # it was stopped before it was written, and so before anybody looked at it
        if before not in (content, not_kept(content)):
            raise Unreadable(f"{folder}: began with another {name}. Begin a new audit, without --resume.")
    if redactions(evidence):
        raise Unreadable(f"{folder}: was redacted, so it is closed. Begin a new audit, without --resume.")
    looks = _all(evidence / "looks", LOOKED)
    return frozenset((look.surface, look.by) for look in looks if look.complete)


def earlier(folder: Path) -> tuple[Observation[AnySeen], ...]:
    """What lies in an audit that was stopped, or was just begun. Raises Unreadable."""
    return _all(folder / "evidence" / "observations", OBSERVATION)


def load_judgement(path: Path) -> Judgement:
    """Read one judgement. Raises Unreadable."""
    return _decode(path, JUDGEMENT)


def judgements(folder: Path) -> tuple[Judgement, ...]:
    """All judgements kept beside an evidence, oldest first. Raises Unreadable."""
    kept = (load_judgement(path) for path in _files(folder / "judgements") if path.suffix == ".json")
    return tuple(sorted(kept, key=lambda judgement: (judgement.judged_at, judgement.rules_digest)))


def _poisoned(look: Looked, redacted: frozenset[str]) -> Looked:
    """A look whose observation was redacted names something that is not there any more: nothing passes."""
    gone = tuple(f"redacted:{name}" for name in look.observations if name in redacted)
    return msgspec.structs.replace(look, observations=look.observations + gone) if gone else look


def _taken_out(
    entries: tuple[Redaction, ...], observations: tuple[Observation[AnySeen], ...]
) -> Iterator[Gap]:
    """A gap for each text that was taken out: whatever it would have shown is not seen any more."""
    by_id = {observation.id: observation for observation in observations}
    for entry in entries:
        if observation := by_id.get(Path(entry.path).stem):
            words = f"{entry.by} took {entry.field} out of what was seen ({entry.because})."
            yield sealed(
                Gap(
                    id="",
                    surface=observation.surface,
                    unit=observation.unit,
                    observer=observation.observer,
                    at=entry.at,
                    by="redaction",
                    cause=Cause.NOT_SUPPLIED,
                    words=words,
                    lacks=(observation.seen.tag(),),
                )
            )


def _files(folder: Path) -> list[Path]:
    """Of a folder that may not be there; nothing that is being written."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        names = sorted(one.name for one in entries if one.is_file() and not one.name.startswith("."))
        return [folder / name for name in names]
    return []


def _all(
    folder: Path,
    decoder: msgspec.json.Decoder[Kept],
    redacted: frozenset[str] = frozenset(),
    known: Mapping[Path, bytes] = MappingProxyType({}),
) -> tuple[Kept, ...]:
    """All records of a folder. known: content that was read before."""
    records = []
    for path in _files(folder):
        record = _decode(path, decoder, known.get(path))
        named = path.stem == record.id and (path.stem in redacted or record.id == sealed(record).id)
        if not named:
            raise Unreadable(f"{path}: was changed after it was written. `shelfworthy verify` says more.")
        records.append(record)
    return tuple(records)


def _decode(path: Path, decoder: msgspec.json.Decoder[T], content: bytes | None = None) -> T:
    try:
        return decoder.decode(path.read_bytes() if content is None else content)
    except (OSError, msgspec.DecodeError) as error:
        raise Unreadable(f"{path}: {error}. Take the audit from its source again.") from error
