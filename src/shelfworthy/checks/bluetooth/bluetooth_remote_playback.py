"""Does the device refuse to let strangers play sounds through its speaker?

Why it matters: a voice out of a toy is the toy's voice. Who can play a recording of their own talks to a
child that trusts it.

How we look (use): as the product file says this device plays, a stranger tries it: without pairing, and
after pairing as the weakest partner, to which nobody consents. It fails where the device itself says that
it plays.

What it does not show: other ways to the speaker than the product file names, and whether sound was heard:
that takes an ear.

If it fails: play only for whom the owner has let in, over an encrypted link with protection against a man
in the middle.
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
    "played": "A stranger could {can} {how}.",
    "refused": "A stranger could not {can}: it was refused.",
    "left-open": "Whether a stranger could {can} stayed open: {why}.",
    "more": "The product file names {operations} more ways to play, which were not judged.",
    "not-told": "The product file does not say how it plays, so nobody tried.",
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
            ways, more = went(seen, Does.PLAY)
            if not ways:
                yield inconclusive("not-told", Cause.NOT_SUPPLIED)
            for one in ways:
                yield answer(one, seen.passive)
            if more:
                yield inconclusive("more", Cause.NOBODY_LOOKED, subject="more", operations=more)


def answer(one: Went, passive: bool) -> Answer:
    """What one way to play comes to."""
    subject = one.operation.id
    if one.done is not None:
        confidence = Confidence.PROBABLE if passive else Confidence.CERTAIN
        return fails(
            "played", one.at, Severity.HIGH, confidence=confidence, subject=subject, can=one.can, how=one.how
        )
    if one.open:
        words, cause = one.open
        return inconclusive("left-open", cause, subject=subject, can=one.can, why=words)
    return passes("refused", one.at, subject=subject, can=one.can)


CHECK = Check(
    id="bluetooth-remote-playback",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothOperations, BluetoothNoLe),
    says=SAYS,
)
