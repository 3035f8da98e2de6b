"""Do two sentences of the maker's texts exclude each other?

Why it matters: of two promises that exclude each other one is broken. It is often the terms that take what
the policy gives.

How we look (look): all texts of the maker together, sentence by sentence, by written rules: statements that
something is never done, and that it is done (sharing, selling, advertising, recording, location), of the same
kind of data. Statements that only may exclude each other (giving away, keeping, deleting, what leaves the
device, children, different periods for the same data) are left to a person. What is denied with a condition
excludes nothing, and what is done on a condition excludes nothing for sure.

What it does not show: contradictions of other kinds, or between sentences that the rules do not know: a pass
says that none was found among the statements they know, on at least three subjects.

If it fails: decide which sentence is true, and take the other one out.
"""

from collections.abc import Iterator
from itertools import product

from shelfworthy.checks.policy._periods import differing
from shelfworthy.checks.policy._reading import (
    CUT,
    NOTHING,
    OTHER_LANGUAGE,
    Reading,
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
    inconclusive,
    passes,
)
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.sentences import Sentence

# What is never done, and that it is done.
EXCLUDE = (
    ("sold-not", "sold"),
    ("never-shared", "shared-on"),
    ("ads-not", "ads"),
    ("place-not", "place"),
    ("hears-not", "hears"),
    ("kept-not", "kept"),  # recordings of a voice
)
# What may exclude each other where it is of the same data: a person decides.
MAY_EXCLUDE = (
    ("keep-period", "keep-ever"),
    ("delete-self", "delete-none"),
    ("given-none", "given-out"),
    ("kept-none", "kept-some"),
    ("stays", "leaves"),
    ("taken-none", "taken"),
)
# To nobody, and to some: words of both are seldom of the same data, and only a person sees whether they are.
NOBODY = ("share-none", "never-shared")
SOMEBODY = ("share-vague", "share-trade")
CHILDREN = ("child-consent", "child-not")  # in the policy of a product that may be for children
KINDS = frozenset({"of-voice", "of-picture", "of-place", "of-body", "of-name"})
NAMES = frozenset({"of-name"})  # which every second sentence has: they say little
CONDITION = "on-condition"  # it is done only where something else is so
TIMED = ("keep-period", "kept-some", "kept")
NOT_THEN = ("keep-else", "not-now")  # what others keep, or was kept, or may be some day
OUTSIDE = "outside"  # to whom data are given that are given away
SUBJECTS = {
    "sharing": ("share-named", "share-kinds", "share-vague", "share-none", "never-shared"),
    "selling": ("sold", "sold-not"),
    "advertising": ("ads", "ads-not"),
    "recording": ("hears", "hears-not", "sensor-microphone", "sensor-camera"),
    "location": ("place", "place-not", "data-location"),
    "keeping": ("keep-period", "keep-vague", "keep-ever", "keep-active"),
    "deleting": ("delete-self", "delete-ask", "delete-weak", "delete-none"),
    "children": ("child-consent", "child-rights", "child-not"),
    "encryption": ("secure",),
}
TAKEN_IN = "share-in"  # what the maker has from others, which is no sharing
# Nothing to outsiders, and something to those who advertise: a person sees whether it is the same.
OUTSIDERS = ("given-no-outsiders", "shared-on")
LEAST = 3  # subjects

