"""How often somebody may try a door: counted in the database, so that all processes count together.

A try is written down before it is judged, so that many at once are not more than one after the other. One
that is refused does not count: who knocks all the time does not lock the owner out for longer.
"""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Attempt

WINDOW = timedelta(minutes=15)


class Limit(NamedTuple):
    """So many tries at a door in a while."""

    door: str
    most: int
    window: timedelta = WINDOW


ACCOUNT = Limit("account", 10)  # from browsers that nobody came in by before
BROWSER = Limit("browser", 10)  # see `browsers.py`
ADDRESS = Limit("address", 50)
SECOND_FACTOR = Limit("second factor", 10)
# From such browsers again: a code has six digits, and who has the password may come back every `WINDOW`.
SECOND_FACTOR_A_DAY = Limit("second factor, a day", 40, timedelta(days=1))
PASSWORD = Limit("own password", 10)
LONGEST = SECOND_FACTOR_A_DAY.window


def count(*tries: tuple[Limit, str]) -> timedelta:
    """Count one try at each door; how long to wait where that is beyond a limit, else zero."""
    at = now()
    Attempt.objects.filter(at__lte=at - LONGEST).delete()
    written = [Attempt.objects.create(what=_name(limit, whose), at=at) for limit, whose in tries]
    wait = timedelta()
    for one, (limit, _) in zip(written, tries, strict=True):
        if Attempt.objects.filter(what=one.what, at__gt=at - limit.window).count() > limit.most:
            wait = max(wait, limit.window)
    if wait:
        Attempt.objects.filter(pk__in=[one.pk for one in written]).delete()
    return wait


def forget(limit: Limit, whose: str) -> None:
    """Somebody came in: what they mistyped before no longer counts."""
    Attempt.objects.filter(what=_name(limit, whose)).delete()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as our own socket knows it: headers may say anything."""
    return str(request.META.get("REMOTE_ADDR", ""))


def too_many(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """The page that says to wait."""
    response = render(request, "429.html", {"minutes": wait // timedelta(minutes=1)}, status=429)
    response.headers["Retry-After"] = str(wait // timedelta(seconds=1))
    return response


def _name(limit: Limit, whose: str) -> str:
    return hashlib.sha256(f"{limit.door}:{whose}".encode()).hexdigest()
