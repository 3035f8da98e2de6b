"""Take in evidence that somebody sent: bounded, opened and judged in children, verified, and then it counts.

Nothing it says of itself is believed. Whose it is, is whose token sent it; its product file grants nothing:
it is only ever judged by, never looked with; its files are written under names that were checked here again.
"""

import asyncio
import logging
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.db import transaction

from shelfworthy.audit.carrying import LARGEST, NAME
from shelfworthy.audit.opening import LIMITS, READ, Parcelled
from shelfworthy.model import Identity, Record
from shelfworthy.reach import fuse
from shelfworthy.record import Unreadable, redactions
from shelfworthy.sandbox.box import look_into
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.evidence import current, judging, kept, trusting
from shelfworthy.shelf.models import Audit, Observer, Origin, Person, Product, Trait
from shelfworthy.shelf.people.log import note

LOG = logging.getLogger(__name__)
LONGEST_NAME = 300  # characters of a product's name or vendor
LONGEST_VERSION = 100
AHEAD = 24 * 3600  # seconds: no clock is further ahead of ours than a day by mistake


class Refused(Exception):
    """Evidence that was not taken in: why, in words for who sent it."""


class NotNow(Refused):
    """The same, by no fault of the evidence: it is to be sent again."""


class Settled(Record, frozen=True):
    """Evidence that lies where it belongs and does not count yet. redacted: whether more of what is there was
    taken out. judged: what it and all other evidence of its product say at that moment."""

    held: Parcelled
    observer: Observer
    size: int
    redacted: bool
    at: datetime
    judged: current.Judgements


def take_in(parcel: Path, observer: Observer, person: Person | None, *, expected: str = "") -> Audit:
    """Take in a parcel. expected: the digest that was announced. Sent twice, it is the same audit.

    Raises Refused.
    """
    return counted(settled(parcel, observer, expected=expected), person)


def settled(parcel: Path, observer: Observer, *, expected: str = "") -> Settled:
    """The first half, which may take long and is to be done while nothing is locked. Raises Refused."""
    held = opened(parcel, observer.origin)
    if expected and held.digest != expected:
        raise Refused(f"It was announced as {expected} and is {held.digest}: it was changed on the way.")
    redacted = _redacted(held, observer)
    at = now()
    judged: current.Judgements = {}

    def weigh(folder: Path) -> None:
        _judgeable(folder)
        judged.update(_together(held, observer, folder, at))

    size = kept.settle(parcel, held.files, held.digest, weigh, anew=redacted)
    return Settled(held=held, observer=observer, size=size, redacted=redacted, at=at, judged=judged)


def counted(one: Settled, person: Person | None) -> Audit:
    """The second half: from now on it counts."""
    held, observer = one.held, one.observer
    with transaction.atomic():
        product = _product(held.product)
        audit, new = Audit.objects.get_or_create(
            digest=held.digest,
            observer=observer,
            defaults={
                "product": product,
                "firmware": _only({unit.firmware for unit in held.units}),
                "app": _only({unit.app for unit in held.units}),
                "received_at": now(),
                "first_look_at": held.first,
                "last_look_at": held.last,
                "size": one.size,
            },
        )
        if new:
            Trait.objects.bulk_create(
                Trait(audit=audit, product=audit.product, kind=one.kind, value=one.value)
                for one in held.shared
            )
            note(person, "took in evidence", audit.digest, f"{audit.product} from {observer}")
            _plan(audit.product.pk)
        elif one.redacted:
            note(person, "redacted evidence", audit.digest, f"{audit.product} from {observer}")
        if new or one.redacted:
            current.refresh(audit.product.listings.values_list("pk", flat=True), one.at, one.judged)
    return audit


def _together(held: Parcelled, observer: Observer, folder: Path, at: datetime) -> current.Judgements:
    """What it and all other evidence of its product say, judged while nothing is locked. Raises Refused."""
    origin = Origin(observer.origin)
    try:
        return current.ahead(held.product.key, (origin, held.digest), folder, at)
    except judging.TooMuch as much:
        LOG.error("evidence %s cannot be judged with what is there: %s", held.digest, much)
        raise Refused(
            f"It cannot be judged together with the other evidence of its product: {much} Send less of it."
        ) from None


