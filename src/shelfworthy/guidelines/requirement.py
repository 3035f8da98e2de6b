"""Step 4: the answer of one requirement."""

from collections.abc import Mapping, Sequence

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
from shelfworthy.model import Cause, Change, Outcome, RequirementVerdict, Standing

NOBODY_LOOKED = Change(
    check="",
    surface="",
    cause=Cause.NOBODY_LOOKED,
    what="a person declares it: no check asks this yet",
)
NOWHERE = Change(
    check="",
    surface="",
    cause=Cause.NEEDS_A_PERSON,
    what="a person declares it: the question arose on no surface",
)


def answer(
    requirement: Requirement,
    asked: Mapping[str, Member],
    checks: Mapping[str, CheckFacts],
    grounds: Grounds,
) -> RequirementVerdict:
    """What the findings say of one requirement, before declarations. asked: step 3, by check."""
    deciding = requirement.deciding()
    spoken = tuple(finding for check in deciding for finding in asked[check].spoken)
    notes = tuple(finding.id for check in requirement.notes for finding in grounds.said(check))
    notes += tuple(finding for check in deciding for finding in asked[check].aside)

    def verdict(
        standing: Standing, because: Sequence[Member] = (), changes: Sequence[Change] = ()
    ) -> RequirementVerdict:
        return RequirementVerdict(
            answer=standing,
            findings=spoken,
            because=tuple(dict.fromkeys(finding for member in because for finding in member.because)),
            would_change=tuple(dict.fromkeys(changes)),
            notes=notes,
        )

    if requirement.asked_if and not getattr(grounds.product.product, requirement.asked_if):
        return verdict(Standing.NOT_APPLICABLE)
    if not deciding and not requirement.declared:
        return verdict(Standing.CANNOT_DETERMINE, changes=(NOBODY_LOOKED,))
    rests_on = members(requirement, asked, checks, grounds)
    if failed := [member for member in rests_on if member.outcome is Outcome.FAIL]:
        return verdict(Standing.NOT_MET, failed)
    if still_open := [member for member in rests_on if member.outcome is Outcome.INCONCLUSIVE]:
        changes = [change for member in still_open for change in member.changes]
        return verdict(Standing.CANNOT_DETERMINE, still_open, changes)
    if passed := [member for member in rests_on if member.outcome is Outcome.PASS]:
        return verdict(Standing.MET, passed)
    return verdict(Standing.CANNOT_DETERMINE, rests_on, (NOWHERE,))


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
    arising = [member for member in alternatives if member.outcome is not Outcome.MOOT]
    outcomes = {member.outcome for member in arising}
    if not arising:
        outcome, deciding = Outcome.MOOT, list(alternatives)
    elif Outcome.PASS in outcomes:
        outcome, deciding = Outcome.PASS, [member for member in arising if member.outcome is Outcome.PASS]
    elif outcomes == {Outcome.FAIL}:
        outcome, deciding = Outcome.FAIL, arising
    else:
        outcome = Outcome.INCONCLUSIVE
        deciding = [member for member in arising if member.outcome is Outcome.INCONCLUSIVE]
    return Member(
        outcome,
        because=tuple(finding for member in deciding for finding in member.because),
        changes=tuple(change for member in deciding for change in member.changes),
    )
