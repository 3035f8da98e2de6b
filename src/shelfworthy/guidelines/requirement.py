"""Step 4: the answer of one requirement."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import attrgetter

from shelfworthy.guidelines.cells import FAIL, MOOT, OPEN, PASS
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.members import (
    NOWHERE,
    Member,
    missing,
    needs_a_person,
    not_supplied,
    unasked,
)
from shelfworthy.guidelines.plan import Article, Plan
from shelfworthy.guidelines.rules import Alternatives
from shelfworthy.model import Cause, Change, Finding, Kind, RequirementVerdict, Standing

# The first of these outcomes that a member has decides; where all are moot, nothing was found either way.
DECIDES = (
    (FAIL, Standing.NOT_MET),
    (OPEN, Standing.CANNOT_DETERMINE),
    (PASS, Standing.MET),
)
ID = attrgetter("id")
NOBODY_ASKS = RequirementVerdict(
    answer=Standing.CANNOT_DETERMINE,
    would_change=(
        Change(
            check="",
            surface="",
            cause=Cause.NOBODY_LOOKED,
            what="no check asks this yet: a person may declare it",
        ),
    ),
)
AROSE_NOWHERE = Change(
    check="",
    surface="",
    cause=Cause.NEEDS_A_PERSON,
    what="the question arose on no surface: a person may declare it",
)


def answer(
    article: Article, asked: Mapping[str, Member], unread: Sequence[Member], grounds: Grounds
) -> RequirementVerdict:
    """What the findings say of one requirement, before declarations.

    asked: step 3, by check; those that are not in it are moot. unread: what may name more addresses.
    """
    requirement = article.requirement
    spoken: list[Finding] = []
    aside: list[Finding] = []
    for check in article.deciding:
        if check in asked:
            spoken += asked[check].spoken
            aside += asked[check].aside
    for check in requirement.notes:
        for _, said in sorted(grounds.said(check).items()):
            aside += said
    findings, notes = ids(spoken), ids(aside)
    about = grounds.product.product
    if requirement.asked_if and getattr(about, requirement.asked_if) is False:  # silence never excuses
        return RequirementVerdict(answer=Standing.NOT_APPLICABLE, findings=findings, notes=notes)
    gone = missing(article, about.category, grounds.makers_kinds)
    left_open = unasked(article, grounds)
    if requirement.network:
        left_open += unread
    return weighed(article, asked, gone, left_open, findings, notes)


def ids(findings: Sequence[Finding]) -> tuple[str, ...]:
    """How a verdict names findings."""
    return tuple(map(ID, findings))


@lru_cache(maxsize=1024)
def unconcerned(plan: Plan, category: str, kinds: frozenset[Kind]) -> Mapping[str, RequirementVerdict]:
    """What every requirement answers of a product that has nothing it is about, by id.

    What is missing follows from its category and the kinds it has surfaces of, and from nothing else.
    """
    return {
        article.id: weighed(article, {}, missing(article, category, kinds)) for article in plan.articles()
    }


def weighed(
    article: Article,
    asked: Mapping[str, Member],
    gone: Alternatives,
    left_open: Sequence[Member] = (),
    findings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> RequirementVerdict:
    """The answer of all that a requirement rests on. gone: the kinds expected and not there."""
    if not article.deciding and not article.requirement.declared:
        return NOBODY_ASKS
    rests_on = [*members(article, asked, gone), *left_open]
    for outcome, standing in DECIDES:
        if speaking := [member for member in rests_on if member.outcome is outcome]:
            because = [finding.id for member in speaking for finding in member.because]
            changes = [change for member in speaking for change in member.changes]
            return RequirementVerdict(
                answer=standing,
                findings=findings,
                because=tuple(dict.fromkeys(because)),
                would_change=tuple(dict.fromkeys(changes)),
                notes=notes,
            )
    return RequirementVerdict(
        answer=Standing.CANNOT_DETERMINE, findings=findings, would_change=(AROSE_NOWHERE,), notes=notes
    )


def members(article: Article, asked: Mapping[str, Member], gone: Alternatives) -> list[Member]:
    """What a requirement rests on by its own rules; each of them may fail it or hold it open."""
    requirement = article.requirement
    stands = {check: asked.get(check, NOWHERE) for check in article.deciding}
    for kinds in reversed(gone):  # of several groups the first is named
        for check, kind in article.kinds.items():
            if kind in kinds and not stands[check].cells:
                stands[check] = not_supplied(kinds, check)
    rests_on = [stands[check] for check in requirement.all]
    for group in requirement.any:
        rests_on.append(one_of([stands[check] for check in group]))
    for name in requirement.declared:
        rests_on.append(needs_a_person(name))
    for kinds in gone:
        if article.asked_at.isdisjoint(kinds):
            rests_on.append(not_supplied(kinds))
    return rests_on


def one_of(alternatives: Sequence[Member]) -> Member:
    """Alternatives as one member: moot ones drop out, one pass is enough, all must fail to fail."""
    outcomes = {member.outcome for member in alternatives}
    if PASS in outcomes:
        outcome = PASS
    elif OPEN in outcomes:
        outcome = OPEN
    elif FAIL in outcomes:
        outcome = FAIL
    else:
        outcome = MOOT
    deciding = [member for member in alternatives if member.outcome is outcome]
    return Member(
        outcome,
        because=[finding for member in deciding for finding in member.because],
        changes=[change for member in deciding for change in member.changes],
    )
