"""Take out, on the record, what was kept by mistake (law 8).

`redactions.json` lies beside the manifest and outside its digest: the digest that was published stays true,
`verify` accepts exactly the redactions listed, and judging treats a redacted observation as evidence that is
partly gone: its failures stand, nothing it fed can pass.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from shelfworthy.model import Record, canonical, digest
from shelfworthy.record.store import write_whole

REDACTED = "‹redacted›"
FILE = "redactions.json"
NO_FIELD = (KeyError, IndexError, ValueError, TypeError)


class Redaction(Record, frozen=True):
    """One file changed on purpose. was, now: SHA-256 before and after. field: dotted path, "" for all."""

    path: str
    field: str
    was: str
    now: str
    because: str
    by: str
    at: datetime


class CannotRedact(Exception):
    """A redaction that is not possible: what was asked, and what is."""


DECODER = msgspec.json.Decoder(tuple[Redaction, ...])


def redactions(evidence: Path) -> tuple[Redaction, ...]:
    """The redactions on record, oldest first. Raises CannotRedact if the list cannot be read."""
    path = evidence / FILE
    try:
        return DECODER.decode(path.read_bytes()) if path.is_file() else ()
    except (OSError, msgspec.DecodeError) as error:
        raise CannotRedact(f"{path}: {error}. Take the audit from its source again.") from error


def redact(folder: Path, name: str, field: str, *, because: str, by: str, at: datetime) -> Redaction:
    """Redact a text field of an observation (`answer.databases.0.name`), or a whole attachment.

    name: the observation's id or the attachment's SHA-256. Raises CannotRedact. The list is written before
    the file, so that a crash between the two shows as an unfinished redaction, never as a silent change.
    """
    if not because.strip() or not by.strip():
        raise CannotRedact("Say why (--because) and who (--by): both stay on record.")
    evidence = folder / "evidence"
    observation, attachment = evidence / "observations" / f"{name}.json", evidence / "attachments" / name
    if Path(name).name != name:
        raise CannotRedact(f"{name!r} is not the id of an observation or attachment.")
    if observation.is_file():
        if not field:
            raise CannotRedact(f"Name the field of {name} to redact (--field seen.…).")
        path, after = observation, _without(observation.read_bytes(), field)
    elif attachment.is_file():
        if field:
            raise CannotRedact(f"{name} is an attachment: it is redacted whole, without --field.")
        path, after = attachment, b""
    else:
        raise CannotRedact(f"{folder} has no observation or attachment {name}.")
    entry = Redaction(
        path=path.relative_to(evidence).as_posix(),
        field=field,
        was=digest(path.read_bytes()),
        now=digest(after),
        because=because,
        by=by,
        at=at,
    )
    write_whole(evidence / FILE, canonical((*redactions(evidence), entry)))
    write_whole(path, after)
    return entry


def is_redacted(path: Path, field: str) -> bool:
    """Whether this text of an observation was taken out."""
    try:
        inside, key = _at(msgspec.json.decode(path.read_bytes()), field)
    except (OSError, msgspec.DecodeError, *NO_FIELD):
        return False
    return bool(inside[key] == REDACTED)


def _at(document: object, field: str) -> tuple[Any, Any]:
    """What holds a field, and its key in there. Raises one of `NO_FIELD`."""
    *way, last = field.split(".")
    inside: Any = document
    for step in way:
        inside = inside[int(step) if isinstance(inside, list) else step]
    key: Any = int(last) if isinstance(inside, list) else last
    inside[key]
    return inside, key


def _without(content: bytes, field: str) -> bytes:
    """A JSON document with one text value replaced."""
    document: Any = msgspec.json.decode(content)
    try:
        inside, key = _at(document, field)
    except NO_FIELD:
        words = f"There is no field {field!r}. Fields are dotted: seen.answer.databases.0.name"
        raise CannotRedact(words) from None
    if not isinstance(inside[key], str) or not field.startswith("seen.") or key == "kind":
        raise CannotRedact(f"{field!r} is not a text that was seen; only those can be redacted.")
    inside[key] = REDACTED
    return canonical(document)
