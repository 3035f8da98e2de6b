"""Does the policy name who receives data?

Why it matters: "partners" may be anybody. Who is named can be asked, looked up and refused.

How we look (look): each sentence of the policy and the texts that belong to it, by written rules. A name of a
company that receives data counts, and the statement that nobody does. Kinds of recipients with what each of
them does are left to a person; "partners", "third parties" and "affiliates" name nobody.

What it does not show: whether it is done as it says. Texts in other languages than English, German and
Spanish, and what is said in pictures.

If it fails: list the companies that receive data, and what each of them does with it.
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

FELT = ("share-named", "share-none", "share-kinds")

# What takes back that somebody is named, and that nobody receives data.
VAGUE = ("share-vague",)
SOME = ("share-vague", "share-kinds")

SAYS = {
    "named": 'It names who receives data: "{sentence}".',
    "nobody": 'It says that nobody receives data: "{sentence}".',
    "vague": 'It names no recipient, only: "{sentence}".',
    "absent": "It says nothing of who receives data.",
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
    own = (about.product.vendor, about.product.name) if about.product else ()
    named, nobody = read.most(read.recipients(*own), "share-named"), read.best("share-none")
    kinds, vague = first(read.said("share-kinds")), first(read.said("share-vague", "share-trade"))
    near = read.unstated("share-named", "share-none", "share-vague")
    if (named or nobody) and vague:
        yield doubt("doubt", vague)
    elif nobody and kinds and not named:
        yield doubt("doubt", kinds)
    elif (named or nobody) and (other := read.against(*(VAGUE if named else SOME))):
        yield doubt("doubt", other)
    elif one := named or nobody:
        says = "named" if named else "nobody"
        yield passes(says, read.at(one), confidence=Confidence.PROBABLE, sentence=short(one))
    elif unsure := kinds or near or first(read.said("share-near")) or read.felt(*FELT):
        yield doubt("doubt", unsure)
    elif vague := first(read.said("share-vague")):
        yield fails(
            "vague", read.at(vague), Severity.MEDIUM, confidence=Confidence.PROBABLE, sentence=short(vague)
        )
    elif part := first(read.said("share-part")):
        yield doubt("doubt", part)
    elif not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    else:
        yield fails("absent", field("documents"), Severity.MEDIUM, confidence=Confidence.PROBABLE)


CHECK = Check(
    id="policy-sharing",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
)
