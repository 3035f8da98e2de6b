"""The five steps of DESIGN said once more, slowly, without looking at how the roll-up says them.

No indexes, no early exits: every question goes through everything. Only answers, no reasons.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shelfworthy.guidelines import CheckFacts, Requirement, Rules, World
from shelfworthy.model import AnySurface, Declaration, Finding, Kind, Looked, Outcome, Owner, Standing

PASS, FAIL, OPEN, MOOT = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.MOOT


def whole(look: Looked, world: World) -> bool:
    return all(observation in world.present for observation in look.observations)


def is_sound(finding: Finding, world: World) -> bool:
    """All evidence there and named by complete, whole looks, some of it at the finding's own surface."""
    good = [look for look in world.looks if look.complete and whole(look, world)]
    named = [(e, look.surface) for e in finding.evidence for look in good if e in look.observations]
    return {e for e, _ in named} == set(finding.evidence) and finding.surface in {s for _, s in named}


def is_poisoned(check: CheckFacts, surface: str, world: World) -> bool:
    """A look here names what is not there and was to see what the check reads, or did not say what."""
    kind = {one.id: one.kind for one in world.surfaces}
    for look in world.looks:
        if whole(look, world):
            continue
        if look.surface == surface and (not look.sees or set(look.sees) & set(check.reads)):
            return True
        if kind.get(look.surface) is not check.kind and set(look.sees) & set(check.reads):
            return True
    return False


def look_of(finding: Finding, world: World) -> tuple[datetime, str]:
    naming = [(look.ended, look.id) for look in world.looks if set(look.observations) & set(finding.evidence)]
    return max(naming, default=(finding.seen_at, ""))


def newest(findings: list[Finding], world: World) -> list[Finding]:
    if not findings:
        return []
    last = max(one.seen_at for one in findings)
    looks = [look_of(one, world) for one in findings if one.seen_at == last]
    return [one for one in findings if look_of(one, world) in looks]


def at_cell(check: CheckFacts, surface: str, unit: str, rules: Rules, world: World, at: datetime) -> Outcome:
    """Steps 1 and 2."""
    here = [one for one in world.findings if (one.check, one.surface, one.unit) == (check.id, surface, unit)]
    fails = [one for one in here if one.outcome is FAIL]
    kept = [one for one in fails if one.evidence and set(one.evidence) <= world.present]
    others = [one for one in here if one.outcome in (PASS, MOOT) and one.evidence and is_sound(one, world)]
    others = [one for one in others if one.seen_at <= at]
    if is_poisoned(check, surface, world) or kept != fails:
        others = []
    decides = newest(kept + others, world)
    if not decides:
        return OPEN
    looks = [look_of(one, world) for one in decides]
    left_open = {one.subject for one in here if one.outcome is OPEN and look_of(one, world) in looks}
    unanswered = False
    for subject in left_open:
        before = newest(
            [one for one in kept + others if one.subject == subject and look_of(one, world) not in looks],
            world,
        )
        decides = decides + before
        unanswered = unanswered or not before
    if any(one.outcome is FAIL for one in decides):
        return FAIL
    life = timedelta(days=min(life_of(tag, check, rules) for tag in check.reads))
    if any(at - one.seen_at > life or (one.until and one.until <= at) for one in decides):
        return OPEN
    if unanswered:
        return OPEN
    return PASS if any(one.outcome is PASS for one in decides) else MOOT


def life_of(tag: str, check: CheckFacts, rules: Rules) -> int:
    """Days: of the tag's own, else of the kind it begins with, else of the kind of the check."""
    for own, days in rules.shelf_life_of.items():
        if tag.startswith(f"{own}/"):
            return days
    for kind, days in rules.shelf_life.items():
        if tag.startswith((f"{kind}/", f"{kind}-")):
            return days
    return rules.shelf_life[check.kind]


def decides_at(check: CheckFacts, world: World) -> list[AnySurface]:
    return [
        one
        for one in world.surfaces
        if one.kind is check.kind and (one.owner is Owner.MAKER or check.id.startswith("domain-"))
    ]


def missing_kinds(requirement: Requirement, world: World) -> list[tuple[Kind, ...]]:
    there = {one.kind for one in world.surfaces if one.owner is Owner.MAKER}
    category = world.product.product.category
    expected = (*requirement.expects, *requirement.expects_for.get(category, ()))
    return [group for group in expected if not there & set(group)]


