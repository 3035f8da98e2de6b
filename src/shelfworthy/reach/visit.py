"""Requests whose failure is itself worth noting, and pages with their redirects, each hop permitted anew.

A probe that asks one surface many things keeps what it learnt from the others when one is not answered: here
an absence is a value with its cause, never an exception, and never an answer.
"""

from shelfworthy.model import Cause, Level, Record
from shelfworthy.product.address import Address
from shelfworthy.reach.door import Counted, Reach
from shelfworthy.reach.http import Reply, leads_to, request
from shelfworthy.reach.words import NotSeen

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOPS = 5


class Missing(Record, frozen=True):
    """What did not come, and why."""

    cause: Cause
    words: str


class Visit(Record, frozen=True):
    """What came of asking for a page.

    final: the last place asked, or not asked because it may not be. came: its answer, or Missing.
    """

    final: Address
    came: Reply | Missing


async def attempt(
    reach: Reach,
    at: Address,
    *,
    level: Level,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    name: str = "",
    within: float | None = None,
    why: str = "",
    kept: bytes | None = None,
    counts_as: Counted = "pages",
) -> Reply | Missing:
    """Ask once, as `request` does; what did not come is told, not raised."""
    try:
        return await request(
            reach,
            at,
            level=level,
            method=method,
            headers=headers,
            body=body,
            name=name,
            within=within,
            why=why,
            kept=kept,
            counts_as=counts_as,
        )
    except NotSeen as trouble:
        return Missing(cause=trouble.cause, words=trouble.words)


def destination(at: Address, link: str) -> Address | None:
    """Where a link found at a page leads; None if that is no web address that could be asked."""
    try:
        return leads_to(at, link)
    except NotSeen:
        return None


async def visit(reach: Reach, at: Address, *, level: Level, counts_as: Counted = "pages") -> Visit:
    """Fetch a page, following at most five redirects to where the permission allows; never raises NotSeen."""
    asked: set[Address] = set()
    while True:
        came = await attempt(reach, at, level=level, counts_as=counts_as)
        asked.add(at)
        if isinstance(came, Missing) or came.status not in REDIRECTS or not came.header("location"):
            return Visit(final=at, came=came)
        try:
            at = leads_to(at, came.header("location"))
        except NotSeen as trouble:
            return Visit(final=at, came=Missing(cause=trouble.cause, words=trouble.words))
        if at in asked or len(asked) > HOPS:
            words = "Its redirects go round in a circle, or on for too long."
            return Visit(final=at, came=Missing(cause=Cause.NOT_UNDERSTOOD, words=words))
