"""Whether what the shelf rests on is whole: the chain of decisions, the evidence on disk, the tables."""

from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError

from shelfworthy.record import Unreadable, verify
from shelfworthy.shelf.deciding.chain import verify as verify_chain
from shelfworthy.shelf.evidence import kept
from shelfworthy.shelf.models import Audit
from shelfworthy.shelf.running.health import missing


def trouble() -> list[str]:
    """What is not whole, in sentences; none if all is."""
    try:
        if behind := missing():
            return [f"The database is older than this version ({', '.join(behind)}): run `shelf up` once."]
        return [*chain(), *evidence(kept.audits())]
    except DatabaseError as why:
        return [f"The database does not answer: {why}"]


def chain() -> list[str]:
    """What is wrong with the chain of decisions."""
    return verify_chain()


def evidence(folder: Path) -> Iterator[str]:
    """What is wrong with evidence: the folder of each audit is there, and is what it was."""
    for digest in Audit.objects.order_by("digest").values_list("digest", flat=True).distinct():
        place = folder / kept.folder_of(digest).relative_to(kept.audits())
        try:
            found = verify(place)
        except (Unreadable, OSError) as why:
            yield f"Evidence {digest} cannot be read: {why}"
            continue
        if found.digest != digest:
            yield f"Evidence {digest} is not what it was: it is {found.digest} now."
        elif found.problems:
            yield f"Evidence {digest} is not whole: {found.problems[0]}"
