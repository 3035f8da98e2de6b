"""What the first page says: what changed, what waits, how much is unknown. Each number is one bounded query.

Everything is of the reader's markets, and nothing tells of what is hidden from them: a listing that fails by
findings somebody may not see counts as one that nobody could determine, and its changes are not told.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import msgspec
from django.db.models import Count, F, Min, QuerySet
from django.db.models.functions import TruncDate

from shelfworthy.audience import may_see
from shelfworthy.shelf.models import (
    Change,
    Decision,
    Judged,
    Listing,
    Person,
    Proposal,
    Recheck,
    Standing,
    State,
    Verdict,
)
from shelfworthy.shelf.people.permission import listings_of, reader_of

FEW = 8  # rows of a list
LONG = timedelta(days=90)  # after which what is undetermined waits for somebody
WEEKS = 13
DAYS = 14  # of due work
JUDGEMENTS = 100  # that are opened to say which checks fail
CHECKS = 10
LARGEST = 64 << 20  # bytes of an unpacked judgement


class Few(NamedTuple):
    """The first of some rows, and how many there are."""

    rows: list[object]
    number: int


class Due(NamedTuple):
    """Looks that are due. overdue: before today."""

    overdue: int
    days: tuple[tuple[date, int], ...]

    @property
    def now(self) -> int:
        """What is due by the end of today."""
        return self.overdue + self.days[0][1]


class Failing(NamedTuple):
    """How many listings each check decides against, the most first. whole: whether all were counted."""

    checks: tuple[tuple[str, int], ...]
    whole: bool


class Today(NamedTuple):
    """All that the first page says."""

    changes: Few
    decisions: Few
    proposals: Few
    held: int
    to_ask: Few
    long_open: Few
    standings: dict[Standing, int]
    untied: int
    weeks: tuple[tuple[date, dict[Standing, int]], ...]
    due: Due
    failing: Failing

    @property
    def listings(self) -> int:
        """How many are sold or held."""
        return sum(self.standings.values())


def today(person: Person, at: datetime) -> Today:
    """What somebody finds in the morning."""
    from shelfworthy.shelf.catalogue.finding import masked, open_since, undetermined_for
    from shelfworthy.shelf.deciding.asking import waiting  # the rules, which weigh

    covered = masked(reader_of(person), at)
    mine = listings_of(person).filter(vanished_at=None).order_by()
    standings = _standings(mine, covered)
    return Today(
        changes=_changes(mine, covered, at),
        decisions=_few(
            Decision.objects.filter(listing__in=mine.values("pk"), at__gt=at - timedelta(days=1)),
            "-number",
            "listing",
            "person",
        ),
        proposals=_few(
            Proposal.objects.filter(listing__in=mine.values("pk"), done_at=None), "at", "listing", "person"
        ),
        held=mine.filter(state=State.HELD).count(),
        to_ask=_few(waiting(mine, covered, at), "title"),
        long_open=_few(
            mine.filter(undetermined_for(LONG, covered, at)).annotate(open_since=open_since()), "open_since"
        ),
        standings=standings,
        untied=mine.filter(product=None).count(),
        weeks=_weeks(mine, covered, standings, at),
        due=_due(mine, at),
        failing=_failing(person, mine, at),
    )


def _few(found: QuerySet, order: str, *with_: str) -> Few:  # type: ignore[type-arg] # of whatever
    rows = found.select_related(*with_) if with_ else found
    return Few(list(rows.order_by(order)[:FEW]), found.count())


def _changes(mine: QuerySet[Listing], covered: frozenset[int], at: datetime) -> Few:
    found = Change.objects.filter(listing__in=mine.values("pk"), at__gt=at - timedelta(days=1))
    return _few(found.exclude(listing__in=covered).exclude(before=F("after")), "-pk", "listing")


def _standings(mine: QuerySet[Listing], covered: frozenset[int]) -> dict[Standing, int]:
    seen = (
        mine.exclude(pk__in=covered).values_list("verdict__standing").annotate(n=Count("pk", distinct=True))
    )
    found = dict.fromkeys(Standing, 0)
    for standing, count in seen:
        found[Standing(standing or Standing.NONE)] += count
    if covered:
        found[Standing.UNDETERMINED] += mine.filter(pk__in=covered).count()
    return found


def _weeks(
    mine: QuerySet[Listing], covered: frozenset[int], now: dict[Standing, int], at: datetime
) -> tuple[tuple[date, dict[Standing, int]], ...]:
    """The standings at the end of each of the last weeks: from today's, walked back over what changed."""
    since = at - timedelta(weeks=WEEKS)
    changed = (
        Change.objects.filter(listing__in=mine.values("pk"), at__gt=since)
        .exclude(listing__in=covered)
        .exclude(before=F("after"))
        .annotate(day=TruncDate("at"))
        .values_list("day", "before", "after")
        .annotate(n=Count("pk"))
    )
    new = mine.filter(created_at__gt=since).annotate(day=TruncDate("created_at")).values_list("day")
    steps = [(day, before, after, n) for day, before, after, n in changed]
    steps += [(day, None, Standing.NONE, n) for day, n in new.annotate(n=Count("pk", distinct=True))]
    found, counts = [], Counter(now)
    for week in range(WEEKS):
        day = (at - timedelta(weeks=week)).date()
        for _, before, after, count in [one for one in steps if one[0] > day]:
            counts[Standing(after)] -= count
            if before is not None:
                counts[Standing(before)] += count
        steps = [one for one in steps if one[0] <= day]
        found.append((day, {standing: max(0, counts[standing]) for standing in Standing}))
    return tuple(reversed(found))


