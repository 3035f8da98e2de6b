"""Work that several workers share: each piece is claimed by a lease, and done by who holds it.

What holds, on PostgreSQL and SQLite, with any number of workers on any number of machines:
- A row that is due is claimed by one worker: PostgreSQL locks it and others go past (SKIP LOCKED), on SQLite
  whoever writes has the file for himself from the beginning of the transaction (BEGIN IMMEDIATE).
- A lease ends. A worker that died loses it, and the row is anybody's again.
- Whoever ends a piece of work compares its lease first: one that lost it writes nothing.
- What a claim costs does not grow with the rows: the index over (due_at, id) is read from its beginning, past
  no more rows than there are leases.
Workers' clocks must not be further apart than a lease lasts.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Delivery, Recheck

Work = TypeVar("Work", Recheck, Delivery)


def claim(work: type[Work], by: str, lasts: timedelta) -> Work | None:
    """The piece of work that has been due longest and nobody is at, leased to a worker; None: there is none.

    by: the worker's name, for people.
    """
    at = now()
    with transaction.atomic():
        row = _free(work, at)
        if row is not None:
            row.leased_until, row.leased_by, row.lease = at + lasts, by[:100], secrets.token_hex(16)
            row.save(update_fields=["leased_until", "leased_by", "lease"])
    return row


def prolong(row: Work, lasts: timedelta) -> bool:
    """Hold it longer; whether it is still ours. In a transaction nobody can take it away until its end."""
    return _held(row, leased_until=now() + lasts)


def finish(row: Work, **became: Any) -> bool:  # noqa: ANN401 - values of the row's fields
    """Write what became of it and give it back; whether it was still ours: else nothing is written."""
    return _held(row, leased_until=None, leased_by="", lease="", **became)


def _free(work: type[Work], at: datetime) -> Work | None:
    nobodys = Q(leased_until=None) | Q(leased_until__lte=at)
    due = work._default_manager.filter(nobodys, due_at__lte=at).order_by("due_at", "id")
    return due.select_for_update(skip_locked=True).first()


def _held(row: Work, **became: Any) -> bool:  # noqa: ANN401 - values of the row's fields
    mine = type(row)._default_manager.filter(pk=row.pk, lease=row.lease)
    return bool(row.lease) and mine.update(**became) == 1
