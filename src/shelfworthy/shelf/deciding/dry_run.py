"""What a policy would do to today's catalogue, before it is switched on. It writes nothing.

It goes over the catalogue once, in the order of the rows, and keeps counts and the first so many listings: a
hundred thousand listings need no more memory than a thousand. Somebody waits for it, so it stops when its
time is up and says how far it came.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from django.db.models import QuerySet

from shelfworthy.model import Record
from shelfworthy.shelf.deciding import parts
from shelfworthy.shelf.deciding.automatic import DOES, Covering, acting, unknown_to_people
from shelfworthy.shelf.deciding.details import NOTHING, Details, details_of
from shelfworthy.shelf.deciding.policy import Facts, Rule, Rulebook, Then, met_by
from shelfworthy.shelf.models import Decision, Judged, Listing, Verdict

AT_ONCE = 1000
FIELDS = (
    *("sku", "title", "state", "parts", "for_children", "category"),
    *(f"verdict__{one}" for one in ("standing", "answers", "failing", "undetermined_since", "judged_id")),
)
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


class Row(NamedTuple):
    """A listing that has a verdict. decisions: that covered its cells last. details: of its judgement."""

    listing: Listing
    verdict: Verdict
    decisions: Covering
    markets: frozenset[str]
    details: Details


def dry_run(
    book: Rulebook, listings: QuerySet[Listing], at: datetime, most: int = MOST, seconds: float = SECONDS
) -> DryRun:
    """Over these listings, as `automatic.consider` would go over them."""
    counts = {str(then): 0 for then in Then}
    by_rule = {rule.id: 0 for rule in book.rules}
    seen = people = left_out = 0
    first: list[Would] = []
    whole, end = True, monotonic() + seconds
    for row in rows(listings):
        if monotonic() > end:
            whole = False
            break
        seen += 1
        met = met_by(book, facts_of(row), at)
        rule, kept = _acting(met, row) if met else (None, False)
        people += kept
        for one in (rule, *(told for told in met if told.then not in DOES)):
            if one is None:
                continue
            counts[one.then] += 1
            by_rule[one.id] += 1
            if len(first) < most:
                first.append(_would(row.listing, one))
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


def _acting(met: tuple[Rule, ...], row: Row) -> tuple[Rule | None, bool]:
    """The rule that does something, or else whether one does not because people decided so."""
    sold = row.markets if row.listing.parts else ()
    cells = list(parts.cells(parts.of(row.listing.state, row.listing.parts), sold=sold))
    if acting(met, cells) is None:
        return None, False
    act = acting(met, unknown_to_people(cells, row.decisions, row.verdict))
    return (act[0], False) if act is not None else (None, True)


def _would(listing: Listing, rule: Rule) -> Would:
    return Would(sku=listing.sku, title=listing.title, then=rule.then, rule=rule.id, reason=rule.reason)


def rows(listings: QuerySet[Listing]) -> Iterator[Row]:
    """Each listing that has a verdict; so many at once. Variants share their judgement: it is read once."""
    last_pk = 0
    ordered = listings.filter(verdict__isnull=False).order_by("pk").select_related("verdict").only(*FIELDS)
    while several := list(ordered.filter(pk__gt=last_pk)[:AT_ONCE]):
        last_pk = several[-1].pk
        decisions, markets = _decisions(several), _markets(several)
        judged = {one.verdict.judged_id for one in several if one.verdict.judged_id is not None}
        against = Judged.objects.filter(pk__in=judged).values_list("pk", "against")
        details = {pk: details_of(one) for pk, one in against}
        for one in several:
            known = details.get(one.verdict.judged_id or 0, NOTHING)
            yield Row(one, one.verdict, decisions[one.pk], frozenset(markets[one.pk]), known)


def facts_of(row: Row) -> Facts:
    """What a policy looks at, of a row of `rows`: without another question to the database."""
    return Facts(
        standing=row.verdict.standing,
        answers=row.verdict.answers,
        undetermined_since=row.verdict.undetermined_since,
        for_children=row.listing.for_children,
        category=row.listing.category,
        markets=row.markets,
        details=lambda: row.details,
    )


def _decisions(several: Sequence[Listing]) -> dict[int, dict[int | None, Decision]]:
    numbers = {one.pk: parts.of(one.state, one.parts).numbers for one in several if one.parts}
    found: dict[int, dict[int | None, Decision]] = {one.pk: {} for one in several}
    about = Decision.objects.filter(listing__in=several).order_by("number")
    for one in about.only("listing_id", "number", "rule", "finding_keys", "at"):
        if one.listing_id not in numbers:
            found[one.listing_id] = {None: one}
        elif one.number in numbers[one.listing_id]:
            found[one.listing_id][one.number] = one
    return found


def _markets(several: Sequence[Listing]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {one.pk: [] for one in several}
    sold = Listing.markets.through.objects.filter(listing__in=several)
    for listing, code in sold.values_list("listing_id", "market__code"):
        found[listing].append(code)
    return found
