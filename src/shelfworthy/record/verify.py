"""Is this evidence, byte for byte, what its manifest says?"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from shelfworthy.model import Record, digest
from shelfworthy.record.redact import FILE as REDACTIONS
from shelfworthy.record.redact import Redaction, is_redacted, redactions
from shelfworthy.record.store import files_in

MANIFEST = "manifest.json"


class Manifest(Record, frozen=True):
    """path → SHA-256 of every evidence file."""

    schema: int
    files: dict[str, str]


class Verified(Record, frozen=True):
    """What verifying found. problems: one sentence each, none if all is well. redacted: paths, on record."""

    digest: str
    files: int
    redacted: tuple[str, ...]
    problems: tuple[str, ...]


def verify(folder: Path, expected: str = "", records: dict[Path, bytes] | None = None) -> Verified:
    """Compare every byte of the evidence with the manifest, and the manifest with an expected digest.

    records: filled with the content of all records (`.json`), for who would read them next.
    """
    evidence = folder / "evidence"
    try:
        content = (evidence / MANIFEST).read_bytes()
        manifest = msgspec.json.decode(content, type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        reason = (
            "there is no manifest: the audit was not finished" if isinstance(error, OSError) else str(error)
        )
        return Verified(digest="", files=0, redacted=(), problems=(f"{evidence / MANIFEST}: {reason}.",))
    problems = []
    if expected and expected != digest(content):
        problems.append(f"The evidence digest is {digest(content)}, expected {expected}.")
    on_record = redactions(evidence)
    changed_on_record = {entry.path: entry for entry in on_record}
    there = {name: evidence / name for name, _ in files_in(evidence)}
    for name in sorted(there.keys() - manifest.files.keys() - {MANIFEST, REDACTIONS}):
        problems.append(f"{name}: added after the manifest was written.")
    for name, recorded in sorted(manifest.files.items()):
        if name not in there:
            problems.append(f"{name}: missing.")
            continue
        if there[name].is_symlink():
            problems.append(f"{name}: a link, not a file of this evidence.")
            continue
        kept = there[name].read_bytes()
        if records is not None and name.endswith(".json"):
            records[there[name]] = kept
        found = digest(kept)
        entry = changed_on_record.get(name)
        if found != (entry.now if entry else recorded):
            problems.append(f"{name}: changed (SHA-256 {found[:16]}…, expected {recorded[:16]}…).")
    problems += [
        f"{name}: redacted, but it never was part of this evidence."
        for name in sorted(changed_on_record.keys() - manifest.files.keys())
    ]
    problems += _not_taken_out(on_record, manifest.files, there)
    return Verified(
        digest=digest(content),
        files=len(manifest.files),
        redacted=tuple(sorted(changed_on_record)),
        problems=tuple(problems),
    )


def _not_taken_out(
    on_record: tuple[Redaction, ...], files: dict[str, str], there: dict[str, Path]
) -> Iterator[str]:
    """Redactions that are none: that do not begin with what was there before, or put something else there."""
    before = dict(files)
    for entry in on_record:
        if entry.was != before.get(entry.path, entry.was):
            yield f"{entry.path}: redacted, but what was redacted is not what was there before."
        before[entry.path] = entry.now
        if entry.path in there and entry.field and not is_redacted(there[entry.path], entry.field):
            yield f"{entry.path}: redacted on record, but {entry.field} is not taken out."
