"""Does the policy say which data are taken, and what for?

Why it matters: who reads "information" learns nothing. A voice, a face, a position are what people decide
about.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules. At least
two concrete kinds of data must be named, and a purpose.

What it does not show: whether it is done as it says. Texts in other languages than English, German and
Spanish, and what is said in pictures.

If it fails: list each kind of data the product takes, and beside it what it is for.
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    LEAST_WORDS,
    NOTHING,
    OTHER_LANGUAGE,
    Reading,
    doubt,
    first,
    reading,
    section,
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
from shelfworthy.webtext.sentences import Sentence

WORDS = {  # topics that are kinds of data
    "data-name": "names",
    "data-email": "mail addresses",
    "data-voice": "voices",
    "data-video": "pictures",
    "data-location": "locations",
    "data-health": "body data",
    "data-device": "device numbers",
    "data-address": "personal details",
}

NOT_TAKEN = "not-taken"

SAYS = {
    "kinds": 'As data it names {kinds}, and a purpose: "{sentence}".',
    "no-kind": "It names no concrete kind of data that is taken.",
    "no-purpose": "As data it names {kinds}, and not what they are for.",
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
    kinds = {topic: read.topics[topic] for topic in WORDS if topic in read.topics}
    told = {topic: taken for topic in kinds if (taken := without(read.stated(topic), read, NOT_TAKEN))}
    purposes = read.said("purpose")
    purpose = of_these(read, [one for found in told.values() for one in found])
    number, named = len(kinds), tuple(WORDS[topic] for topic in kinds)
    probable = Confidence.PROBABLE
    if len(told) > 1 and purpose:
        at, sentence = read.at(purpose), short(purpose)
        named = tuple(WORDS[topic] for topic in told)
        yield passes("kinds", at, confidence=probable, kinds=named, sentence=sentence)
    elif unsure := unclear(read, purposes, number):
        yield doubt("doubt", unsure)
    elif near := first(read.said("collect-near")):
        yield doubt("doubt", near)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    elif number == 1 and purposes:
        (found,) = kinds.values()
        yield inconclusive("one-kind", Cause.NEEDS_A_PERSON, sentence=short(next(iter(found))))
    elif number:
        yield fails("no-purpose", field("documents"), Severity.MEDIUM, confidence=probable, kinds=named)
    else:
        yield fails("no-kind", field("documents"), Severity.MEDIUM, confidence=probable)


def without(several: list[Sentence], read: Reading, *topics: str) -> list[Sentence]:
    """Those that have none of these topics."""
    return [one for one in several if not any(one in read.topics.get(topic, ()) for topic in topics)]


def of_these(read: Reading, data: list[Sentence]) -> Sentence | None:
    """A purpose of these data: best one that names some of them, else one of the same section.

    What a lamp is for, three sections further on, is no purpose of an address; neither is what is done with
    data that are nobody's.
    """
    purposes = without(read.said("purpose"), read, NOT_TAKEN, "purpose-other")
    sections = {section(one) for one in data}
    both = [one for one in purposes if one in data]
    beside = [one for one in purposes if section(one) in sections]
    if not both and not beside:
        return None
    stated = frozenset(read.stated("purpose"))
    plain = [
        one for one in without(read.said("purpose-plain"), read, NOT_TAKEN) if one in purposes and alone(one)
    ]
    tiers = (
        [one for one in plain if one in both],
        [one for one in plain if one in beside],
        [one for one in plain if one in stated],
        [one for one in both if alone(one)],
        both,
        beside,
    )
    return next((best for some in tiers if (best := read.most(some, "purpose"))), None)


def alone(one: Sentence) -> bool:
    """Whether a sentence says something without what leads to it."""
    return not one.lead or one.text.count(" ") >= LEAST_WORDS - 1


def unclear(read: Reading, purposes: list[Sentence], number: int) -> Sentence | None:
    """A purpose that may be one of other data than those that are named, or what the classifier hears."""
    if purposes and number > 1:
        return first(purposes)
    return (None if purposes else read.felt("purpose")) or (None if number else read.felt("collect"))


CHECK = Check(
    id="policy-collection",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
