"""The API of the first page: who asks, and the day's numbers."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from shelfworthy.shelf.api.frame import ProblemSaid, caller, needs
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Token
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.web.today import today

router = Router(tags=["shelf"])
REFUSED = {401: ProblemSaid, 403: ProblemSaid}


class MeSaid(Schema):
    """Whose token this is. markets: those they work for; none: all. scopes: what it may be used for."""

    name: str
    role: str
    markets: list[str]
    scopes: list[str]
    expires_at: datetime


class TodaySaid(Schema):
    """The numbers of the first page, of what the token's person may know.

    standings: how many listings have which verdict. undetermined_long: those open for 90 days or longer.
    suppliers_to_ask: those about which the policy says to ask, and nobody has. due: looks that are due today
    or before. failing: how many listings each check decides against, the ten most.
    """

    standings: dict[str, int]
    without_product: int
    held: int
    proposals: int
    undetermined_long: int
    suppliers_to_ask: int
    due: int
    changed_since_yesterday: int
    decided_since_yesterday: int
    failing: dict[str, int]


@router.get("/me", response={200: MeSaid, **REFUSED})
@needs(May.SEE)
def me(request: HttpRequest) -> MeSaid:
    """Whose token this is, and what it may be used for."""
    person = caller(request)
    token: Token = request.token  # type: ignore[attr-defined] # set by `ByToken`
    return MeSaid(
        name=person.name,
        role=person.membership.role,
        markets=sorted(one.code for one in person.membership.markets.all()),
        scopes=token.scopes,
        expires_at=token.expires_at,
    )


@router.get("/today", response={200: TodaySaid, **REFUSED})
@needs(May.SEE)
def numbers(request: HttpRequest) -> TodaySaid:
    """What waits and what changed, in numbers."""
    found = today(caller(request), now())
    return TodaySaid(
        standings={standing.value: count for standing, count in found.standings.items()},
        without_product=found.untied,
        held=found.held,
        proposals=found.proposals.number,
        undetermined_long=found.long_open.number,
        suppliers_to_ask=found.to_ask.number,
        due=found.due.now,
        changed_since_yesterday=found.changes.number,
        decided_since_yesterday=found.decisions.number,
        failing=dict(found.failing.checks),
    )
