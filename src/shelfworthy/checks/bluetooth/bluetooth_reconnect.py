"""Once its owner has paired with the device, are strangers kept out?

Why it matters: a pairing that only the app knows of protects nobody: when the owner's phone has left, the
next one in range takes its place, and nobody at home notices.

How we look (use): somebody becomes its owner, by pairing as strongly as it allows, sees what an owner may
do, and leaves. Then a stranger with another address and no keys connects, tries the same, and tries to
pair as the weakest partner, while nobody is asked to open the device for pairing.

What it does not show: whether the owner's keys are kept safe, whether it can be reset by whoever holds it
in their hands, and whether it forgets its owner when somebody else pairs.

If it fails: remember who paired (bonding), let in nobody else without a press of a button, and ask for
that pairing's encryption on every characteristic.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.checks.bluetooth._attributes import MOST, left_open, opened, private
from shelfworthy.checks.bluetooth._why import why
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.bluetooth import BluetoothNoLe, BluetoothReturn, PairingTry, Visit

SAYS = {
    "open": "Its owner paired and left; a stranger may {may} of the {count} characteristics of {service}.",
    "open-more": "Its owner paired and left; a stranger may use {services} more services.",
    "pairs-again": "After its owner paired and left, another stranger could pair, and nobody was asked.",
    "kept-out": "After its owner paired and left, a stranger was refused everything and could not pair.",
    "not-let-in": "After its owner left, it took no connection of a stranger: it refused, or was not there.",
    "nothing-private": "It has only what the standard lets everybody read.",
    "no-owner": "Nobody could become its owner, so nobody knows what that would change.",
    "forgets": "It does not remember whom it paired with, so its owner is a stranger, too.",
    "no-stranger": "No other stranger tried to come after its owner.",
    "left-open": "Whether a stranger is refused everything after its owner paired stayed open: {why}.",
    "pairing-open": "Whether another stranger may pair after its owner did stayed open: {why}.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothReturn | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothReturn(owner=Visit()) if seen.paired.came == "done":
            yield from list(still_open(seen)) or [otherwise(seen)]
        case BluetoothReturn():
            yield inconclusive("no-owner", Cause.REFUSED)


def still_open(seen: BluetoothReturn) -> Iterator[Answer]:
    """What the other stranger could do."""
    found = opened(seen.attributes, seen.stranger) if isinstance(seen.stranger, Visit) else []
    for one in found[:MOST]:
        at = field(f"stranger.attempts.{one.attempt}")
        yield fails(
            "open", at, one.severity, subject=one.service, may=one.words, count=one.count, service=one.name
        )
    if rest := found[MOST:]:
        at = field(f"stranger.attempts.{rest[0].attempt}")
        yield fails("open-more", at, rest[0].severity, subject="more", services=len(rest))
    match seen.stranger_pairing:
        case PairingTry(came="done", asked_person=False):
            yield fails("pairs-again", field("stranger_pairing"), Severity.HIGH, subject="pairing")


def otherwise(seen: BluetoothReturn) -> Answer:
    """What there is to say where nothing was open to it."""
    if not seen.paired.bonding:
        return inconclusive("forgets", Cause.NOT_UNDERSTOOD)
    if not private(seen.attributes):
        return moot("nothing-private", field("attributes")) if seen.attributes else unknown()
    match seen.stranger, seen.stranger_pairing:
        case NotLooked(), NotLooked() if not seen.let_in:
            return inconclusive("not-let-in", Cause.SILENT)  # who stays away refuses nobody
        case NotLooked(), _:
            return unknown()
        case Visit() as visit, pairing:
            if open_ := left_open(seen.attributes, visit):
                words, cause = open_
                return inconclusive("left-open", cause, why=words)
            came = pairing.came if isinstance(pairing, PairingTry) else "not tried"
            if came != "refused":
                words, cause = why(came)
                return inconclusive("pairing-open", cause, why=words)
    return passes("kept-out", field("stranger"))


def unknown() -> Answer:
    """Nobody tried."""
    return inconclusive("no-stranger", Cause.NOBODY_LOOKED)


CHECK = Check(
    id="bluetooth-reconnect",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothReturn, BluetoothNoLe),
    says=SAYS,
)
