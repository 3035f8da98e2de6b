"""The laws of DESIGN as properties; each is put to a roll-up, so that a wrong one can be caught."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from shelfworthy.guidelines import CheckFacts, Rules, World
from shelfworthy.model import (
    Cause,
    Finding,
    Kind,
    Outcome,
    Owner,
    RequirementVerdict,
    Standing,
    Verdict,
    canonical,
)
from tests.guidelines import naive
from tests.guidelines.build import DAYS, TODAY, days, finding, gap
from tests.guidelines.worlds import BRIEF, CHECKS, KINDS, MENTION, RULES, TAGS, Choices, named, without
from tests.guidelines.worlds import world as generated

RollUp = Callable[[Rules, Mapping[str, CheckFacts], World, datetime], Verdict]
BETTER = {Standing.NOT_MET: 0, Standing.CANNOT_DETERMINE: 1, Standing.NOT_APPLICABLE: 2, Standing.MET: 2}


def requirements(roll_up: RollUp, world: World, at: datetime = TODAY) -> dict[str, RequirementVerdict]:
    """The answers of all requirements, exposures included, by id."""
    verdict = roll_up(RULES, CHECKS, world, at)
    answers = dict(verdict.exposures)
    for guideline in verdict.guidelines.values():
        answers |= guideline.requirements
    return answers


def standings(roll_up: RollUp, world: World, at: datetime = TODAY) -> dict[str, Standing]:
    """Every answer of a verdict: requirements, exposures and guidelines."""
    verdict = roll_up(RULES, CHECKS, world, at)
    answers = {name: guideline.answer for name, guideline in verdict.guidelines.items()}
    return answers | {name: one.answer for name, one in requirements(roll_up, world, at).items()}


def undeclared(world: World) -> World:
    """The world before declarations."""
    return replace(world, product=replace(world.product, declaration=()))


def silence_never_clears(roll_up: RollUp, choose: Choices) -> None:
    """Law 1: what is met rests on passes that count, and no surface was left out."""
    world = undeclared(generated(choose))
    findings = {one.id: one for one in world.findings}
    for name, answer in requirements(roll_up, world).items():
        if answer.answer is not Standing.MET:
            continue
        assert answer.because
        assert all(is_control(findings[one], world) for one in answer.because)
        requirement = dict(RULES.requirements())[name]
        for check in requirement.all:
            for place in naive.decides_at(CHECKS[check], world):
                here = [one for one in world.findings if (one.check, one.surface) == (check, place.id)]
                assert any(is_control(one, world, Outcome.MOOT) for one in here if one.unit == place.unit)


def is_control(finding: Finding, world: World, *besides: Outcome) -> bool:
    """A pass (or what else is allowed) on evidence that is all there, looked at whole, and recent."""
    complete = [look for look in world.looks if look.complete and world.present.issuperset(look.observations)]
    seen = {observation for look in complete for observation in look.observations}
    life = BRIEF if "hello/1" in CHECKS[finding.check].reads else DAYS
    return (
        finding.outcome in (Outcome.PASS, *besides)
        and bool(finding.evidence)
        and seen.issuperset(finding.evidence)
        and TODAY - finding.seen_at <= timedelta(days=life)
        and (finding.until is None or finding.until > TODAY)
    )


def a_fail_is_kept(roll_up: RollUp, choose: Choices) -> None:
    """Law 2: what is not met rests on fails whose evidence is there, at surfaces that decide."""
    world = undeclared(generated(choose))
    if choose.one_in(2):  # findings that stayed though their evidence is gone
        world = replace(world, present=world.present - set(choose.some_of(named(world), 0, 2)))
    findings = {one.id: one for one in world.findings}
    for answer in requirements(roll_up, world).values():
        if answer.answer is Standing.NOT_MET:
            assert answer.because
            for one in answer.because:
                assert findings[one].outcome is Outcome.FAIL
                assert world.present.issuperset(findings[one].evidence)


def taking_evidence_away_never_clears(roll_up: RollUp, choose: Choices) -> None:
    """Law 3: within the looks that count and before declarations."""
    world = undeclared(generated(choose))
    there = named(world)
    if not there:
        return
    gone = {MENTION} if MENTION in there and choose.one_in(2) else set(choose.some_of(there, 1, 2))
    less = without(world, gone)
    if choose.one_in(2):
        less = replace(less, findings=world.findings, surfaces=world.surfaces)
    before, after = standings(roll_up, world), standings(roll_up, less)
    for name, answer in after.items():
        assert answer is not Standing.MET or before[name] is Standing.MET, name


def a_fail_never_improves(roll_up: RollUp, choose: Choices) -> None:
    """Law 3: adding a failing finding, of whatever age and at whatever surface."""
    world = generated(choose)
    check = choose.one_of(sorted(CHECKS))
    place = choose.one_of([one for one in KINDS if KINDS[one] is CHECKS[check].kind])
    evidence = choose.one_of(["new", *named(world)])
    fail = finding(
        check,
        Outcome.FAIL,
        place,
        evidence,
        at=days(choose.one_of((0, 1, 3, 30))),
        unit=choose.one_of(("", "A", "B")),
        subject=choose.one_of(("", "part", "other")),
        mark="added",
    )
    more = replace(world, findings=(*world.findings, fail), present=world.present | {"new"})
    before, after = standings(roll_up, world), standings(roll_up, more)
    for name, answer in after.items():
        assert BETTER[answer] <= BETTER[before[name]], name


def nothing_looked_at_is_never_met(roll_up: RollUp, choose: Choices) -> None:
    """Law 4."""
    world = undeclared(generated(choose))
    blank = replace(world, looks=(), findings=(), present=frozenset())
    unread = replace(world, looks=(), present=frozenset())
    for nothing in (blank, unread):
        assert Standing.MET not in standings(roll_up, nothing).values()
        assert Standing.NOT_MET not in standings(roll_up, nothing).values()


def time_does_not_absolve(roll_up: RollUp, choose: Choices) -> None:
    """Law 9: what is not met stays so, and what is not known does not become met by waiting.

    Where there are alternatives, one that was shown not to arise may be forgotten to: then it is open again.
    """
    world = undeclared(generated(choose))
    first, later = sorted((choose.below(60), choose.below(60)))
    before = standings(roll_up, world, TODAY + timedelta(days=first))
    after = standings(roll_up, world, TODAY + timedelta(days=later))
    for name, requirement in RULES.requirements():
        if not requirement.any:
            assert (after[name] is Standing.NOT_MET) == (before[name] is Standing.NOT_MET), name
    for name, answer in after.items():
        assert BETTER[answer] <= max(BETTER[before[name]], BETTER[Standing.CANNOT_DETERMINE]), name


def order_never_matters(roll_up: RollUp, choose: Choices) -> None:
    """Law 3, its end, and law 6: the same bytes whatever the order."""
    world = generated(choose, most_declarations=4)
    people = choose.shuffled(world.product.declaration)
    shuffled = replace(
        world,
        product=replace(world.product, declaration=people),
        surfaces=choose.shuffled(world.surfaces),
        looks=choose.shuffled(world.looks),
        gaps=choose.shuffled(world.gaps),
        findings=choose.shuffled(world.findings),
    )
    one, other = (canonical(roll_up(RULES, CHECKS, each, TODAY)) for each in (world, shuffled))
    assert one == other


def silence_supersedes_nothing(roll_up: RollUp, choose: Choices) -> None:
    """Step 1: newer gaps, and newer looks that left a question open, change no answer."""
    world = generated(choose)
    check = choose.one_of(sorted(CHECKS))
    place = choose.one_of([one for one in KINDS if KINDS[one] is CHECKS[check].kind])
    unit = next((one.unit for one in world.surfaces if one.id == place), "")
    open_ = finding(check, Outcome.INCONCLUSIVE, place, "new", unit=unit, at=days(-1))
    silence = gap(place, Cause.SILENT, *TAGS[KINDS[place]], at=days(-1))
    more = replace(world, findings=(*world.findings, open_), gaps=(*world.gaps, silence))
    assert standings(roll_up, more) == standings(roll_up, world)


def third_parties_are_notes(roll_up: RollUp, choose: Choices) -> None:
    """Step 2: what is found at third parties' surfaces decides nothing, but for names relied on."""
    world = generated(choose)
    theirs = {
        one.id for one in world.surfaces if one.owner is Owner.THIRD_PARTY and one.kind is not Kind.DOMAIN
    }
    less = replace(world, findings=tuple(one for one in world.findings if one.surface not in theirs))
    assert standings(roll_up, less) == standings(roll_up, world)