def of_check(
    check: CheckFacts, requirement: Requirement, rules: Rules, world: World, at: datetime
) -> Outcome:
    """Step 3."""
    places = decides_at(check, world)
    if not places:
        expected = {kind for group in missing_kinds(requirement, world) for kind in group}
        return OPEN if check.kind in expected else MOOT
    outcomes = []
    for place in places:
        spoken_of = {one.unit for one in world.findings if one.check == check.id and one.surface == place.id}
        for unit in spoken_of | {place.unit}:
            outcomes.append(at_cell(check, place.id, unit, rules, world, at))
    for worst in (FAIL, OPEN, PASS):
        if worst in outcomes:
            return worst
    return MOOT


def of_group(outcomes: list[Outcome]) -> Outcome:
    arising = [one for one in outcomes if one is not MOOT]
    if PASS in arising:
        return PASS
    if arising and all(one is FAIL for one in arising):
        return FAIL
    return OPEN if arising else MOOT


def of_requirement(
    requirement_id: str,
    requirement: Requirement,
    rules: Rules,
    checks: Mapping[str, CheckFacts],
    world: World,
    at: datetime,
) -> Standing:
    """Step 4, declarations included."""
    if requirement.asked_if and world.product.product.for_children is False:
        return Standing.NOT_APPLICABLE
    found = before_declarations(requirement, rules, checks, world, at)
    said = [
        one
        for one in world.product.declaration
        if one.requirement == requirement_id and one.on <= at.date() and at.date() <= one.until
    ]
    if not said or found is not Standing.CANNOT_DETERMINE:
        return found
    speaks = cautious([one for one in said if one.on == max(other.on for other in said)])
    if speaks is Standing.NOT_APPLICABLE and arises(requirement, rules, checks, world, at):
        return found
    return speaks


def cautious(said: list[Declaration]) -> Standing:
    answers = {one.answer for one in said}
    for answer in (Standing.NOT_MET, Standing.CANNOT_DETERMINE, Standing.NOT_APPLICABLE):
        if answer in answers:
            return answer
    return Standing.MET


def arises(
    requirement: Requirement,
    rules: Rules,
    checks: Mapping[str, CheckFacts],
    world: World,
    at: datetime,
) -> bool:
    """Whether a seen surface, or an answer where the question is not moot, shows that it does."""
    kinds = {checks[check].kind for check in requirement.deciding()} | set(requirement.about)
    kinds |= {kind for group in requirement.expects for kind in group}
    own = [place for place in world.surfaces if place.owner is Owner.MAKER]
    if any(place.id.startswith("seen:") and place.kind in kinds for place in own):
        return True
    for check in requirement.deciding():
        places = {one.id for one in decides_at(checks[check], world)}
        for one in world.findings:
            if one.check == check and one.surface in places and one.outcome in (PASS, FAIL):
                cell = at_cell(checks[check], one.surface, one.unit, rules, world, at)
                if cell is not MOOT:
                    return True
    return False


def before_declarations(
    requirement: Requirement,
    rules: Rules,
    checks: Mapping[str, CheckFacts],
    world: World,
    at: datetime,
) -> Standing:
    outcome = {
        check: of_check(checks[check], requirement, rules, world, at) for check in requirement.deciding()
    }
    parts = [outcome[check] for check in requirement.all]
    parts += [of_group([outcome[check] for check in group]) for group in requirement.any]
    parts += [OPEN for _ in requirement.declared]
    kinds = {checks[check].kind for check in requirement.deciding()}
    parts += [OPEN for group in missing_kinds(requirement, world) if not kinds & set(group)]
    own = [one for one in world.surfaces if one.owner is Owner.MAKER]
    parts += [OPEN for one in own if one.kind in requirement.about and one.kind not in kinds]
    if FAIL in parts:
        return Standing.NOT_MET
    if OPEN in parts or PASS not in parts:
        return Standing.CANNOT_DETERMINE
    if requirement.network and not all(
        is_whole(one, world) for one in own if one.kind in (Kind.APP, Kind.FIRMWARE, Kind.CAPTURE)
    ):
        return Standing.CANNOT_DETERMINE
    return Standing.MET


def is_whole(surface: AnySurface, world: World) -> bool:
    looks = [look for look in world.looks if look.surface == surface.id]
    if any(not whole(look, world) for look in looks) or not any(look.complete for look in looks):
        return False
    return all(any(look.complete and tag in look.sees for look in looks) for one in looks for tag in one.sees)


def of_guideline(answers: Mapping[str, Standing], declared: bool) -> Standing:
    """Step 5. declared: whether a person's declaration settled one of them."""
    if Standing.NOT_MET in answers.values():
        return Standing.NOT_MET
    if Standing.CANNOT_DETERMINE in answers.values():
        return Standing.CANNOT_DETERMINE
    if Standing.MET in answers.values() or declared:
        return Standing.MET
    return Standing.CANNOT_DETERMINE
