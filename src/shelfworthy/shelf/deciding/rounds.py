"""The policy's daily round over the whole catalogue.

`automatic.consider` is asked when a verdict changes. Two things happen without that: days pass
(`undetermined_days`), and another policy is switched on. So a worker goes over the catalogue once a day, and
once after each policy that was switched on. Two workers who do so at once do no harm: a decision is made by
compare-and-set, and an event is told once.
"""

from datetime import datetime

from django.db import transaction

from shelfworthy.shelf.deciding import policies
from shelfworthy.shelf.deciding.automatic import consider
from shelfworthy.shelf.deciding.dry_run import facts_of, rows
from shelfworthy.shelf.deciding.policy import met_by
from shelfworthy.shelf.models import Entry, Listing, Verdict
from shelfworthy.shelf.people.log import note

ACTION = "policy: gone over the catalogue"


def due(at: datetime) -> bool:
    """Whether the policy in force has not been gone over with today, or not since it was switched on."""
    policy = policies.in_force()
    if policy is None or policy.active_from is None:
        return False
    begin = max(at.replace(hour=0, minute=0, second=0, microsecond=0), policy.active_from)
    return not Entry.objects.filter(action=ACTION, object=policy.digest, at__gte=begin).exists()


def go_over(at: datetime) -> int:
    """Consider every listing that meets a rule, each in a transaction of its own; how many were decided."""
    policy = policies.in_force()
    if policy is None:
        return 0
    book = policies.book(policy)
    decided = 0
    for row in rows(Listing.objects.all()):
        if not met_by(book, facts_of(row), at):
            continue
        with transaction.atomic():
            locked = Listing.objects.select_for_update().filter(pk=row.listing.pk).first()
            # Only now, so that nobody writes another verdict before this one was decided on.
            verdict = Verdict.objects.filter(listing=locked).first() if locked is not None else None
            if locked is not None and verdict is not None and consider(locked, verdict, at) is not None:
                decided += 1
    note(policy.person, ACTION, policy.digest, f"{decided} decided")
    return decided
