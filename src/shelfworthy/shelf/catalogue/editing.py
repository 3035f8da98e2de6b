"""One listing, changed by hand or by another system: the same rules as for a row of a file."""

from collections.abc import Mapping

from django.db import transaction

from shelfworthy.shelf.catalogue.cells import Mistake, row
from shelfworthy.shelf.catalogue.tying import Files
from shelfworthy.shelf.catalogue.writing import write
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Listing, Person
from shelfworthy.shelf.people import log


class Wrong(Exception):
    """What was said of a listing cannot be: why."""


@transaction.atomic
def put(sku: str, said: Mapping[str, object], person: Person) -> bool:
    """Write what is said of a listing; whether it is new. What is not said stays as it is. Raises Wrong."""
    it = row(0, {**said, "sku": sku})
    if isinstance(it, Mistake):
        raise Wrong(it.reason)
    if it.sku != sku:
        raise Wrong("sku: it begins or ends with a blank, or has two in a row.")
    done = write([it], "", now(), Files())
    for mistake in done.mistakes:
        raise Wrong(mistake.reason)
    if done.inserted or done.changed:
        log.note(
            person, "listing inserted" if done.inserted else "listing changed", sku, ", ".join(sorted(said))
        )
    return bool(done.inserted)


@transaction.atomic
def vanish(listing: Listing, person: Person) -> None:
    """The shop no longer sells it. Its evidence and decisions stay; imported again, it is back."""
    at = now()
    if Listing.objects.filter(pk=listing.pk, vanished_at=None).update(vanished_at=at, changed_at=at):
        log.note(person, "listing vanished", listing.sku)
