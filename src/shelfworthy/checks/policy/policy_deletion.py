"""Does the policy say how a person can have data deleted?

Why it matters: parents want what a toy recorded to be gone. Who has no way but to plead with a hotline gives
up.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules. A way
counts that a user can go alone, or an address or form where deletion is asked for. A right without a way is
left to a person. Tidying up the phone (an app's cache) is no deletion.

What it does not show: whether it is done as it says. Texts in other languages than English, German and
Spanish, and what is said in pictures.

If it fails: add a button that deletes, and say in the policy where it is and how long deletion takes.
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
    "self": 'A user can delete data alone: "{sentence}".',
    "ask": 'Data are deleted on request: "{sentence}".',
    "refused": 'Deletion is refused: "{sentence}".',
    "absent": "It states no way to have data deleted.",
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
    alone, asked = read.best("delete-self"), read.best("delete-ask")
    refused, weak = first(read.said("delete-none")), first(read.said("delete-weak", "delete-near"))
    near = read.unstated("delete-self", "delete-ask", "delete-none")
    if refused and (alone or asked):
        yield doubt("doubt", refused)
    elif (alone or asked) and (other := read.against("delete-none")):
        yield doubt("doubt", other)
    elif one := alone or asked:
        says = "self" if alone else "ask"
        yield passes(says, read.at(one), confidence=Confidence.PROBABLE, sentence=short(one))
    elif near:
        yield doubt("doubt", near)
    elif refused:
        yield fails(
            "refused",
            read.at(refused),
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            sentence=short(refused),
        )
    elif unsure := weak or read.felt("delete-self", "delete-ask"):
        yield doubt("doubt", unsure)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield fails("absent", field("documents"), Severity.MEDIUM, confidence=Confidence.PROBABLE)


CHECK = Check(
    id="policy-deletion",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
