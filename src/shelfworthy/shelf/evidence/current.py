"""The current verdict of each listing: one derived row, made from the evidence by `refresh` and nothing else.

A row is made again when evidence comes in, when its product or version changes, when rules or trust change,
and at `until`, when something it rests on stops counting. Where its evidence cannot be judged, it stays as it
was and is due again within the hour; what was met does not outlast its `until`. A verdict that became another
is a `Change`, an event, and is considered by the policy, in the same transaction.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from msgspec.structs import replace

from shelfworthy.model import Product as ProductFile
from shelfworthy.model import Standing as Answer
from shelfworthy.model import digest
from shelfworthy.product.meaning import Files
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import parse_product
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import automatic
from shelfworthy.shelf.evidence import judging, kept, trusting
from shelfworthy.shelf.evidence.combining import Version
from shelfworthy.shelf.evidence.rolling import Lost, Rolled, Wanted, rules_of
from shelfworthy.shelf.models import (
    Audit,
    Change,
    Judged,
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
RESTS_ON = ("firmware", "app", "product__key", "product__text")
STAYS = (
    "standing", "answers", "exposed", "failing", "evidence_digest", "product_digest", "undetermined_since",
)  # fmt: skip
MOVES = ("rules_digest", "judged", "judged_at", "until")
FIELDS = STAYS + MOVES
SAYS = attrgetter(*STAYS)
KEPT = tuple("judged_id" if name == "judged" else name for name in FIELDS)


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
    keys, tasks = _wanted(listings, at, received_by)
    found = dict(zip(tasks, judging.rolled(list(tasks.values())), strict=True))
    return [None if key is None else found[key] for key in keys]


def product_file(product: Product) -> ProductFile | None:
    """The shop's own product file; None where there is none, or it cannot be read any more."""
    if not product.text:
        return None
    files = Files(Path(settings.SHELF) / "products", trusted=True)
    try:
        return parse_product(product.text, "product.toml", files)
    except BadFile as wrong:
        LOG.error("the product file of %s cannot be used: %s", product.key, wrong)
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
                rows = Listing.objects.filter(pk__in=coming).select_related("product").only(*RESTS_ON)
                _, tasks = _wanted(rows, at)
                begun.append((tasks, pool.submit(judging.rolled, list(tasks.values()))))
            tasks, judged = begun.popleft()
            found = zip(tasks.values(), judged.result(), strict=True)
            yield _write(chunk, at, dict(zip(tasks, found, strict=True)))


def _write(ids: list[int], at: datetime, judged_before: Judgements) -> tuple[int, int]:
    """Write the rows; what changed since it was judged is judged anew.

    What was judged as of a later moment meanwhile is judged anew as of that: no row goes back in time.
    """
    with transaction.atomic():
        listings = _locked(ids)
        later = {one.pk: one.verdict.judged_at for one in listings if _later(one, at)}
        if later:
            there = [one for one in ids if one not in later]
            first, then = _write(there, at, judged_before), _write(list(later), max(later.values()), {})
            return first[0] + then[0], first[1] + then[1]
        rules = rules_of(judging.bench(), trusting.trust())
        made, lost = [], []
        for listing, one in zip(listings, _judged(listings, at, judged_before), strict=True):
            if isinstance(one, Lost):
                lost.append((listing, one))
            else:
                made.append((listing, one))
        judged = _keep({one.judged: one for _, one in made if one is not None})
        rows_of = [(listing, _row(listing, one, rules, judged, at)) for listing, one in made]
        for listing, one in lost:
            stays = _unjudged(listing, rules, at)
            LOG.error("the verdict of %s is %s: %s", listing.sku, stays.standing, one.words)
            rows_of.append((listing, stays))
        changes = []
        for listing, verdict in rows_of:
            if change := _change(listing, verdict, at):
                changes.append((change, listing, verdict))
        _keep_rows(rows_of)
        Change.objects.bulk_create((change for change, _, _ in changes), batch_size=500)
        for change, listing, verdict in changes:
            _tell(change, listing, verdict)
        automatic.consider_all([(listing, verdict) for _, listing, verdict in changes], at)
    return len(made), len(changes)


