"""Read evidence and judgements back."""

from pathlib import Path
from typing import TypeVar

import msgspec

from shelfworthy.model import Gap, Judgement, Looked, Observation, Product, Record, digest
from shelfworthy.product.read import read_product
from shelfworthy.record.redact import redactions
from shelfworthy.record.store import manifest, sealed
from shelfworthy.seen import AnySeen

OBSERVATION = msgspec.json.Decoder(Observation[AnySeen])
GAP = msgspec.json.Decoder(Gap)
LOOKED = msgspec.json.Decoder(Looked)
JUDGEMENT = msgspec.json.Decoder(Judgement)

T = TypeVar("T")
Kept = TypeVar("Kept", Observation[AnySeen], Gap, Looked)


class Unreadable(Exception):
    """A file of an audit that cannot be read: which, and what to do."""


class Outline(Record, frozen=True):
    """What of an evidence the roll-up needs. present: ids of the observations there. supplied: SHA-256."""

    product: Product
    looks: tuple[Looked, ...]
    gaps: tuple[Gap, ...]
    present: frozenset[str]
    supplied: dict[str, str]
    digest: str


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
        """The same without what was seen."""
        return Outline(
            product=self.product,
            looks=self.looks,
            gaps=self.gaps,
            present=frozenset(observation.id for observation in self.observations),
            supplied={name: digest(content) for name, content in self.supplied.items()},
            digest=self.digest,
        )


def load_evidence(folder: Path) -> Evidence:
    """Read `NAME.audit`. Raises Unreadable; a record that is not what its id says is not read."""
    evidence = folder / "evidence"
    if not (evidence / "product.toml").is_file():
        raise Unreadable(f"{folder}: not an audit (no evidence/product.toml). Give the NAME.audit folder.")
    listing = evidence / "manifest.json"
    redacted = frozenset(Path(entry.path).stem for entry in redactions(evidence))
    return Evidence(
        product=read_product(evidence / "product.toml", beside=evidence / "supplied"),
        observations=_all(evidence / "observations", OBSERVATION, redacted),
        gaps=_all(evidence / "gaps", GAP),
        looks=tuple(_poisoned(look, redacted) for look in _all(evidence / "looks", LOOKED)),
        attachments=tuple(sorted(path.name for path in _files(evidence / "attachments"))),
        supplied={
            path.relative_to(evidence / "supplied").as_posix(): path.read_bytes()
            for path in sorted((evidence / "supplied").rglob("*"))
            if path.is_file()
        },
        digest=digest(listing.read_bytes() if listing.is_file() else manifest(evidence)),
    )


def looks_done(folder: Path, product_toml: bytes) -> frozenset[tuple[str, str]]:
    """Which (surface, probe) an audit that was stopped has looked at whole. Raises Unreadable.

    product_toml: must be the one the audit began with, since all its evidence is about that.
    """
    evidence = folder / "evidence"
    try:
        begun = (evidence / "product.toml").read_bytes()
    except OSError as error:
        raise Unreadable(f"{folder}: no audit to go on with (no evidence/product.toml).") from error
    if begun != product_toml:
        raise Unreadable(f"{folder}: began with another product file. Begin a new audit, without --resume.")
    looks = _all(evidence / "looks", LOOKED)
    return frozenset((look.surface, look.by) for look in looks if look.complete)


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


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))


def _all(
    folder: Path, decoder: msgspec.json.Decoder[Kept], redacted: frozenset[str] = frozenset()
) -> tuple[Kept, ...]:
    records = []
    for path in _files(folder):
        record = _decode(path, decoder)
        if path.stem not in redacted and not path.stem == record.id == sealed(record).id:
            raise Unreadable(f"{path}: was changed after it was written. `shelfworthy verify` says more.")
        records.append(record)
    return tuple(records)


def _decode(path: Path, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise Unreadable(f"{path}: {error}. Take the audit from its source again.") from error
