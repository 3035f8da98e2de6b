"""When to look at a product again: from the shelf life of what was seen of it.

1. Of each way we may look (`looking.own`): what is known by it holds until some moment, is open, or looking
   again alone would change nothing.
2. The soonest of these moments decides, and a look comes a little before it, so that an answer does not lapse
   first: by a part of its life that differs from product to product and is always the same for one. So what
   was pushed in one hour is not looked at in one hour.
3. Never later than `CAP`, and never sooner than `LEAST` after the last look.
4. A look that saw less than it wanted comes again, later each time.
5. Where we may not look, it is not due, and the row says why.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from shelfworthy.audit.due import Due, due_in
from shelfworthy.model import Record
from shelfworthy.record import Unreadable, load_evidence
from shelfworthy.sandbox.words import crash
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Origin, Product, Recheck
from shelfworthy.shelf.watching.looking import NotOurs, Own, Way, own

log = logging.getLogger(__name__)
CAP = timedelta(days=30)
LEAST = timedelta(hours=1)
RESTED = timedelta(days=1)  # after which what is not due is planned anew
PAUSE = timedelta(minutes=5)  # after a look, until one that somebody asks for
FIRST_AGAIN, LAST_AGAIN = timedelta(minutes=15), timedelta(days=1)
EARLY, SPREAD = 0.05, 0.2  # of the life of what was seen: looked at again in its last quarter

MOST = 50  # audits of a product that are read, newest first


class Known(Record, frozen=True):
    """What is known by one way. since: when it was last seen, None: never; until: None where it is open."""

    since: datetime | None
    until: datetime | None


def plan(product_id: int) -> None:
    """Note when to look at a product again, or why not. A look under way is not disturbed: it plans anew."""
    with transaction.atomic():
        product = Product.objects.get(pk=product_id)
        recheck = Recheck.objects.get_or_create(product=product)[0]
        recheck = Recheck.objects.select_for_update().get(pk=recheck.pk)
        recheck.due_at, recheck.idle = planned(product, recheck.tries, recheck.done_at)
        recheck.planned_at = now()
        recheck.save(update_fields=["due_at", "idle", "planned_at"])


def plan_missing(most: int = 200) -> int:
    """Plan what nobody has planned: products that are new, that changed since, and, once a day, those that
    are not due, since a permission may have begun and a listing have come back. How many were planned."""
    changed = Q(recheck=None) | Q(changed_at__gte=F("recheck__planned_at"))
    rested = Q(recheck__due_at=None, recheck__planned_at__lt=now() - RESTED)
    found = list(Product.objects.filter(changed | rested).values_list("pk", flat=True)[:most])
    for product in found:
        try:
            plan(product)
        except Error:
            raise
        except Exception as fault:  # over one product; the others are planned all the same
            log.exception("Product %s could not be planned.", product)
            idle = f"It could not be planned: a fault of ours: {crash(fault)}"
            Recheck.objects.update_or_create(
                product_id=product, defaults={"due_at": None, "idle": idle, "planned_at": now()}
            )
    return len(found)


def ask(product: Product) -> datetime:
    """Somebody asks for a look: when it is due, not sooner than `PAUSE` after the last. Raises NotOurs."""
    at = now()
    own(product, at.date())
    with transaction.atomic():
        recheck = Recheck.objects.get_or_create(product=product)[0]
        recheck = Recheck.objects.select_for_update().get(pk=recheck.pk)
        recheck.due_at = at if recheck.done_at is None else max(at, recheck.done_at + PAUSE)
        recheck.idle, recheck.planned_at = "", at
        recheck.save(update_fields=["due_at", "idle", "planned_at"])
    return recheck.due_at


def planned(product: Product, tries: int, done_at: datetime | None) -> tuple[datetime | None, str]:
    """When to look at it again, or why not. tries: looks in a row that saw less than they wanted."""
    at = now()
    try:
        papers = own(product, at.date())
    except NotOurs as why:
        return None, str(why)
    due_at = next_look(known(product, papers).values(), product.key, tries, done_at, at)
    return due_at, "" if due_at else gettext_noop("Looking again alone would change nothing of what is open.")


def next_look(
    of: Iterable[Known], key: str, tries: int, done_at: datetime | None, at: datetime
) -> datetime | None:
    """The moment of the next look; None: never. Pure."""
    moments = [moment(one, key, at) for one in of]
    if not moments:
        return None
    due_at = min(*moments, at + CAP)
    if done_at is None:
        return due_at
    return done_at + again(key, tries) if tries else max(due_at, done_at + LEAST)


def moment(of: Known, key: str, at: datetime) -> datetime:
    """When to look by a way again."""
    if of.since is None or of.until is None:
        return at
    life = of.until - of.since
    return of.until - whole(life * (EARLY + SPREAD * share(key, of.until.isoformat())))


def again(key: str, tries: int) -> timedelta:
    """How long to wait after so many looks in a row that saw less than they wanted."""
    wait = min(FIRST_AGAIN * (1 << min(tries - 1, 16)), LAST_AGAIN)
    return whole(wait * (1 + share(key, str(tries)) / 4))


def share(*of: str) -> float:
    """A number from 0 to below 1 that is always the same for the same words."""
    return int.from_bytes(hashlib.sha256("\0".join(of).encode()).digest()[:6]) / (1 << 48)


def whole(span: timedelta) -> timedelta:
    return timedelta(seconds=int(span.total_seconds()))


def known(product: Product, papers: Own) -> Mapping[Way, Known]:
    """What is known by each of our ways; without those by which looking again alone would change nothing,
    as far as a look of ours has shown that."""
    spoken: set[str] = set()  # surfaces that evidence of ours speaks of
    found: dict[Way, list[Due]] = defaultdict(list)
    ours = {(one.surface, one.unit, one.probe): one for one in papers.ways}
    for folder, of_ours in evidence_of(product):
        with suppress(Unreadable):  # what cannot be read says nothing
            for one in due_in(folder):
                if (way := ours.get((one.surface, one.unit, one.probe))) is not None:
                    found[way].append(one)
            if of_ours:
                spoken |= {surface.id for surface in load_evidence(folder).product.surface}
        if all(any(one.good_until for one in found[way]) for way in papers.ways):
            break  # what is older was superseded
    return {way: _known(found[way]) for way in papers.ways if found[way] or way.surface not in spoken}


def _known(several: list[Due]) -> Known:
    """The newest of what several audits know by one way. One that saw nothing supersedes nothing."""
    whole = [(one.last_seen, one.good_until) for one in several if one.last_seen and one.good_until]
    if not whole:
        return Known(since=max((one.last_seen for one in several if one.last_seen), default=None), until=None)
    since, until = max(whole)
    return Known(since=since, until=until)


def evidence_of(product: Product) -> Iterator[tuple[Path, bool]]:
    """The folders of evidence about a product, newest first, and whether it is of our own looks."""
    from shelfworthy.shelf.evidence.kept import folder_of

    for audit in product.audits.select_related("observer").order_by(
        F("last_look_at").desc(nulls_last=True), "-pk"
    )[:MOST]:
        yield folder_of(audit.digest), audit.observer.origin == Origin.SHOP


def worth_looking(of: Mapping[Way, Known], papers: Own, at: datetime) -> frozenset[Way]:
    """The ways to look by now: what is open, or has lived half its life. If nothing has, somebody asked for a
    look, and all are."""
    now_due = frozenset(way for way, one in of.items() if half_over(one, at))
    return now_due or frozenset(papers.ways)


def half_over(of: Known, at: datetime) -> bool:
    return of.since is None or of.until is None or at >= of.since + (of.until - of.since) / 2
