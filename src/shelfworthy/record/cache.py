"""What the checks said of an evidence, remembered beside it: after a rule change only what changed is asked.

A cache, not a record: it may be deleted at any time, is bound to the evidence by the manifest's digest, and
to a check's answers by its version and the digests of its reference data.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from shelfworthy.model import Finding, Record, Reference, canonical, digest
from shelfworthy.record.load import Outline
from shelfworthy.record.store import write_whole


class Said(Record, frozen=True):
    """What one check said: its version, the references that decided, the findings."""

    version: int
    references: tuple[Reference, ...]
    findings: tuple[Finding, ...]


class Remembered(Record, frozen=True):
    """The content of the cache file."""

    outline: Outline
    said: dict[str, Said]


DECODER = msgspec.json.Decoder(Remembered)
FILE = Path("judgements") / "answers.cache"


def recall(folder: Path) -> tuple[Outline | None, Mapping[str, Said]]:
    """What is remembered of this audit, if its evidence is still the same."""
    try:
        remembered = DECODER.decode((folder / FILE).read_bytes())
        manifest = (folder / "evidence" / "manifest.json").read_bytes()
    except (OSError, msgspec.DecodeError):
        return None, {}
    if remembered.outline.digest != digest(manifest):
        return None, {}
    return remembered.outline, remembered.said


def remember(folder: Path, outline: Outline, said: Mapping[str, Said]) -> None:
    """Keep what the checks said, if the evidence is closed (has its manifest)."""
    if (folder / "evidence" / "manifest.json").is_file():
        write_whole(folder / FILE, canonical(Remembered(outline=outline, said=dict(said))))