SAYS = {
    "excludes": 'It says: "{sentence}". And it says: "{other}".',
    "may": 'A person must say whether these exclude each other: "{sentence}". And: "{other}".',
    "none": 'No two of its statements on {subjects} exclude each other; one of them: "{sentence}".',
    "little": "It says too little to contradict itself.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    read = reading(seen)
    if answer := unread(read, "nothing", "language"):
        yield answer
        return
    if pair := excluding(read):
        (one, other), done = pair
        said = {"sentence": short(one), "other": short(other)}
        at, severity = read.at(one), Severity.HIGH
        yield fails("excludes", at, severity, confidence=Confidence.PROBABLE, subject=done, **said)
        return
    if unsure := unclear(read, for_children=about.product is None or about.product.for_children is not False):
        said = {"sentence": short(unsure[0]), "other": short(unsure[1])}
        yield inconclusive("may", Cause.NEEDS_A_PERSON, **said)
        return
    said_of = subjects(read)
    if len(said_of) >= LEAST and read.whole:
        sentence = clearest(said_of, read)
        yield passes(
            "none",
            read.at(sentence),
            confidence=Confidence.TENTATIVE,
            subjects=", ".join(said_of),
            sentence=short(sentence),
        )
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield inconclusive("little", Cause.NOT_SUPPLIED)


def excluding(read: Reading) -> tuple[tuple[Sentence, Sentence], str] | None:
    """Two sentences that surely exclude each other, and what is done.

    What is denied of no kind of data is denied of all. What is done on a condition may be denied without it.
    """
    bound = read.topics.get(CONDITION, {})
    for never, done in EXCLUDE:
        plain = [one for one in surely(done, read) if one not in bound]
        for one, other in product(surely(never, read), plain):
            if one != other and (of(one, read) & of(other, read) or not of(one, read)):
                return (one, other), done
    return None


def surely(topic: str, read: Reading) -> list[Sentence]:
    """The sentences that state it of data, and have it not by wide rules only."""
    stated = frozenset(read.stated(topic))
    return [one for one in read.surely(topic) if one in stated]


def unclear(read: Reading, *, for_children: bool) -> tuple[Sentence, Sentence] | None:
    """Two sentences that may exclude each other."""
    for never, done in MAY_EXCLUDE:
        for one, other in product(read.said(never), read.said(done)):
            if one != other and alike(one, other, done, read):
                return one, other
    for never, done in EXCLUDE:
        for one, other in product(read.surely(never), read.surely(done)):
            if one != other and (of(one, read) & of(other, read) or not of(one, read) or not of(other, read)):
                return one, other
    if pair := differing(timed(read), read.language):
        return pair
    none, some = (read.stated(topic) for topic in OUTSIDERS)
    if none and some:
        return none[0], some[0]
    nobody, somebody = first(read.said(*NOBODY)), first(read.said(*SOMEBODY))
    somebody = somebody or (read.against(*SOMEBODY) if nobody else None)
    if nobody and somebody and nobody != somebody:
        return nobody, somebody
    consent, not_for = CHILDREN
    pairs = product(read.said(consent), read.said(not_for)) if for_children else ()
    return next((pair for pair in pairs if pair[0] != pair[1]), None)


def timed(read: Reading) -> list[Sentence]:
    """The sentences that say how long the maker keeps something."""
    otherwise = {one for topic in NOT_THEN for one in read.topics.get(topic, ())}
    return [one for one in read.said(*TIMED) if one not in otherwise]


def alike(one: Sentence, other: Sentence, done: str, read: Reading) -> bool:
    """Whether two statements are on the same data; of those that are given away, given to people outside."""
    if done == "given-out":
        outside = one in read.topics.get(OUTSIDE, {}) or other in read.topics.get(OUTSIDE, {})
        return outside and bool(of(one, read) & of(other, read))
    return bool(of(one, read) & of(other, read) - NAMES)


def of(one: Sentence, read: Reading) -> frozenset[str]:
    """The kinds of data that a sentence names."""
    return frozenset(kind for kind in KINDS if one in read.topics.get(kind, {}))


def subjects(read: Reading) -> dict[str, list[Sentence]]:
    """Of what there are statements, and which."""
    taken_in = read.topics.get(TAKEN_IN, {})
    found = {subject: read.stated(*topics) for subject, topics in SUBJECTS.items()}
    found["sharing"] = [one for one in found["sharing"] if one not in taken_in]
    return {subject: several for subject, several in found.items() if several}


def clearest(said_of: dict[str, list[Sentence]], read: Reading) -> Sentence:
    """The statement in which the classifier hears most of its subject; where it hears of none, the first."""
    several = [(one, SUBJECTS[subject]) for subject, found in said_of.items() for one in found]
    return max(several, key=lambda pair: (not pair[0].aside, read.heard(*pair)))[0]


CHECK = Check(
    id="policy-contradictions",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
