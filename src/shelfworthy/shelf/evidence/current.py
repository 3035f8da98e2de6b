"""The current verdict of each listing: one derived row, made from the evidence by `refresh` and nothing else.

A row is made again when evidence comes in, when its product or version changes, when rules or trust change,
and at `until`, when something it rests on stops counting. Where its evidence cannot be judged, it stays as it
was and is due again within the hour; what was met does not outlast its `until`. A verdict that became another
is a `Change`, an event, and is considered by the policy, in the same transaction.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from msgspec.structs import replace

from shelfworthy.model import Product as ProductFile
from shelfworthy.model import Standing as Answer
from shelfworthy.product.meaning import Files
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import parse_product
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import automatic
from shelfworthy.shelf.evidence import judging, kept, rows, trusting
from shelfworthy.shelf.evidence.combining import Version
from shelfworthy.shelf.evidence.rolling import Lost, Rolled, Wanted, rules_of
from shelfworthy.shelf.evidence.rows import Rests, Row, Says
from shelfworthy.shelf.models import (
    Audit,
    Change,
    Listing,
    Origin,
    Product,
    Standing,
    Verdict,
)
from shelfworthy.shelf.watching.events import tell

LOG = logging.getLogger(__name__)
AT_ONCE = 1000  # listings in one transaction; the judgements of two such are in memory meanwhile
AGAIN = timedelta(hours=1)  # until what could not be judged is due again
Key = tuple[int, str, str]  # a product and its version: listings with the same have the same verdict
Judgements = dict[Key, tuple[Wanted, Rolled | Lost | None]]


def refresh(listings: Iterable[int], at: datetime | None = None, judged: Judgements | None = None) -> int:
    """Make the verdict rows of these listings from the evidence; how many verdicts became another.

    What follows from a change (an event, what the policy decides) is in the same transaction. judged: what
    `ahead` found for that moment.
    """
    moment, ids = at or now(), sorted(set(listings))
    if judged is None:
        return sum(changes for _, changes in _refreshed(ids, moment))
    chunks = [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
    return sum(_write(chunk, moment, judged)[1] for chunk in chunks)


def ahead(key: str, new: tuple[Origin, str], folder: Path, at: datetime) -> Judgements:
    """What all evidence of a product will say together with new evidence that does not count yet.

    key: the product's. new: whose it is, and its digest. folder: where it lies. Of a product without a
    listing, the version that says nothing is judged. Raises TooMuch where that takes more than it may, and
    without the new evidence does not.
    """
    origin, name = new
    trust = trusting.trust()
    product = Product.objects.filter(key=key).first()
    there = _audits([product.pk], None).get(product.pk, ()) if product is not None else ()
    lies = kept.path_of(name)
    audits = tuple(sorted({*there, (origin, lies)}, key=lambda one: (Path(one[1]).parent.name, one[0])))
    versions = {("", "")}
    if product is not None:
        versions = set(product.listings.values_list("firmware", "app").distinct()) or versions
    own = product_file(product) if product is not None else None
    moved = tuple((whose, str(folder) if path == lies else path) for whose, path in audits)
    tasks = [
        Wanted(
            audits=audits,
            version=Version(firmware=firmware, app=app),
            trust=trust,
            own=own,
            at=at,
            redacted=_redacted(moved),
        )
        for firmware, app in sorted(versions)
    ]
    within = judging.room(origin in trust.clears)
    found = judging.rolled([replace(one, audits=moved) for one in tasks], bounds=within)
    too_much = [number for number, one in enumerate(found) if isinstance(one, Lost) and one.limit]
    if too_much and (origin, lies) not in there:
        alone = [replace(tasks[number], audits=there, redacted=_redacted(there)) for number in too_much]
        before = judging.rolled(alone, bounds=within)
        for number, one in zip(too_much, before, strict=True):
            if not (isinstance(one, Lost) and one.limit):
                raise judging.TooMuch(found[number].words)  # type: ignore[union-attr] # one that is Lost
    if product is None:
        return {}
    rolled = zip(tasks, found, strict=True)
    return {(product.pk, one.version.firmware, one.version.app): (one, said) for one, said in rolled}


def refresh_due(at: datetime | None = None) -> int:
    """Make again what aged, and what was made under other rules, each once; how many rows were made.

    To be called by the watch, every few minutes.
    """
    moment = at or now()
    rules = rules_of(judging.bench(), trusting.trust())
    due = Verdict.objects.filter(Q(until__lte=moment) | ~Q(rules_digest=rules))
    found = list(due.order_by("until", "pk").values_list("listing", flat=True))
    return sum(made for made, _ in _refreshed(found, moment))


def rolled_for(
    listings: Iterable[Listing], at: datetime, received_by: datetime | None = None
) -> list[Rolled | Lost | None]:
    """A fresh roll-up for each, in their order, without touching a row. received_by: only evidence that had
    come in by then.
    """
    keys, tasks = _wanted([Rests.of(one) for one in listings], at, received_by)
    found = dict(zip(tasks, judging.rolled(list(tasks.values())), strict=True))
    return [None if key is None else found[key] for key in keys]


def product_file(product: Product) -> ProductFile | None:
    """The shop's own product file; None where there is none, or it cannot be read any more."""
    return _file(product.key, product.text)


