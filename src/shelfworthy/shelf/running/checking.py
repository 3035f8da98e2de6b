"""Whether what the shelf rests on is whole: the chain of decisions, judgements, evidence on disk, tables."""

from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError

from shelfworthy.record import Unreadable, verify
from shelfworthy.shelf.deciding import judged
from shelfworthy.shelf.deciding.chain import verify as verify_chain
from shelfworthy.shelf.evidence import kept
from shelfworthy.shelf.models import Audit, Decision, Judged
from shelfworthy.shelf.running.health import missing


def trouble() -> list[str]:
    """What is not whole, in sentences; none if all is."""
    try:
        if behind := missing():
            return [f"The database is older than this version ({', '.join(behind)}): run `shelf up` once."]
        return [*chain(), *judgements(), *evidence(kept.audits())]
    except DatabaseError as why:
        return [f"The database does not answer: {why}"]


def chain() -> list[str]:
    """What is wrong with the chain of decisions."""
    return verify_chain()


def judgements() -> Iterator[str]:
    """What is wrong with judgements that verdicts rest on and no decision, which the chain looks at."""
    named = Decision.objects.filter(judged__isnull=False).values("judged")
    for one in Judged.objects.exclude(pk__in=named).iterator(chunk_size=100):
        if wrong := judged.wrong(one):
            yield f"Judgement {one.digest} {wrong}."


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
