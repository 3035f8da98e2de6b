"""Does the device refuse strangers who connect without pairing?

Why it matters: whoever is in radio range, in the street or behind the wall, may connect. What is not
refused then is open to everybody: in the story the microphone of a child's toy was.

How we look (knock; use): a stranger with a fresh address connects, lists all attributes, reads each that
may be read and subscribes to each that can be subscribed to. From use on it writes, too: what it has just
read, what the product file calls harmless, or a write that is taken back before it takes effect. A
subscription counts only where data comes; a prepared write that is refused counts, one that is taken
shows nothing. What the standard lets everybody read (name, model, battery, time) is left out, also where
it says who a device belongs to.

What it does not show: what commands do that are written to it; whether a password is asked for inside of
what may be written; and whether whoever pairs is refused.

If it fails: ask for an encrypted link with protection against a man in the middle (error 0x05) on each
characteristic and each client configuration, and do not let an app ask instead of the device.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.checks.bluetooth._attributes import MOST, left_open, opened, private
from shelfworthy.model import About, Answer, Cause, Check, Level, fails, field, inconclusive, moot, passes
from shelfworthy.seen.bluetooth import BluetoothAccess, BluetoothNoLe

SAYS = {
    "open": "Without pairing a stranger may {may} of the {count} characteristics of {service}.",
    "open-more": "Without pairing a stranger may use {services} more services.",
    "refused": "A stranger who did not pair was refused everything that is not public: {tried} attempts.",
    "only-public": "It has only what the standard lets everybody read.",
    "not-let-in": "It did not let a stranger connect, so nobody knows what a stranger may do.",
    "nothing-listed": "It told a stranger of no attributes at all.",
    "truncated": "It has more attributes than we list, so not all were tried.",
    "changed": "It showed other attributes when it was asked again.",
    "left-open": "Whether a stranger is refused everything stayed open: {why}.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothAccess | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothAccess():
            yield from list(services(seen)) or [otherwise(seen)]


def services(seen: BluetoothAccess) -> Iterator[Answer]:
    """What is open: one answer for each service, the gravest first."""
    found = opened(seen.attributes, seen.stranger)
    for one in found[:MOST]:
        at = field(f"stranger.attempts.{one.attempt}")
        yield fails(
            "open", at, one.severity, subject=one.service, may=one.words, count=one.count, service=one.name
        )
    if rest := found[MOST:]:
        at = field(f"stranger.attempts.{rest[0].attempt}")
        yield fails("open-more", at, rest[0].severity, subject="more", services=len(rest))


def otherwise(seen: BluetoothAccess) -> Answer:
    """What there is to say where nothing was found open."""
    if not seen.let_in:
        return inconclusive("not-let-in", Cause.REFUSED)
    if not seen.attributes:
        return inconclusive("nothing-listed", Cause.NOT_UNDERSTOOD)
    if seen.truncated:
        return inconclusive("truncated", Cause.NOBODY_LOOKED)
    if seen.changed:
        return inconclusive("changed", Cause.CONTRADICTORY)
    if not private(seen.attributes):
        return moot("only-public", field("attributes"))
    if open_ := left_open(seen.attributes, seen.stranger):
        words, cause = open_
        return inconclusive("left-open", cause, why=words)
    return passes("refused", field("stranger.attempts"), tried=len(seen.stranger.attempts))


CHECK = Check(
    id="bluetooth-open-access",
    version=1,
    level=Level.KNOCK,
    judge=judge,
    reads=(BluetoothAccess, BluetoothNoLe),
    says=SAYS,
)
