"""Can the people it is for read the policy?

Why it matters: who must have studied law to read it was told nothing. Of a toy's policy parents and children
should understand every sentence.

How we look (look): the policy's own sentences, without headings and the frame of the page; an item of a list
is a sentence; what has under three words is left out. Their US school grade: Flesch-Kincaid in English, first
new Wiener Sachtextformel in German, Szigriszt-Pazos with the steps of INFLESZ in Spanish. Up to grade 11 is
readable, for children's products up to 8; over 14 is not, for children's products over 10. Where the product
file says which languages the buyers read (`languages`), the policy must be in one of them. Near a bound a
person decides: where the grade would lie on its other side if those short ones counted as sentences; and
nothing fails that is within half a grade of a bound, about as far apart as two counters of the same text.

What it does not show: whether it says anything. The formulas count lengths of words and sentences; their
grades are a rough measure, which is why there is room between pass and fail. Each formula is for its own
language: of our Spanish texts Flesch-Kincaid, made for English, says four to eleven grades more. Other
languages, and texts of under 100 words, are left open.

If it fails: one thought a sentence, short words, verbs instead of nouns; or a translation.
"""

from collections.abc import Iterator

from shelfworthy.checks.policy._language import name
from shelfworthy.checks.policy._readability import grade, span
from shelfworthy.checks.policy._reading import CUT, NOTHING, OTHER_LANGUAGE, Reading, reading, unread
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    PrivacyPolicy,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.sentences import spoken

EASY, HARD = 11.0, 14.0  # US school grades: readable up to the first, not over the second
EASY_FOR_CHILDREN, HARD_FOR_CHILDREN = 8.0, 10.0
LEAST = 100  # words
ROUGH = 0.5  # of a grade: two counters of the same text are about so far apart; a fail needs more

SAYS = {
    "readable": "Its sentences ask for US school grade {grade}; up to {easy} is readable.",
    "hard": "Its sentences ask for US school grade {grade}; over {hard} is too hard.",
    "between": "Its sentences ask for US school grade {grade}, between {easy} and {hard}: a person decides.",
    "near": "Its sentences ask for US school grade {grade} ({low} to {high} by how they are "
    "counted), too near to {bound}: a person decides.",
    "not-theirs": "The policy is in {language}, not in the buyers' language ({languages}).",
    "short": "It has {number} words; fewer than {least} cannot be measured.",
    "nothing": NOTHING,
    "language": OTHER_LANGUAGE,
    "cut": CUT,
}


def judge(seen: PolicySeen, about: About) -> Iterator[Answer]:
    assert about.product is not None
    read = reading(seen)
    if answer := unread(read, "nothing"):
        yield answer
        return
    wanted = about.surface.languages if isinstance(about.surface, PrivacyPolicy) else ()
    if wanted and read.language and read.language not in {one.lower().split("-")[0] for one in wanted}:
        names = ", ".join(name(one) if name(one) else one for one in wanted)
        at = field("documents")
        yield fails("not-theirs", at, Severity.HIGH, language=name(read.language), languages=names)
        return
    if answer := unread(read, "nothing", "language"):
        yield answer
        return
    asks, words = grade(own(read), read.language)
    if not read.whole:
        yield inconclusive("cut", Cause.NOT_UNDERSTOOD)
    elif words < LEAST:
        yield inconclusive("short", Cause.NOT_SUPPLIED, number=words, least=LEAST)
    else:
        low, high = span(own(read), read.language)
        yield judged(asks, low, high, *bounds(about.product.for_children))


def own(read: Reading) -> Iterator[str]:
    """The sentences of the policy itself."""
    policies = {number for number, one in enumerate(read.documents) if one.role == "policy"}
    for one in read.sentences:
        if one.document in policies and not one.head and not one.aside:
            yield spoken(one.text, led="")


def bounds(for_children: bool | None) -> tuple[float, float]:
    """Up to which grade a policy is readable, and over which not; where nobody said, what holds for all."""
    easy = EASY if for_children is False else EASY_FOR_CHILDREN
    hard = HARD_FOR_CHILDREN if for_children else HARD
    return easy, hard


def judged(asks: float, low: float, high: float, easy: float, hard: float) -> Answer:
    """asks: the school grade. low, high: between which it lies by other sound ways of counting."""
    at, shown = field("documents"), text(asks)
    if high <= easy:
        return passes("readable", at, confidence=Confidence.PROBABLE, grade=shown, easy=round(easy))
    if low - ROUGH > hard:
        return fails("hard", at, Severity.LOW, confidence=Confidence.PROBABLE, grade=shown, hard=round(hard))
    if easy < asks <= hard:
        return inconclusive("between", Cause.NEEDS_A_PERSON, grade=shown, easy=round(easy), hard=round(hard))
    bound = round(easy if asks <= easy else hard)
    return inconclusive(
        "near", Cause.NEEDS_A_PERSON, grade=shown, low=text(low), high=text(high), bound=bound
    )


def text(grade: float) -> str:
    """A grade as it is shown; the formulas go below the first."""
    return f"{max(grade, 0.0):.1f}"


CHECK = Check(
    id="policy-readable",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(PolicySeen,),
    says=SAYS,
    needs=("product",),
)
