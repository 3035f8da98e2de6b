"""The log of everything anyone did."""

from django.http import HttpRequest

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Entry, Person

LONGEST = 2000  # characters


def note(
    person: Person | None, action: str, on: str = "", words: str = "", *, request: HttpRequest | None = None
) -> None:
    """One line. Written in the transaction of what it tells of: neither is there without the other."""
    address = request.META.get("REMOTE_ADDR", "") if request is not None else ""
    Entry.objects.create(
        at=now(), person=person, action=action, object=on[:200], words=words[:LONGEST], address=address[:60]
    )
