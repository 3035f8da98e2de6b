"""Findings become a verdict: the five steps of DESIGN, "How answers become a verdict"."""

from collections.abc import Mapping
from datetime import datetime

from shelfworthy.guidelines.declared import in_force, settle
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.members import Member, over_surfaces, unknown
from shelfworthy.guidelines.requirement import answer
from shelfworthy.guidelines.rules import CheckFacts, Rules
from shelfworthy.guidelines.world import World
from shelfworthy.model import GuidelineVerdict, RequirementVerdict, Standing, Verdict

EXPOSURE = "exposure"


def roll_up(rules: Rules, checks: Mapping[str, CheckFacts], world: World, at: datetime) -> Verdict:
    """The verdict on a product, as of a moment. Pure: no clock, no order, nothing but its arguments.

    1. What counts: per check, surface and unit the newest look that answered; silence supersedes nothing,
       an aged pass or moot is open, a fail stays.
    2. Surfaces: the maker's. Where the look is missing, incomplete or names an observation that is not
       there, a check can fail, never pass or be moot.
    3. A check over its surfaces: one fail fails it, else one open answer opens it, else one pass passes it,
       else it is moot; without a surface moot, or open where the requirement expects one.
    4. A requirement: from its checks, groups of alternatives and what else it needs; then the declarations.
    5. A guideline: from its requirements. Exposures stand for themselves, requirement by requirement.
    """
    grounds = Grounds(rules, world, at)  # 1 and 2
    asked: dict[str, Member] = {}
    for _, requirement in rules.requirements():  # 3
        for check in requirement.deciding():
            if check not in asked:
                asked[check] = over_surfaces(checks[check], grounds) if check in checks else unknown(check)
    declarations = in_force(grounds)
    answers: dict[str, RequirementVerdict] = {}
    for requirement_id, requirement in rules.requirements():  # 4
        answers[requirement_id] = answer(requirement, asked, checks, grounds)
        if requirement_id in declarations:
            answers[requirement_id] = settle(
                answers[requirement_id], declarations[requirement_id], requirement, asked, checks, grounds
            )
    headings = {
        heading: {f"{heading}.{name}": answers[f"{heading}.{name}"] for name in rules.requirement[heading]}
        for heading in (*rules.guideline, EXPOSURE)
    }
    return Verdict(  # 5
        guidelines={guideline: one_guideline(headings[guideline]) for guideline in rules.guideline},
        exposures=headings[EXPOSURE],
    )


def one_guideline(requirements: dict[str, RequirementVerdict]) -> GuidelineVerdict:
    """The answer of one guideline from those of its requirements, by id.

    Where every requirement is declared or not asked, it says by whom; where nobody even declared
    anything, it stays open: nothing looked at is never met (law 4).
    """
    answers = {verdict.answer for verdict in requirements.values()}
    names = sorted({verdict.declared_by for verdict in requirements.values()} - {""})
    found = any(
        verdict.answer is not Standing.NOT_APPLICABLE and not verdict.declared_by
        for verdict in requirements.values()
    )
    if Standing.NOT_MET in answers:
        standing = Standing.NOT_MET
    elif answers <= {Standing.MET, Standing.NOT_APPLICABLE} and (found or names):
        standing = Standing.MET
    else:
        standing = Standing.CANNOT_DETERMINE
    return GuidelineVerdict(
        answer=standing, requirements=requirements, by_declaration_of="" if found else ", ".join(names)
    )
