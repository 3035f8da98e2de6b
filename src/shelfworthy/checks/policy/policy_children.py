"""Does the policy of a children's product say what is owed to children?

Why it matters: a child cannot agree to be recorded. COPPA (16 CFR 312, with the amendments of 2025) and GDPR,
Article 8, ask for a parent's consent; COPPA also for a parent's right to see and delete, a stated retention
period, and what recordings of a voice are used for and when they are deleted.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules, if the
product file says that the product is for children. Asked are: a parent's consent before; a parent may see and
delete the child's data; how long they are kept; and where the product has a microphone, what recordings are
for and when they are deleted.

What it does not show: whether any of it is done, and never whether a law is broken.

If it fails: add what is missing, in words that parents understand.
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
    PrivacyPolicy,
    Sensor,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.sentences import Sentence

WANTED = {
    "consent": "a parent's consent before data are taken",
    "rights": "that a parent may see and delete the child's data",
    "period": "how long a child's data are kept",
    "voice": "what recordings of a voice are used for, and when they are deleted",
}
# Topics of each, and those by which the classifier may feel it.
RIGHTS = ("child-rights", "delete-self", "delete-ask")

SAYS = {
    "all": 'It says what is owed to children; of a parent\'s consent: "{sentence}".',
    "lacks": "It does not state {what}.",
    "not-for": 'A children\'s product, and its policy says: "{sentence}".',
    "moot": "The product is not for children, by the product file.",
    "unknown": "Whether the product is for children is not said in the product file.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
    "doubt": DOUBT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    assert about.product is not None
    if about.product.for_children is False:
        yield moot("moot", field("documents"))
        return
    read = reading(seen)
    if answer := unread(read, "nothing", "language"):
        yield answer
        return
    if about.product.for_children is None:
        yield inconclusive("unknown", Cause.NOT_SUPPLIED)
        return
    consent, not_for = first(read.stated_there("child-consent")), first(read.said("child-not"))
    lacking = missing(read, microphone(about))
    if not_for and not consent:
        yield fails(
            "not-for",
            read.at(not_for),
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            sentence=short(not_for),
        )
    elif not_for:
        yield doubt("doubt", not_for)
    elif consent and not lacking:
        yield passes("all", read.at(consent), confidence=Confidence.PROBABLE, sentence=short(consent))
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    elif unsure := felt(read, lacking):
        yield doubt("doubt", unsure)
    else:
        what, at = WANTED[lacking[0]], field("documents")
        yield fails("lacks", at, Severity.HIGH, confidence=Confidence.PROBABLE, what=what)


def microphone(about: About) -> bool:
    """Whether the product is said to have one."""
    surface = about.surface
    return isinstance(surface, PrivacyPolicy) and Sensor.MICROPHONE in (surface.sensors or ())


def missing(read: Reading, microphone: bool) -> list[str]:
    """What is not said of what is owed."""
    said = {
        "consent": read.stated_there("child-consent"),
        "rights": read.stated("child-rights") and read.stated(*RIGHTS),
        "period": read.stated("keep-period"),
        "voice": not microphone or (read.stated("voice-use") and read.stated("voice-end")),
    }
    return [what for what, found in said.items() if not found]


def felt(read: Reading, lacking: list[str]) -> Sentence | None:
    """A sentence that may say what is lacking; None as soon as one thing is surely not said."""
    topics = {
        "consent": ("child-consent",),
        "rights": RIGHTS,
        "period": ("keep-period",),
        "voice": ("keep-period",),
    }
    unsure = [read.unstated(*topics[what]) or read.felt(*topics[what]) for what in lacking]
    return unsure[0] if all(unsure) else None


CHECK = Check(
    id="policy-children",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
    needs=("product",),
)
