"""Does the policy say where to ask about privacy?

Why it matters: every right in a policy needs somebody to turn to.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules: a mail
address, a postal address, or a form for questions. A hotline for orders, or "contact us" without where, is
left to a person.

What it does not show: whether anybody answers.

If it fails: name a mail address for questions about privacy.
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._reading import (
    CUT,
    DOUBT,
    NOTHING,
    OTHER_LANGUAGE,
    doubt,
    first,
    not_ruled,
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
    "where": 'It says where to ask: "{sentence}".',
    "absent": "It names nobody to ask about privacy.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
    "doubt": DOUBT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    read = reading(seen)
    if answer := unread(read, "nothing"):
        yield answer
        return
    where = first(read.said("contact"))
    if where:
        yield passes("where", read.at(where), confidence=Confidence.PROBABLE, sentence=short(where))
    elif not read.ruled:
        yield not_ruled(read, "language")
    elif unsure := first(read.said("contact-weak")) or read.felt("contact"):
        yield doubt("doubt", unsure)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield fails("absent", field("documents"), Severity.MEDIUM, confidence=Confidence.PROBABLE)


CHECK = Check(
    id="policy-contact",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
