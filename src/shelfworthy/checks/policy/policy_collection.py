"""Does the policy say which data are taken, and what for?

Why it matters: who reads "information" learns nothing. A voice, a face, a position are what people decide
about.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules
. At least two concrete kinds of data must be named, and a purpose.

What it does not show: whether it is done as it says. Texts in other languages than English, German and
Spanish, and what is said in pictures.

If it fails: list each kind of data the product takes, and beside it what it is for.
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

DATA = "data-"  # topics that are kinds of data begin so

SAYS = {
    "kinds": 'It names {number} kinds of data, and a purpose: "{sentence}".',
    "no-kind": "It names no concrete kind of data that is taken.",
    "no-purpose": "It names {number} kinds of data, and not what they are for.",
    "one-kind": 'It names one kind of data only: "{sentence}".',
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
    kinds = {topic: found for topic, found in read.topics.items() if topic.startswith(DATA)}
    purpose = first(read.said("purpose"))
    number = len(kinds)
    if number > 1 and purpose:
        confidence = Confidence.PROBABLE
        yield passes("kinds", read.at(purpose), confidence=confidence, number=number, sentence=short(purpose))
    elif unsure := (None if purpose else read.felt("purpose")) or (None if number else read.felt("collect")):
        yield doubt("doubt", unsure)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    elif number == 1 and purpose:
        (found,) = kinds.values()
        yield inconclusive("one-kind", Cause.NEEDS_A_PERSON, sentence=short(next(iter(found))))
    else:
        says = "no-purpose" if number else "no-kind"
        at = field("documents")
        yield fails(says, at, Severity.MEDIUM, confidence=Confidence.PROBABLE, number=number)


CHECK = Check(
    id="policy-collection",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
