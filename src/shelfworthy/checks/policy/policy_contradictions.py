"""Do two sentences of the maker's texts exclude each other?

Why it matters: of two promises that exclude each other one is broken. It is often the terms that take what
the policy gives.

How we look (look): all texts of the maker together, sentence by sentence, by written rules:
statements that something is never done, and that it is done (sharing, selling, advertising, recording,
location). Statements on keeping, deleting and children that may exclude each other are left to a person.

What it does not show: contradictions of other kinds, or between sentences that the rules do not know: a pass
says that none was found among the statements they know, on at least three subjects.

If it fails: decide which sentence is true, and take the other one out.
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    NOTHING,
    OTHER_LANGUAGE,
    Reading,
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
    inconclusive,
    passes,
)
from shelfworthy.seen.policy import PolicySeen

# What is never done, and that it is done.
EXCLUDE = (
    ("sold-not", "sold"),
    ("never-shared", "shared-on"),
    ("ads-not", "ads"),
    ("place-not", "place"),
    ("hears-not", "hears"),
    ("kept-not", "kept"),  # recordings of a voice
)
# What may exclude each other, or be said of different things.
MAY_EXCLUDE = (("keep-period", "keep-ever"), ("delete-self", "delete-none"), ("child-consent", "child-not"))
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
LEAST = 3  # subjects

SAYS = {
    "excludes": 'It says: "{sentence}". And it says: "{other}".',
    "none": 'No two of its statements on {subjects} exclude each other; one of them: "{sentence}".',
    "little": "It says too little to contradict itself.",
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
    for never, done in EXCLUDE:
        one, other = first(read.surely(never)), first(read.surely(done))
        if one and other and one != other:
            said = {"sentence": short(one), "other": short(other)}
            at, severity = read.at(one), Severity.HIGH
            yield fails("excludes", at, severity, confidence=Confidence.PROBABLE, subject=done, **said)
            return
    for first_topic, second_topic in MAY_EXCLUDE:
        if read.said(first_topic) and (unsure := first(read.said(second_topic))):
            yield doubt("doubt", unsure)
            return
    said_of = subjects(read)
    if len(said_of) >= LEAST and read.whole:
        sentence = first(read.said(*SUBJECTS[said_of[0]]))
        assert sentence is not None
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


def subjects(read: Reading) -> list[str]:
    """Of what there are statements."""
    return [subject for subject, topics in SUBJECTS.items() if read.said(*topics)]


CHECK = Check(
    id="policy-contradictions",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
