"""What the checks said of an evidence, remembered: after a rule change only what changed is asked.

A cache, not a record: it may be deleted at any time. It is bound to the evidence by the digests of manifest
and redactions, to the form of a finding, and to a check's answers by its version and the digests of its
reference data. It lies in the operator's own folder and never in the audit's: answers that came with
somebody's evidence are not believed.
"""

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from shelfworthy.discovery import references
from shelfworthy.model import Finding, Record, Reference, digest
from shelfworthy.record.load import Outline
from shelfworthy.record.packing import Written
from shelfworthy.record.redact import FILE as REDACTIONS
from shelfworthy.record.store import read_if_there, write_whole


class Said(Record, frozen=True):
    """What the checks said of an evidence. findings: of all of them, by id.

    versions: of each check that was asked. references: by check, the data that decided, where there is any.
    """

    versions: dict[str, int]
    references: dict[str, tuple[Reference, ...]]
    findings: tuple[Finding, ...]


class Remembered(Record, frozen=True):
    """An evidence's outline, and what the checks said of it: all that a judgement follows from.

    written: the findings as every judgement has them.
    """

    outline: Outline
    said: Said
    written: Written


ENCODER = msgspec.msgpack.Encoder()  # read by nobody but us, and a quarter sooner than JSON
DECODER = msgspec.msgpack.Decoder(Remembered)
FORM = digest(msgspec.json.schema(Finding))  # findings of another form would be read, and their text written


def place(folder: Path) -> Path | None:
    """Where the answers to this evidence are remembered; None while it is open (has no manifest)."""
    manifest = read_if_there(f"{folder}/evidence/manifest.json")
    if manifest is None:
        return None
    taken_out = read_if_there(f"{folder}/evidence/{REDACTIONS}") or b""
    name = digest((digest(manifest), taken_out, FORM))
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(f"{home}/shelfworthy/answers/{name[:2]}/{name}.msgpack")


def recall(folder: Path) -> Remembered | None:
    """What is remembered of this evidence, redacted as it is."""
    path = place(folder)
    if path is None:
        return None
    try:
        remembered = DECODER.decode(read_if_there(path) or b"")
    except (OSError, msgspec.DecodeError):
        return None
    return remembered if remembered.outline.known == references() else None  # other surfaces might be found


def remember(folder: Path, remembered: Remembered) -> None:
    """Keep what the checks said of evidence that was read and found to be as its manifest says.

    Where that folder cannot be written, nothing is remembered.
    """
    path = place(folder)
    if path is not None:
        with suppress(OSError):
            write_whole(path, ENCODER.encode(remembered))
