"""What the checks said of an evidence, remembered: after a rule change only what changed is asked.

A cache, not a record: it may be deleted at any time. It is bound to the evidence by the digests of manifest
and redactions, and to a check's answers by its version and the digests of its reference data. It lies in the
operator's own folder and never in the audit's: answers that came with somebody's evidence are not believed.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from shelfworthy.discovery import references
from shelfworthy.model import Finding, Record, Reference, canonical, digest
from shelfworthy.record.load import Outline
from shelfworthy.record.redact import FILE as REDACTIONS
from shelfworthy.record.store import read_if_there, write_whole


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


def place(folder: Path) -> Path | None:
    """Where the answers to this evidence are remembered; None while it is open (has no manifest)."""
    manifest = read_if_there(folder / "evidence/manifest.json")
    if manifest is None:
        return None
    taken_out = read_if_there(folder / f"evidence/{REDACTIONS}") or b""
    name = digest((digest(manifest), taken_out))
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, f"shelfworthy/answers/{name[:2]}/{name}.json")


def recall(folder: Path) -> tuple[Outline | None, Mapping[str, Said]]:
    """What is remembered of this evidence, redacted as it is."""
    path = place(folder)
    if path is None:
        return None, {}
    try:
        remembered = DECODER.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return None, {}
    if remembered.outline.known != references():  # today other surfaces might be found
        return None, {}
    return remembered.outline, remembered.said


def remember(folder: Path, outline: Outline, said: Mapping[str, Said]) -> None:
    """Keep what the checks said of evidence that was read and found to be as its manifest says.

    Where that folder cannot be written, nothing is remembered.
    """
    path = place(folder)
    if path is not None:
        with suppress(OSError):
            write_whole(path, canonical(Remembered(outline=outline, said=dict(said))))
