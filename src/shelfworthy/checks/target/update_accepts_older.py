"""Does the device refuse older firmware?

Why it matters: an old image is the maker's own, with all the flaws that were repaired since. Who can bring a
device back to it needs no key.

How we look (risk): an older image, which the product file names, is sent to the device after it took its
own; then its own again. It fails if the device names another version after the older image, and its own after
that. Nothing is sent without a way to recover the device.

What it does not show: whether an image between the two is refused; devices that let their owner go back, and
ask for that.

If it fails: count security repairs in a signed field of each image, keep the highest count the device has run
where it cannot be set back, and refuse images with a lower one.
"""

from collections.abc import Iterator

from shelfworthy.checks.target._sent import took, why_open
from shelfworthy.model import (
    About,
    Answer,
    Check,
    Confidence,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.target import Push, TargetSeen

SAYS = {
    "runs-it": "The device runs an older image: it names {older} where it named {runs}.",
    "refused": "The device refused an older image, and took its own.",
    "not-sent": "No older image was sent.",
    "left-open": "Whether the device refuses an older image stayed open: {why}.",
}


def judge(seen: TargetSeen, about: About) -> Iterator[Answer]:
    if isinstance(seen.older, NotLooked):
        yield inconclusive("not-sent", seen.older.cause)
    elif runs_it(seen, seen.older):
        yield fails(
            "runs-it",
            field("older.runs"),
            Severity.HIGH,
            confidence=Confidence.CERTAIN if seen.older_named else Confidence.PROBABLE,
            older=seen.older.runs,
            runs=seen.runs,
        )
    elif why := why_open(seen, seen.older):
        yield inconclusive("left-open", why[1], why=why[0])
    else:
        yield passes("refused", field("older.answer"))


def runs_it(seen: TargetSeen, older: Push) -> bool:
    """Whether it named the older one, or another version than its own just until it had that again."""
    another = bool(older.runs) and older.runs != seen.runs
    return another and (seen.older_named or took(seen, seen.own_again))


CHECK = Check(
    id="update-accepts-older", version=1, level=Level.RISK, judge=judge, reads=(TargetSeen,), says=SAYS
)
