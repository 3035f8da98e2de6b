"""Does the device refuse to let strangers record with its microphone?

Why it matters: whoever can do this turns a toy on the bed into a bug. In the story it took one write to
an attribute, from the street, and the recording could be fetched right away.

How we look (use): as the product file says this device records, a stranger tries it: without pairing, and
after pairing as the weakest partner, to which nobody consents. At most one second, with a person present
who was told. What comes is counted and hashed as it comes, and not kept: it fails where sound came back.

What it does not show: other ways to the microphone than the product file names, and whether a light shows
that it records.

If it fails: record only for whom the owner has let in, over an encrypted link with protection against a
man in the middle, and only while a button is held.
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
from shelfworthy.seen.bluetooth import BluetoothNoLe, BluetoothOperations, Collected, Run

SAYS = {
    "recorded": "A stranger recorded {seconds} seconds from the microphone {how}.",
    "recorded-bytes": "A stranger recorded {length} bytes from the microphone {how}.",
    "refused": "A stranger could not {can}: it was refused.",
    "no-sound": "It let a stranger {can}, and no sound came of it.",
    "left-open": "Whether a stranger could {can} stayed open: {why}.",
    "more": "The product file names {operations} more ways to record, which were not judged.",
    "not-told": "The product file does not say how it records, so nobody tried.",
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
            ways, more = went(seen, Does.RECORD, sound)
            if not ways:
                yield inconclusive("not-told", Cause.NOT_SUPPLIED)
            for one in ways:
                yield answer(one, seen.passive)
            if more:
                yield inconclusive("more", Cause.NOBODY_LOOKED, subject="more", operations=more)


def answer(one: Went, passive: bool) -> Answer:
    """What one way to record comes to."""
    subject = one.operation.id
    if one.done is not None and isinstance(one.done.collected, Collected):
        confidence = Confidence.PROBABLE if passive else Confidence.CERTAIN
        says = "recorded" if one.done.collected.seconds else "recorded-bytes"
        return fails(
            says,
            one.at,
            Severity.CRITICAL,
            confidence=confidence,
            subject=subject,
            seconds=one.done.collected.seconds,
            length=one.done.collected.length,
            how=one.how,
        )
    if any(run.came == "done" for run in one.operation.runs):
        return inconclusive("no-sound", Cause.SILENT, subject=subject, can=one.can)
    if one.open:
        words, cause = one.open
        return inconclusive("left-open", cause, subject=subject, can=one.can, why=words)
    return passes("refused", one.at, subject=subject, can=one.can)


def sound(run: Run) -> bool:
    """Whether more than the header of a recording came back."""
    came = run.collected
    return run.came == "done" and isinstance(came, Collected) and came.length > len(came.header)


CHECK = Check(
    id="bluetooth-remote-recording",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothOperations, BluetoothNoLe),
    says=SAYS,
)
