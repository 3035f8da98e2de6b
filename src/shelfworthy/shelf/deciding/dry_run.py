"""What a policy would do to today's catalogue, before it is switched on. It writes nothing.

It goes over the catalogue once, in the order of the rows, and keeps counts and the first so many listings: a
hundred thousand listings need no more memory than a thousand. Where judgements have to be unpacked for a rule
it takes its time, so it stops when that is up and says how far it came.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from time import monotonic

from django.db.models import Prefetch, QuerySet

from shelfworthy.model import Record
from shelfworthy.shelf.deciding import parts
from shelfworthy.shelf.deciding.automatic import DOES, Covering, acting, unknown_to_people
from shelfworthy.shelf.deciding.details import details_of
from shelfworthy.shelf.deciding.policy import Facts, Rule, Rulebook, Then, met_by
from shelfworthy.shelf.models import Decision, Listing, Market, Verdict

AT_ONCE = 1000
MOST = 200  # listings told by name
SECONDS = 20.0  # somebody is waiting


class Would(Record, frozen=True):
    """What would happen to one listing. then: "withdraw" or "hold" is done, "ask" and "note" are told."""

    sku: str
    title: str
    then: Then
    rule: str
    reason: str


class DryRun(Record, frozen=True):
    """listings: looked at. counts: listings by what would happen, and by rule. people: how many stay on sale
    because people decided so, knowing what the rules object to. first: the first so many of those concerned.
    whole: whether all listings were gone through before time was up.
    """

    listings: int
    counts: dict[str, int]
    by_rule: dict[str, int]
    people: int
    first: tuple[Would, ...]
    left_out: int
    whole: bool = True


def dry_run(
    book: Rulebook, listings: QuerySet[Listing], at: datetime, most: int = MOST, seconds: float = SECONDS
) -> DryRun:
    """Over these listings, as `automatic.consider` would go over them."""
    counts = {str(then): 0 for then in Then}
    by_rule = {rule.id: 0 for rule in book.rules}
    seen = people = left_out = 0
    first: list[Would] = []
    whole, end = True, monotonic() + seconds
    for listing, verdict, decisions in rows(listings):
        if monotonic() > end:
            whole = False
            break
        seen += 1
        met = met_by(book, facts_of(listing, verdict), at)
        rule, kept = _acting(met, listing, verdict, decisions) if met else (None, False)
        people += kept
        for one in (rule, *(told for told in met if told.then not in DOES)):
            if one is None:
                continue
            counts[one.then] += 1
            by_rule[one.id] += 1
            if len(first) < most:
                first.append(_would(listing, one))
            else:
                left_out += 1
    return DryRun(
        listings=seen,
        counts=counts,
        by_rule=by_rule,
        people=people,
        first=tuple(first),
        left_out=left_out,
        whole=whole,
    )


def _acting(
    met: tuple[Rule, ...], listing: Listing, verdict: Verdict, decisions: Covering
) -> tuple[Rule | None, bool]:
    """The rule that does something, or else whether one does not because people decided so."""
    sold = [market.code for market in listing.markets.all()] if listing.parts else []
    cells = list(parts.cells(parts.of(listing.state, listing.parts), sold=sold))
    if acting(met, cells) is None:
        return None, False
    act = acting(met, unknown_to_people(cells, decisions, verdict))
    return (act[0], False) if act is not None else (None, True)


def _would(listing: Listing, rule: Rule) -> Would:
    return Would(sku=listing.sku, title=listing.title, then=rule.then, rule=rule.id, reason=rule.reason)


def rows(listings: QuerySet[Listing]) -> Iterator[tuple[Listing, Verdict, Covering]]:
    """Each listing that has a verdict, with the decisions that covered its cells last; so many at once."""
    last_pk = 0
    ordered = listings.filter(verdict__isnull=False).order_by("pk")
    ordered = ordered.select_related("verdict__judged").defer("verdict__judged__content")
    ordered = ordered.prefetch_related(Prefetch("markets", Market.objects.only("code")))
    while several := list(ordered.filter(pk__gt=last_pk)[:AT_ONCE]):
        last_pk = several[-1].pk
        numbers = {one.pk: parts.of(one.state, one.parts).numbers for one in several if one.parts}
        decisions: dict[int, dict[int | None, Decision]] = {one.pk: {} for one in several}
        about = Decision.objects.filter(listing__in=several).order_by("number")
        for one in about.only("listing_id", "number", "rule", "finding_keys", "at"):
            if one.listing_id not in numbers:
                decisions[one.listing_id] = {None: one}
            elif one.number in numbers[one.listing_id]:
                decisions[one.listing_id][one.number] = one
        for listing in several:
            yield listing, listing.verdict, decisions[listing.pk]


def facts_of(listing: Listing, verdict: Verdict) -> Facts:
    """What a policy looks at, of a row of `rows`: without another question to the database."""
    return Facts(
        standing=verdict.standing,
        answers=verdict.answers,
        undetermined_since=verdict.undetermined_since,
        for_children=listing.for_children,
        category=listing.category,
        markets=frozenset(market.code for market in listing.markets.all()),
        details=partial(details_of, verdict.judged.against if verdict.judged else {}),
    )
