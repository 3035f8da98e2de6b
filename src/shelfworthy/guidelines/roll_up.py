"""Findings become a verdict: the five steps of DESIGN, "How answers become a verdict"."""

from collections.abc import Mapping
from datetime import datetime

from shelfworthy.guidelines.declared import in_force, settle
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.members import Member, over_surfaces, unknown, unread
from shelfworthy.guidelines.plan import EXPOSURE, Article, Plan, plan_of
from shelfworthy.guidelines.requirement import answer, unconcerned
from shelfworthy.guidelines.rules import CheckFacts, Rules
from shelfworthy.guidelines.world import World
from shelfworthy.model import GuidelineVerdict, RequirementVerdict, Standing, Verdict

MET, NOT_MET = Standing.MET, Standing.NOT_MET
CANNOT_DETERMINE, NOT_APPLICABLE = Standing.CANNOT_DETERMINE, Standing.NOT_APPLICABLE


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
    return verdict(plan_of(rules, checks), world, at)


def verdict(plan: Plan, world: World, at: datetime) -> Verdict:
    """The same for who judges many products under one plan."""
    grounds = Grounds(plan.rules, world, at)  # 1 and 2
    asked = over_all(plan, grounds)  # 3
    open_sources = unread(grounds)
    answers = dict(unconcerned(plan, world.product.product.category, grounds.makers_kinds))  # 4
    for article in concerned(plan, open_sources, grounds):
        answers[article.id] = answer(article, asked, open_sources, grounds)
    if declarations := in_force(grounds):
        for article in plan.articles():
            if said := declarations.get(article.id):
                answers[article.id] = settle(answers[article.id], said, article, asked, grounds)
    headings = {
        heading: {article.id: answers[article.id] for article in articles}
        for heading, articles in plan.headings.items()
    }
    return Verdict(  # 5
        guidelines={guideline: one_guideline(headings[guideline]) for guideline in plan.rules.guideline},
        exposures=headings[EXPOSURE],
    )


def over_all(plan: Plan, grounds: Grounds) -> dict[str, Member]:
    """Step 3 for each check that the product has a surface for or that said something; the rest are moot."""
    concerned = {check.id: check for kind in grounds.kinds() for check in plan.at.get(kind, ())}
    concerned |= {check: plan.deciding[check] for check in grounds.spoke() if check in plan.deciding}
    asked = {name: over_surfaces(check, grounds) for name, check in concerned.items()}
    return asked | {check: unknown(check) for check in plan.unknown}


def concerned(plan: Plan, open_sources: list[Member], grounds: Grounds) -> set[Article]:
    """The requirements that something of the product concerns: a surface, a finding, or what nobody read."""
    found = {*plan.always, *(plan.network if open_sources else ())}
    for kind in grounds.kinds():
        found.update(plan.about.get(kind, ()))
    for check in grounds.spoke():
        found.update(plan.naming.get(check, ()))
    return found


def one_guideline(requirements: dict[str, RequirementVerdict]) -> GuidelineVerdict:
    """The answer of one guideline from those of its requirements, by id.

    Where every requirement is declared or not asked, it says by whom; where nobody even declared
    anything, it stays open: nothing looked at is never met (law 4).
    """
    answers: set[Standing] = set()
    names: set[str] = set()
    found = False
    for verdict in requirements.values():
        answers.add(verdict.answer)
        if verdict.declared_by:
            names.add(verdict.declared_by)
        elif verdict.answer is not NOT_APPLICABLE:
            found = True
    if NOT_MET in answers:
        standing = NOT_MET
    elif answers <= {MET, NOT_APPLICABLE} and (found or names):
        standing = MET
    else:
        standing = CANNOT_DETERMINE
    return GuidelineVerdict(
        answer=standing,
        requirements=requirements,
        by_declaration_of="" if found else ", ".join(sorted(names)),
    )