def _due(mine: QuerySet[Listing], at: datetime) -> Due:
    first = at.replace(hour=0, minute=0, second=0)
    products = mine.exclude(product=None).values("product")
    found = Recheck.objects.filter(product__in=products, due_at__lt=first + timedelta(days=DAYS))
    counted = found.filter(due_at__gte=first).annotate(day=TruncDate("due_at"))
    by_day: dict[date, int] = dict(counted.values_list("day").annotate(n=Count("pk")).order_by())
    days = [first.date() + timedelta(days=day) for day in range(DAYS)]
    return Due(found.filter(due_at__lt=first).count(), tuple((day, by_day.get(day, 0)) for day in days))


def _failing(person: Person, mine: QuerySet[Listing], at: datetime) -> Failing:
    """1. the judgements that decide against the most listings; 2. the keys that decide, if the reader may
    know of them; 3. whose check they are of."""
    from shelfworthy.shelf.evidence.marks import marks_of

    against = Verdict.objects.filter(listing__in=mine.values("pk"), standing=Standing.NOT_MET)
    groups = list(
        against.exclude(judged=None)
        .values("judged__digest")
        .annotate(n=Count("pk"), one=Min("pk"))
        .order_by("-n", "judged__digest")[: JUDGEMENTS + 1]
    )
    shown = groups[:JUDGEMENTS]
    keys: dict[int, Sequence[str]] = dict(
        Verdict.objects.filter(pk__in=[one["one"] for one in shown]).values_list("pk", "failing")
    )
    marks = marks_of(key for several in keys.values() for key in several)
    reader = reader_of(person)
    counts: Counter[str] = Counter()
    for one in shown:
        checks = checks_of(one["judged__digest"])
        seen = (key for key in keys[one["one"]] if may_see(key, reader, at, marks))
        for check in {checks[key] for key in seen if key in checks}:
            counts[check] += one["n"]
    return Failing(tuple(counts.most_common(CHECKS)), len(groups) <= JUDGEMENTS)


class _Said(msgspec.Struct, frozen=True):
    key: str
    check: str


class _Opened(msgspec.Struct, frozen=True):
    findings: tuple[_Said, ...]


@lru_cache(maxsize=2000)  # a judgement never changes; variants and days share it
def checks_of(digest: str) -> dict[str, str]:
    """The check of each key in a judgement."""
    content = bytes(Judged.objects.values_list("content", flat=True).get(digest=digest))
    text = zlib.decompressobj().decompress(content, LARGEST)
    return {one.key: one.check for one in msgspec.json.decode(text, type=_Opened).findings}
