"""Does the device refuse bytes that were recorded from an app's session, when a stranger sends them again?

Why it matters: whoever listened once can then do the same for ever, also where every message is
encrypted: nobody has to understand a message to send it again. One talking dinosaur took the same blocks
from everybody.

How we look (use): a stranger sends the bytes that the product file holds from a session of an app with
this device, without pairing, and after pairing as the weakest partner, to which nobody consents. It fails
where the device does what it did for the app.

What it does not show: whether other messages can be sent again, or bytes from a session with another
device of the same kind.

If it fails: mix a number into every message that the device chose for this connection, and take no number
twice.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.checks.bluetooth._operations import Went, went
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Does,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.bluetooth import BluetoothNoLe, BluetoothOperations

SAYS = {
    "replayed": "A stranger could {can} with bytes recorded from an app, {how}.",
    "refused": "A stranger could not {can} with bytes recorded from an app: it was refused.",
    "left-open": "Whether a stranger could {can} with bytes recorded from an app stayed open: {why}.",
    "more": "The product file holds {operations} more recordings, which were not judged.",
    "not-told": "The product file holds nothing that was recorded from an app, so nobody tried.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothOperations | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothOperations():
            ways, more = went(seen, Does.REPLAY)
            if not ways:
                yield inconclusive("not-told", Cause.NOT_SUPPLIED)
            for one in ways:
                yield answer(one, seen.passive)
            if more:
                yield inconclusive("more", Cause.NOBODY_LOOKED, subject="more", operations=more)


def answer(one: Went, passive: bool) -> Answer:
    """What one recording comes to."""
    subject = one.operation.id
    if one.done is not None:
        confidence = Confidence.PROBABLE if passive else Confidence.CERTAIN
        return fails(
            "replayed",
            one.at,
            Severity.HIGH,
            confidence=confidence,
            subject=subject,
            can=one.can,
            how=one.how,
        )
    if one.open:
        words, cause = one.open
        return inconclusive("left-open", cause, subject=subject, can=one.can, why=words)
    return passes("refused", one.at, subject=subject, can=one.can)


CHECK = Check(
    id="bluetooth-replay",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothOperations, BluetoothNoLe),
    says=SAYS,
)
