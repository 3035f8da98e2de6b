"""Does the device refuse firmware that somebody changed?

Why it matters: who can make a device run changed firmware owns it, and all that it hears and sees. A
signature protects nobody if the device does not look at it.

How we look (risk): a copy of the device's own image, with one byte changed and its check sums put right, is
sent to the device, as the product file says. Then its own image, which it must take: that is the control, and
brings it back. It fails if the device then names the version that only the changed copy has. Nothing is sent
without a way to recover the device.

What it does not show: what happens to images that arrive by other ways; whether a refusal comes from a
signature or from a rule that a better copy would keep; check sums of formats that we do not know.

If it fails: verify a signature over the whole image before anything of it is written or run, with a key that
cannot be replaced on the device.
"""

from collections.abc import Iterator

from shelfworthy.checks.target._sent import why_open
from shelfworthy.model import (
    About,
    Answer,
    Cause,
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
from shelfworthy.seen.target import TargetSeen

SAYS = {
    "runs-it": "The device runs a changed copy of its firmware: it names the version that only that has.",
    "refused": "The device refused a changed copy of its firmware, and took the unchanged one.",
    "not-sent": "No changed copy of its firmware was sent.",
    "sum-unknown": "The device refused a changed copy; its format is not known to us, so a check sum that "
    "was not put right may be the reason.",
    "left-open": "Whether the device refuses a changed copy of its firmware stayed open: {why}.",
}


def judge(seen: TargetSeen, about: About) -> Iterator[Answer]:
    if isinstance(seen.changed, NotLooked):
        yield inconclusive("not-sent", seen.changed.cause)
    elif seen.changed_says and seen.changed.runs == seen.changed_says:
        yield fails("runs-it", field("changed.runs"), Severity.CRITICAL)
    elif why := why_open(seen, seen.changed):
        yield inconclusive("left-open", why[1], why=why[0])
    elif not seen.format:
        yield inconclusive("sum-unknown", Cause.NOT_UNDERSTOOD)
    else:
        # Where its version is not text in the image, it might run the copy and name the same.
        sure = Confidence.CERTAIN if seen.changed_says else Confidence.PROBABLE
        yield passes("refused", field("changed.answer"), confidence=sure, image=seen.sha256)


CHECK = Check(
    id="update-accepts-tampered", version=1, level=Level.RISK, judge=judge, reads=(TargetSeen,), says=SAYS
)
