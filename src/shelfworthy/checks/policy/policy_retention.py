"""Does the policy say how long data are kept?

Why it matters: what is not deleted is what leaks. Recordings of children were on sale years after their toy
was forgotten, because nobody had said when they would be thrown away.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules. A period
counts ("30 days"), and an event that the user brings about ("when you close your account, it is deleted").
"As long as necessary" is not a period.

What it does not show: whether it is done as it says. Texts in other languages than English, German and
Spanish, and what is said in pictures.

If it fails: say for each kind of data after how many days, months or years it is deleted.
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    NOTHING,
    OTHER_LANGUAGE,
    doubt,
    first,
    reading,
    short,
    unread,
)
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.policy import PolicySeen

SAYS = {
    "period": 'It says how long data are kept: "{sentence}".',
    "vague": 'It states no retention period, only: "{sentence}".',
    "ever": 'It keeps data without end: "{sentence}".',
    "mixed": 'It states a period for some data, and for other: "{sentence}".',
    "absent": "It states no retention period.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
    "doubt": DOUBT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    read = reading(seen)
    if answer := unread(read, "nothing", "language"):
        yield answer
        return
    period, vague = read.best("keep-period"), first(read.said("keep-vague"))
    ever, active = first(read.said("keep-ever")), first(read.said("keep-active"))
    mixed, rest = first(read.said("keep-mixed")), first(read.said("keep-rest"))
    endless, loose = first(read.stated("keep-ever")), first(read.stated("keep-vague"))
    near = active or read.unstated("keep-period", "keep-ever") or first(read.said("keep-odd"))
    if (other := vague or ever or active or rest) and (period or mixed):
        yield inconclusive("mixed", Cause.NEEDS_A_PERSON, sentence=short(mixed or other))
    elif period and (other := read.against("keep-vague", "keep-ever")):
        yield doubt("doubt", other)
    elif period:
        yield passes("period", read.at(period), confidence=Confidence.PROBABLE, sentence=short(period))
    elif near:
        yield doubt("doubt", near)
    elif one := endless or loose:
        says, severity = ("ever", Severity.HIGH) if endless else ("vague", Severity.MEDIUM)
        yield fails(says, read.at(one), severity, confidence=Confidence.PROBABLE, sentence=short(one))
    elif unsure := vague or first(read.said("keep-near")) or read.felt("keep-period"):
        yield doubt("doubt", unsure)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield fails("absent", field("documents"), Severity.MEDIUM, confidence=Confidence.PROBABLE)


CHECK = Check(
    id="policy-retention",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
