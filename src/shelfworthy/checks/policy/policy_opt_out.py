"""Does the policy name a real way to refuse?

Why it matters: the fifth guideline asks that people can refuse a collection of data and still use what they
bought. "Do not use the product" is no way to refuse.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules. A way
counts that is concrete: a switch, a page, an address to write to, and refuses a collection or use of data. A
right without a way, a way out of marketing mails only, and one that costs the product or money by its own
words or the next, are left to a person; telling people to set their browser or not to buy is none.

What it does not show: whether it is done as it says. Texts in other languages than English, German and
Spanish, and what is said in pictures.

If it fails: add a switch for every collection the product does not need, and say where it is.
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
    "way": 'It names a way to refuse: "{sentence}".',
    "none": 'It names no way to refuse but to go without the product: "{sentence}".',
    "absent": "It names no way to refuse a collection or use of data.",
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
    way, weak = read.best("opt-out"), first(read.said("opt-out", "opt-out-weak", "opt-out-near"))
    if way and (other := read.against("opt-out-none")):
        yield doubt("doubt", other)
    elif way:
        yield passes("way", read.at(way), confidence=Confidence.PROBABLE, sentence=short(way))
    elif unsure := weak or read.felt("opt-out"):
        yield doubt("doubt", unsure)
    elif none := first(read.said("opt-out-none")):
        yield fails(
            "none", read.at(none), Severity.MEDIUM, confidence=Confidence.PROBABLE, sentence=short(none)
        )
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield fails("absent", field("documents"), Severity.MEDIUM, confidence=Confidence.PROBABLE)


CHECK = Check(
    id="policy-opt-out",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
