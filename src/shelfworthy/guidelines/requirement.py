"""Step 4: the answer of one requirement."""

from collections.abc import Mapping, Sequence

from shelfworthy.guidelines.cells import FAIL, MOOT, OPEN, PASS
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.members import (
    Member,
    missing,
    needs_a_person,
    not_supplied,
    unasked,
    unread,
)
from shelfworthy.guidelines.rules import CheckFacts, Requirement
from shelfworthy.model import Cause, Change, RequirementVerdict, Standing

# The first of these outcomes that a member has decides; where all are moot, nothing was found either way.
DECIDES = (
    (FAIL, Standing.NOT_MET),
    (OPEN, Standing.CANNOT_DETERMINE),
    (PASS, Standing.MET),
)
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
NOWHERE = Change(
    check="",
    surface="",
    cause=Cause.NEEDS_A_PERSON,
    what="the question arose on no surface: a person may declare it",
)


def answer(
    requirement: Requirement,
    asked: Mapping[str, Member],
    checks: Mapping[str, CheckFacts],
    grounds: Grounds,
) -> RequirementVerdict:
    """What the findings say of one requirement, before declarations. asked: step 3, by check."""
    deciding = requirement.deciding()
    asked_if = requirement.asked_if
    not_asked = asked_if and getattr(grounds.product.product, asked_if) is False  # silence never excuses
    if not not_asked and not deciding and not requirement.declared:
        return NOBODY_ASKS
    findings = tuple(finding for check in deciding for finding in asked[check].spoken)
    notes = tuple(finding for check in deciding for finding in asked[check].aside)
    for check in requirement.notes:
        notes += tuple(finding.id for _, said in sorted(grounds.said(check).items()) for finding in said)

    if not_asked:
        return RequirementVerdict(answer=Standing.NOT_APPLICABLE, findings=findings, notes=notes)
    rests_on = members(requirement, asked, checks, grounds)
    for outcome, standing in DECIDES:
        if speaking := [member for member in rests_on if member.outcome is outcome]:
            return RequirementVerdict(
                answer=standing,
                findings=findings,
                because=tuple(dict.fromkeys(finding for one in speaking for finding in one.because)),
                would_change=tuple(dict.fromkeys(change for one in speaking for change in one.changes)),
                notes=notes,
            )
    return RequirementVerdict(
        answer=Standing.CANNOT_DETERMINE, findings=findings, would_change=(NOWHERE,), notes=notes
    )


def members(
    requirement: Requirement,
    asked: Mapping[str, Member],
    checks: Mapping[str, CheckFacts],
    grounds: Grounds,
) -> list[Member]:
    """All a requirement rests on; each of them may fail it or hold it open."""
    kinds = {checks[check].kind for check in requirement.deciding() if check in checks}
    gone = missing(requirement, grounds)

    def member(check: str) -> Member:
        for group in gone if not asked[check].cells else ():
            if check in checks and checks[check].kind in group:
                return not_supplied(group, check)
        return asked[check]

    rests_on = [member(check) for check in requirement.all]
    rests_on += [one_of([member(check) for check in group]) for group in requirement.any]
    rests_on += [needs_a_person(name) for name in requirement.declared]
    rests_on += [not_supplied(group) for group in gone if kinds.isdisjoint(group)]
    rests_on += unasked(requirement, kinds, grounds)
    if requirement.network:
        rests_on += unread(grounds)
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
        because=tuple(finding for member in deciding for finding in member.because),
        changes=tuple(change for member in deciding for change in member.changes),
    )
