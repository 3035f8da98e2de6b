"""Finding listings among many: filters as one query, pages that go on behind the last row, counts that end.

What is hidden from a reader (`audience`) decides nothing here either: a listing that fails only by findings
that somebody may not see is found, and shown, as one that nobody could determine.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from shelfworthy.audience import Mark, Reader, may_see
from shelfworthy.shelf.catalogue import wanted as asked
from shelfworthy.shelf.catalogue.wanted import SORTS, Wanted, cursor
from shelfworthy.shelf.catalogue.words import terms
from shelfworthy.shelf.models import Change, Listing, Marking, Person, Standing, Verdict
from shelfworthy.shelf.people.permission import listings_of, reader_of

ON_A_PAGE = 50
COUNTED = 2000  # more are "more than 2000"


class Shown(NamedTuple):
    """A listing as one reader may see it."""

    listing: Listing
    standing: Standing
    exposed: bool


class Page(NamedTuple):
    """Some listings. after: where the next page goes on, "" at the end. more: there are more than `total`."""

    rows: list[Shown]
    after: str
    total: int
    more: bool


def page(person: Person, one: Wanted, at: datetime, size: int = ON_A_PAGE) -> Page:
    """One page of what somebody looks for.

    1. Find so many as are counted, in no order: what is rare is looked for once. 2. Few: sort them, all, and
    take the page. Without a limit, for with one PostgreSQL would walk through all titles to meet the few.
    3. Many: walk in order from where the page begins, which soon meets enough.
    """
    covered = masked(reader_of(person), at)
    found = listings(person, one, covered, at)
    some = list(found.order_by().values_list("pk", flat=True)[: COUNTED + 1])
    if len(some) <= COUNTED:
        numbers = list(_from(Listing.objects.filter(pk__in=some), one).values_list("pk", flat=True))
        found = Listing.objects.filter(pk__in=numbers[: size + 1])
    rows = list(_from(found, one).select_related("product", "verdict").defer(*HEAVY)[: size + 1])
    after = cursor(_value(rows[size - 1], one.sort), rows[size - 1].pk) if len(rows) > size else ""
    return Page(shown(rows[:size], covered), after, min(len(some), COUNTED), len(some) > COUNTED)


HEAVY = ("search", "product__text", "verdict__answers", "verdict__failing")


def listings(person: Person, one: Wanted, covered: frozenset[int], at: datetime) -> QuerySet[Listing]:
    """All listings that somebody may see and looks for. covered: of `masked`."""
    found = listings_of(person)
    for term in terms(one.q):
        found = found.filter(search__contains=term)
    for name in ("state", "category", "maker"):
        if value := getattr(one, name):
            found = found.filter(**{name: value})
    if one.market:
        sold = Listing.markets.through.objects.filter(market__code=one.market)
        found = found.filter(pk__in=sold.values("listing_id"))
    if one.children:
        found = found.filter(for_children={asked.YES: True, asked.NO: False}.get(one.children))
    if one.vanished:
        found = found.filter(vanished_at__isnull=one.vanished == asked.NO)
    if one.standing:
        found = found.filter(_standing(one.standing, covered))
    if one.exposed == asked.YES:
        found = found.filter(verdict__exposed=True).exclude(pk__in=covered)
    elif one.exposed == asked.NO:
        found = found.filter(~Q(verdict__exposed=True) | Q(pk__in=covered))
    if one.undetermined_days:
        found = found.filter(undetermined_for(timedelta(days=int(one.undetermined_days)), covered, at))
    return found


def undetermined_for(long: timedelta, covered: frozenset[int], at: datetime) -> Q:
    """Listings that nobody could determine for so long, as somebody sees them. covered: of `masked`.

    One that is covered is seen as undetermined, so it is found as such: since it was last met, or looked at
    for the first time. If it was not found here, that would tell that something speaks against it.
    """
    since = _seen_open(Q(listing__in=covered))
    long_covered = since.filter(since__lte=at - long).values_list("listing", flat=True) if covered else ()
    return Q(verdict__undetermined_since__lte=at - long) | Q(pk__in=list(long_covered))


def open_since() -> Coalesce:
    """Since when a listing of `undetermined_for` is open, as who sees it so takes it to be: to sort by."""
    as_covered = _seen_open(Q(listing=OuterRef("pk"))).values("since")
    return Coalesce(F("verdict__undetermined_since"), Subquery(as_covered))


def _seen_open(of: Q) -> QuerySet[Any, Any]:
    became = Change.objects.filter(of, before__in=(Standing.MET, Standing.NONE))
    return became.order_by().values("listing").annotate(since=Max("at"))


def masked(reader: Reader, at: datetime) -> frozenset[int]:
    """The listings against which something speaks that this reader may not know of."""
    rows = Marking.objects.filter(Q(until=None) | Q(until__gt=at))
    marks = {row.key: Mark(to=frozenset(row.groups), until=row.until) for row in rows}
    hidden = [key for key in marks if not may_see(key, reader, at, marks)]
    if not hidden:
        return frozenset()
    speaks = Q()
    for key in hidden:
        speaks |= Q(words__contains=key)
    told = (
        Verdict.objects.filter(standing=Standing.NOT_MET)
        .annotate(words=Cast("failing", TextField()))
        .filter(speaks)
    )
    return frozenset(told.values_list("listing_id", flat=True))


def shown(rows: Sequence[Listing], covered: frozenset[int]) -> list[Shown]:
    """Listings as a reader may see them, from whom something of those in `covered` is hidden."""
    return [_shown(row, row.pk in covered) for row in rows]


def _shown(listing: Listing, covered: bool) -> Shown:
    verdict: Verdict | None = getattr(listing, "verdict", None)
    if verdict is None:
        return Shown(listing, Standing.NONE, False)
    if covered:
        return Shown(listing, Standing.UNDETERMINED, False)
    return Shown(listing, Standing(verdict.standing), verdict.exposed)


def _standing(standing: str, covered: frozenset[int]) -> Q:
    if standing == Standing.NONE:
        looked = Verdict.objects.filter(listing=OuterRef("pk")).exclude(standing=Standing.NONE)
        return Q(~Exists(looked))
    if standing == Standing.UNDETERMINED:
        return Q(verdict__standing=standing) | Q(pk__in=covered)
    return Q(verdict__standing=standing) & ~Q(pk__in=covered)


def _from(found: QuerySet[Listing], one: Wanted) -> QuerySet[Listing]:
    """In order, from behind the place where the page before ended."""
    order = SORTS[one.sort]
    name, down = order.removeprefix("-"), order.startswith("-")
    if one.after is not None and (value := _read(one.after[0], name)) is not None:
        past, way = one.after[1], "lt" if down else "gt"
        # The first half alone finds the place in the index; the second is exact.
        found = found.filter(**{f"{name}__{way}e": value}).filter(
            Q(**{f"{name}__{way}": value}) | Q(**{f"pk__{way}": past})
        )
    return found.order_by(order, "-pk" if down else "pk")


def _value(row: Listing, sort: str) -> str:
    value = getattr(row, SORTS[sort].removeprefix("-"))
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(value: str, name: str) -> str | datetime | None:
    if name != "changed_at":
        return value
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