def _locked(ids: list[int]) -> list[Listing]:
    """The listings with their product and verdict: as whoever held them before has left them, so they are
    locked first and read then.
    """
    there = list(Listing.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    rows = Listing.objects.filter(pk__in=[pk for (pk,) in there])
    return list(rows.select_related("product", "verdict").order_by("pk"))


def _later(listing: Listing, at: datetime) -> bool:
    verdict: Verdict | None = getattr(listing, "verdict", None)
    return verdict is not None and verdict.judged_at > at


def _judged(listings: Iterable[Listing], at: datetime, before: Judgements) -> Iterator[Rolled | Lost | None]:
    """The roll-up of each, in their order: as it was before, where it would be judged by the same now."""
    keys, tasks = _wanted(listings, at)
    left = [key for key, one in tasks.items() if key not in before or before[key][0] != one]
    anew = dict(zip(left, judging.rolled([tasks[key] for key in left]), strict=True))
    for key in keys:
        yield None if key is None else anew[key] if key in anew else before[key][1]


def _wanted(
    listings: Iterable[Listing], at: datetime, received_by: datetime | None = None
) -> tuple[list[Key | None], dict[Key, Wanted]]:
    """The key of each listing, in their order, None where nobody has looked; and what is to be judged."""
    asked = list(listings)
    trust = trusting.trust()
    products = {one.product.pk: one.product for one in asked if one.product is not None}
    audits = _audits(products, received_by)
    files = {id: product_file(one) for id, one in products.items()}
    redacted = {id: _redacted(several) for id, several in audits.items()}
    keys = [_key(one, audits) for one in asked]
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


def _key(listing: Listing, audits: dict[int, tuple[tuple[Origin, str], ...]]) -> Key | None:
    """None: nobody has looked."""
    if listing.product_id is None or listing.product_id not in audits:
        return None
    return listing.product_id, listing.firmware, listing.app


def _keep(judged: dict[str, Rolled]) -> dict[str, int]:
    """The rows of judgements, made where they are not there yet: pk by digest."""
    Judged.objects.bulk_create(
        (Judged(digest=name, content=one.content, against=one.against) for name, one in judged.items()),
        batch_size=200,
        ignore_conflicts=True,
    )
    names = list(judged)
    return {
        name: pk
        for first in range(0, len(names), 500)
        for name, pk in Judged.objects.filter(digest__in=names[first : first + 500]).values_list(
            "digest", "pk"
        )
    }


def _keep_rows(rows_of: Iterable[tuple[Listing, Verdict]]) -> None:
    """Write the rows; of those that say what they said only what moves with every judgement."""
    others: list[Verdict] = []
    same: list[Verdict] = []
    for listing, verdict in rows_of:
        before: Verdict | None = getattr(listing, "verdict", None)
        says_so = before is not None and SAYS(before) == SAYS(verdict)
        (same if says_so else others).append(verdict)
    Verdict.objects.bulk_create(
        others, batch_size=500, update_conflicts=True, unique_fields=["listing"], update_fields=FIELDS
    )
    _move(same)


def _move(verdicts: Iterable[Verdict]) -> None:
    """Write only what moves: an upsert goes through each field and index of each row."""
    fields = [one for one in Verdict._meta.concrete_fields if one.name in MOVES]
    sets = ", ".join(f"{one.column} = %s" for one in fields)
    rows = [
        (
            *(one.get_db_prep_save(getattr(verdict, one.attname), connection) for one in fields),
            verdict.listing_id,
        )
        for verdict in verdicts
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Verdict._meta.db_table} SET {sets} WHERE listing_id = %s",  # noqa: S608 - names of ours
            rows,
        )


def _row(listing: Listing, made: Rolled | None, rules: str, judged: dict[str, int], at: datetime) -> Verdict:
    before = getattr(listing, "verdict", None)
    row = Verdict(  # by the listing's number: by the listing, it would forget its verdict of before
        listing_id=listing.pk, judged_at=at, product_digest=product_digest(listing), rules_digest=rules
    )
    if made is None:
        row.standing = Standing.NONE
        return row
    row.standing, row.answers, row.exposed = made.standing, made.answers, made.exposed
    row.failing, row.evidence_digest, row.until = list(made.failing), made.evidence_digest, made.until
    row.judged_id = judged[made.judged]
    if row.standing == Standing.UNDETERMINED:
        since = before.undetermined_since if before is not None else None
        row.undetermined_since = since or at
    return row


def _unjudged(listing: Listing, rules: str, at: datetime) -> Verdict:
    """The row of a listing whose evidence cannot be judged now: what it was, and due again.

    Silence never clears: what was met stays so until it would have been rolled up again and of the product
    that it was, and not longer. What was not met stays.
    """
    before: Verdict | None = getattr(listing, "verdict", None)
    again, product = at + AGAIN, product_digest(listing)
    if before is None or before.standing == Standing.NONE:
        return Verdict(
            listing_id=listing.pk,
            judged_at=at,
            product_digest=product,
            rules_digest=rules,
            standing=Standing.UNDETERMINED,
            undetermined_since=at,
            until=again,
        )
    old = before.product_digest != product or (before.until is not None and before.until <= at)
    row = Verdict(listing_id=listing.pk, **{name: getattr(before, name) for name in KEPT})
    row.until = again if old or before.until is None else min(before.until, again)
    if old:
        row.answers = {
            id: str(Answer.CANNOT_DETERMINE) if answer == Answer.MET else answer
            for id, answer in before.answers.items()
        }
    if old and before.standing == Standing.MET:
        row.standing, row.judged_id, row.undetermined_since = Standing.UNDETERMINED, None, at
    return row


def product_digest(listing: Listing) -> str:
    """What of a listing and its product file the verdict rests on, beside the evidence."""
    product = listing.product
    return digest(
        (product.key if product else "", product.text if product else "", listing.firmware, listing.app)
    )


def _change(listing: Listing, verdict: Verdict, at: datetime) -> Change | None:
    """What became another, and why; None if nothing did."""
    before: Verdict | None = getattr(listing, "verdict", None)
    standing = before.standing if before is not None else Standing.NONE
    answers = before.answers if before is not None else {}
    if (standing, answers) == (verdict.standing, verdict.answers):
        return None
    return Change(
        listing=listing,
        at=at,
        before=standing,
        after=verdict.standing,
        answers_before=answers,
        answers_after=verdict.answers,
        because=_because(before, verdict),
    )


def _because(before: Verdict | None, after: Verdict) -> str:
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