def _judgeable(folder: Path) -> None:
    """It can be judged as it lies there, within limits; the answers are remembered. Raises Refused."""
    try:
        judging.try_on(folder)
    except judging.NotNow as fault:
        LOG.error("evidence %s was opened and not judged: %s", folder.name, fault)
        raise NotNow(f"It was not taken in, by a fault of ours: {fault} Send it again later.") from None
    except (Unreadable, judging.TooMuch) as wrong:
        LOG.error("evidence %s was opened and cannot be judged: %s", folder.name, wrong)
        raise Refused(f"It cannot be judged: {str(wrong).replace(str(folder), 'the audit')}") from None


def is_there(digest: str, observer: Observer, redacted: int = 0) -> bool:
    """Whether this evidence of theirs is on the shelf, with no less taken out of it."""
    if not Audit.objects.filter(digest=digest, observer=observer).exists():
        return False
    return redacted <= len(redactions(kept.folder_of(digest) / "evidence"))


def _redacted(held: Parcelled, observer: Observer) -> bool:
    """Whether who alone sent this evidence has since taken out more of it, on the record.

    Of what others saw as well nobody can take anything out: it would weaken what they saw.
    """
    known = set(Audit.objects.filter(digest=held.digest).values_list("observer", flat=True))
    return known == {observer.pk} and not is_there(held.digest, observer, held.redacted)


def opened(parcel: Path, origin: str) -> Parcelled:
    """What is in a parcel, as a child says and as far as that can be believed. Raises Refused."""
    size = parcel.stat().st_size
    if size > LARGEST:
        raise Refused(f"It has {size} bytes, and {LARGEST} are the most that is taken.")
    told = ("yes" if origin in trusting.trust().clears else "no",)
    with fuse.child():
        heard = asyncio.run(
            look_into(READ, "the parcel", parcel, (Parcelled,), LIMITS, told=told, patience=LIMITS.time * 2)
        )
    if heard.trouble is not None:
        raise Refused(heard.trouble.words)
    if len(heard.seen) != 1 or not isinstance(heard.seen[0], Parcelled):
        raise Refused("Nothing was found in it.")
    held = heard.seen[0]
    for problem in wrong(held, size):
        LOG.error("the child that opened %s said what cannot be: %s", held.digest[:64], problem)
        raise Refused(problem)
    return held


def wrong(held: Parcelled, size: int) -> list[str]:
    """What the child said that cannot be so: it may have been taken over by what it read."""
    found = []
    names = [one.name for one in held.files]
    if not kept.DIGEST.fullmatch(held.digest):
        found.append("Its digest is none.")
    if len(set(names)) != len(names):
        found.append("A file is in it twice.")
    for one in held.files:
        if not NAME.fullmatch(one.name) or ".." in PurePosixPath(one.name).parts:
            found.append("A file in it is nothing that belongs into evidence.")
        if one.at < 0 or one.length < 0 or one.at + one.length > size:
            found.append("A file in it lies outside of it.")
    if sum(one.length for one in held.files) > size:
        found.append("Its files are larger than it is.")
    long = max(len(held.product.name), len(held.product.vendor)) > LONGEST_NAME
    if long or any(len(text) > LONGEST_VERSION for one in held.units for text in (one.firmware, one.app)):
        found.append(f"A name in its product file has more than {LONGEST_NAME} characters.")
    if held.last is not None and _ahead(held.last):
        found.append(f"Its looks ended on {held.last:%d %B %Y}, which is yet to come: set the clock right.")
    return found


def _ahead(at: datetime) -> bool:
    return (at - now()).total_seconds() > AHEAD


def _product(identity: Identity) -> Product:
    """The product it is about; one that nobody sells is made, so that a listing may be tied to it later."""
    return Product.objects.get_or_create(
        key=identity.key,
        defaults={"name": identity.name, "vendor": identity.vendor, "changed_at": now()},
    )[0]


def _only(said: set[str]) -> str:
    """What all units say alike."""
    return said.pop() if len(said) == 1 else ""


def _plan(product: int) -> None:
    """When to look at it again."""
    from shelfworthy.shelf.watching import agenda

    agenda.plan(product)


def observer_of(person: Person) -> Observer:
    """As whom somebody uploads on a page: the shop itself."""
    return Observer.objects.get_or_create(name=f"{person.pk}: the shop", defaults={"origin": Origin.SHOP})[0]
