"""Can a stranger fetch an object whose name is known?

Why it matters: names leak, in apps, captured traffic, search engines and old links. Where the name is
all it takes, a child's recording is as private as a web page.

How we look (knock): `HEAD` of one object that is known to exist (named in the product file, or out of an
anonymous listing), and as a control of a name that cannot exist. No content is fetched, and of the name
only its shape is kept.

What it does not show: whether other objects of the bucket are treated otherwise, and whether names can
be guessed. A refusal of an object that only the product file says exists is as good as that word: where
the control gets the same answer, the answer says so by its confidence.

If it fails: take reading away from everyone and hand out single objects by signed links that expire.
"""

from collections.abc import Iterator

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
from shelfworthy.seen.bucket import Answered, BucketSeen, Unanswered

REFUSED = frozenset({401, 403})
NOT_THERE = 404

SAYS = {
    "served": "An object with a name shaped like {shape} can be fetched by anyone who knows its name.",
    "refused": "A known object was refused to a stranger (status {status}).",
    "everything": "Even a name that cannot exist was answered with {status}: the answers mean nothing.",
    "no-control": "The control, a name that cannot exist, was not answered understandably.",
    "not-there": "The object that the product file names is not there.",
    "unexplained": "The answer for a known object was neither it nor a refusal (status {status}).",
    "unanswered": "The question for a known object was not answered.",
    "none-known": 'No object of this bucket is known. Name one in the product file: object = "…".',
}


def judge(seen: BucketSeen, about: About) -> Iterator[Answer]:
    at = field("known")
    match seen.known, seen.random:
        case NotLooked(), _:
            yield inconclusive("none-known", Cause.NOT_SUPPLIED)
        case Unanswered(cause=cause), _:
            yield inconclusive("unanswered", cause)
        case Answered(), Answered(status=status) if status < 300:
            yield inconclusive("everything", Cause.CONTRADICTORY, status=status)
        case Answered(status=status), Answered(status=other) if other not in {*REFUSED, NOT_THERE}:
            yield inconclusive("no-control", Cause.NOT_UNDERSTOOD)
        case Answered(status=status), Answered() if status < 300:
            yield fails("served", at, Severity.CRITICAL, shape=seen.known_shape)
        case Answered(status=status), Answered(status=other) if status in REFUSED:
            told_apart = status != other or seen.known_from == "listing"
            confidence = Confidence.CERTAIN if told_apart else Confidence.PROBABLE
            yield passes("refused", at, confidence=confidence, status=status)
        case Answered(status=404), _:
            yield inconclusive("not-there", Cause.NOT_SUPPLIED)
        case Answered(status=status), _:
            yield inconclusive("unexplained", Cause.NOT_UNDERSTOOD, status=status)


CHECK = Check(
    id="bucket-objects-public", version=1, level=Level.KNOCK, judge=judge, reads=(BucketSeen,), says=SAYS
)