def _file(key: str, text: str) -> ProductFile | None:
    if not text:
        return None
    files = Files(Path(settings.SHELF) / "products", trusted=True)
    try:
        return parse_product(text, "product.toml", files)
    except BadFile as wrong:
        LOG.error("the product file of %s cannot be used: %s", key, wrong)
        return None


def _refreshed(ids: list[int], at: datetime) -> Iterator[tuple[int, int]]:
    """By and by, how many rows were made, and how many verdicts became another.

    Judged while no row is locked, for it may take long; then written, where what it rests on is still so.
    While some are written, the next are judged: that is work of other processes.
    """
    chunks = [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
    begun: deque[tuple[dict[Key, Wanted], Future[list[Rolled | Lost | None]]]] = deque()
    with ThreadPoolExecutor(1, "judging") as pool:
        for number, chunk in enumerate(chunks):
            for coming in chunks[number + len(begun) : number + 2]:
                rests = rows.rests_of(coming)
                keys, tasks = _wanted(rests, at)
                there = {key: one.judged or "" for key, one in zip(keys, rests, strict=True)}
                kept = [there[key] for key in tasks]
                begun.append((tasks, pool.submit(judging.rolled, list(tasks.values()), kept=kept)))
            tasks, judged = begun.popleft()
            found = zip(tasks.values(), judged.result(), strict=True)
            yield _write(chunk, at, dict(zip(tasks, found, strict=True)))


def _write(ids: list[int], at: datetime, judged_before: Judgements) -> tuple[int, int]:
    """Write the rows; what changed since it was judged is judged anew.

    What was judged as of a later moment meanwhile is judged anew as of that: no row goes back in time.
    """
    with transaction.atomic():
        held = rows.locked(ids)
        later = {
            one.listing: one.before.judged_at
            for one in held
            if one.before is not None and one.before.judged_at > at
        }
        if later:
            there = [one for one in ids if one not in later]
            first, then = _write(there, at, judged_before), _write(list(later), max(later.values()), {})
            return first[0] + then[0], first[1] + then[1]
        rules = rules_of(judging.bench(), trusting.trust())
        made, lost = [], []
        found = _judged([one.rests for one in held], at, judged_before)
        for row, one in zip(held, found, strict=True):
            if isinstance(one, Lost):
                lost.append((row, one))
            else:
                made.append((row, one))
        judged = rows.keep_judged({one.judged: one for _, one in made if one is not None})
        said = [(row, _says(row, one, rules, judged, at)) for row, one in made]
        for row, one in lost:
            stays = _unjudged(row, rules, at)
            LOG.error("the verdict of %s is %s: %s", row.sku, stays.standing, one.words)
            said.append((row, stays))
        rows.keep(said)
        changed = [(row, says) for row, says in said if _differs(row.before, says)]
        _follow(changed, at)
    return len(made), len(changed)


def _judged(several: Sequence[Rests], at: datetime, before: Judgements) -> Iterator[Rolled | Lost | None]:
    """The roll-up of each, in their order: as it was before, where it would be judged by the same now."""
    keys, tasks = _wanted(several, at)
    left = [key for key, one in tasks.items() if key not in before or before[key][0] != one]
    anew = dict(zip(left, judging.rolled([tasks[key] for key in left]), strict=True))
    for key in keys:
        yield None if key is None else anew[key] if key in anew else before[key][1]


def _wanted(
    several: Sequence[Rests], at: datetime, received_by: datetime | None = None
) -> tuple[list[Key | None], dict[Key, Wanted]]:
    """The key of each listing, in their order, None where nobody has looked; and what is to be judged."""
    trust = trusting.trust()
    products = {one.product: one for one in several if one.product is not None}
    audits = _audits(products, received_by)
    files = {id: _file(one.key or "", one.text or "") for id, one in products.items()}
    redacted = {id: _redacted(several) for id, several in audits.items()}
    keys = [_key(one, audits) for one in several]
    tasks = {
        key: Wanted(
            audits=audits[key[0]],
            version=Version(firmware=key[1], app=key[2]),
            trust=trust,
            own=files[key[0]],
            at=at,
            redacted=redacted[key[0]],
        )
        for key in keys
        if key is not None
    }
    return keys, tasks


def _audits(
    products: Iterable[int], received_by: datetime | None
) -> dict[int, tuple[tuple[Origin, str], ...]]:
    rows = Audit.objects.filter(product_id__in=list(products))
    if received_by is not None:
        rows = rows.filter(received_at__lte=received_by)
    found: defaultdict[int, list[tuple[Origin, str]]] = defaultdict(list)
    ordered = rows.order_by("digest", "observer__origin")
    for product, origin, name in ordered.values_list("product", "observer__origin", "digest"):
        found[product].append((Origin(origin), kept.path_of(name)))
    return {product: tuple(dict.fromkeys(audits)) for product, audits in found.items()}


def _redacted(audits: Iterable[tuple[Origin, str]]) -> tuple[int, ...]:
    return tuple(kept.redacted(folder) for _, folder in audits)


def _key(one: Rests, audits: dict[int, tuple[tuple[Origin, str], ...]]) -> Key | None:
    """None: nobody has looked."""
    if one.product is None or one.product not in audits:
        return None
    return one.product, one.firmware, one.app


def _says(row: Row, made: Rolled | None, rules: str, judged: dict[str, int], at: datetime) -> Says:
    """What its row says from now on. made: None where nobody has looked."""
    if made is None:
        return _nothing(row, Standing.NONE, rules, at)
    since = None
    if made.standing == Standing.UNDETERMINED:
        since = (row.before.undetermined_since if row.before is not None else None) or at
    return Says(
        standing=made.standing,
        answers=made.answers,
        exposed=made.exposed,
        failing=list(made.failing),
        evidence_digest=made.evidence_digest,
        product_digest=row.rests.digest,
        undetermined_since=since,
        rules_digest=rules,
        judged_id=judged[made.judged],
        judged_at=at,
        until=made.until,
    )


def _nothing(row: Row, standing: Standing, rules: str, at: datetime) -> Says:
    """What a row says that rests on no evidence."""
    return Says(
        standing=standing,
        answers={},
        exposed=False,
        failing=[],
        evidence_digest="",
        product_digest=row.rests.digest,
        undetermined_since=None,
        rules_digest=rules,
        judged_id=None,
        judged_at=at,
        until=None,
    )


def _unjudged(row: Row, rules: str, at: datetime) -> Says:
    """The row of a listing whose evidence cannot be judged now: what it was, and due again.

    Silence never clears: what was met stays so until it would have been rolled up again and of the product
    that it was, and not longer. What was not met stays.
    """
    before, again = row.before, at + AGAIN
    if before is None or before.standing == Standing.NONE:
        nothing = _nothing(row, Standing.UNDETERMINED, rules, at)
        return nothing._replace(undetermined_since=at, until=again)
    old = before.product_digest != row.rests.digest or (before.until is not None and before.until <= at)
    if not old:
        return before._replace(until=again if before.until is None else min(before.until, again))
    answers = {
        id: str(Answer.CANNOT_DETERMINE) if answer == Answer.MET else answer
        for id, answer in before.answers.items()
    }
    stays = before._replace(until=again, answers=answers)
    if before.standing == Standing.MET:
        return stays._replace(standing=Standing.UNDETERMINED, judged_id=None, undetermined_since=at)
    return stays


def _differs(before: Says | None, says: Says) -> bool:
    """Whether the verdict became another."""
    was = (before.standing, before.answers) if before is not None else (Standing.NONE, {})
    return was != (says.standing, says.answers)


def _follow(changed: Sequence[tuple[Row, Says]], at: datetime) -> None:
    """What follows from verdicts that became others: what is kept and told of it, and the policy's part."""
    changes = [_change(row, says, at) for row, says in changed]
    Change.objects.bulk_create(changes, batch_size=500)
    listings = Listing.objects.select_related("product").in_bulk([row.listing for row, _ in changed])
    of_these = [(listings[row.listing], rows.verdict(row, says)) for row, says in changed]
    for change, (listing, verdict) in zip(changes, of_these, strict=True):
        _tell(change, listing, verdict)
    automatic.consider_all(of_these, at)


def _change(row: Row, says: Says, at: datetime) -> Change:
    """What became another, and why."""
    before = row.before
    return Change(
        listing_id=row.listing,
        at=at,
        before=before.standing if before is not None else Standing.NONE,
        after=says.standing,
        answers_before=before.answers if before is not None else {},
        answers_after=says.answers,
        because=_because(before, says),
    )


def _because(before: Says | None, after: Says) -> str:
    if before is None or before.evidence_digest != after.evidence_digest:
        return "evidence"
    if before.product_digest != after.product_digest:
        return "product"
    return "rules" if before.rules_digest != after.rules_digest else "time"


def _tell(change: Change, listing: Listing, verdict: Verdict) -> None:
    tell(
        "verdict changed",
        listing,
        f"verdict changed {change.pk}",
        {"before": change.before, "after": change.after, "because": change.because},
        verdict.failing,
    )