def declarations_settle_what_is_open(roll_up: RollUp, choose: Choices) -> None:
    """Step 4: a declaration changes nothing but `cannot determine`, and then says whose it is."""
    world = generated(choose, most_declarations=4)
    found = requirements(roll_up, undeclared(world))
    for name, answer in requirements(roll_up, world).items():
        mine = [one for one in world.product.declaration if one.requirement == name]
        in_force = [one for one in mine if one.on <= TODAY.date() <= one.until]
        if answer.declared_by:
            assert found[name].answer is Standing.CANNOT_DETERMINE
            assert (answer.answer, answer.declared_by) in {(one.answer, one.by) for one in in_force}
        else:
            assert answer.answer is found[name].answer


def as_said_slowly(roll_up: RollUp, choose: Choices) -> None:
    """Steps 1 to 5 agree with their naive restatement."""
    world = generated(choose)
    for name, requirement in RULES.requirements():
        expected = naive.of_requirement(name, requirement, RULES, CHECKS, world, TODAY)
        assert requirements(roll_up, world)[name].answer is expected, name
    for name, guideline in roll_up(RULES, CHECKS, world, TODAY).guidelines.items():
        answers = {one: verdict.answer for one, verdict in guideline.requirements.items()}
        declared = any(verdict.declared_by for verdict in guideline.requirements.values())
        assert guideline.answer is naive.of_guideline(answers, declared), name


LAWS: dict[str, Callable[[RollUp, Choices], None]] = {
    law.__name__: law
    for law in (
        silence_never_clears,
        a_fail_is_kept,
        taking_evidence_away_never_clears,
        a_fail_never_improves,
        nothing_looked_at_is_never_met,
        time_does_not_absolve,
        order_never_matters,
        silence_supersedes_nothing,
        third_parties_are_notes,
        declarations_settle_what_is_open,
        as_said_slowly,
    )
}
