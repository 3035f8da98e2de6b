"""One plan serves all products: nothing of one reaches the next, and what one does not have costs nothing."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from itertools import product as every
from random import Random

import pytest
from msgspec.structs import replace

from shelfworthy.checks import CHECKS as OURS
from shelfworthy.guidelines import (
    CheckFacts,
    Plan,
    Requirement,
    Rules,
    World,
    five_guidelines,
    plan_of,
    verdict,
)
from shelfworthy.guidelines.rules import Alternatives
from shelfworthy.model import Kind, Verdict, canonical
from tests.guidelines.build import TODAY, facts, finding, looked, product, surface, world
from tests.guidelines.laws import LAWS
from tests.guidelines.naive import FAIL, PASS
from tests.guidelines.test_laws import put_to
from tests.guidelines.worlds import CHECKS, RULES, Choices
from tests.guidelines.worlds import world as generated

ROLL_UP = import_module("shelfworthy.guidelines.roll_up")  # the package shows the function of that name
KEPT = plan_of(RULES, CHECKS)
FIVE = five_guidelines()
FACTS = {check.id: CheckFacts.of(check) for check in OURS}
CATEGORIES = ("", "toy", "a word nobody expects")
YES_OR_NO = (None, True, False)


def by_a_kept_plan(rules: Rules, checks: Mapping[str, CheckFacts], world: World, at: datetime) -> Verdict:
    """The roll-up of who judges many products."""
    assert (rules, checks) == (RULES, CHECKS)
    return verdict(KEPT, world, at)


@pytest.mark.parametrize("law", LAWS)
def test_the_laws_hold_under_a_plan_that_served_other_products(law: str) -> None:
    put_to(law, by_a_kept_plan, worlds=150)


def in_full(plan: Plan, world: World) -> bytes:
    """The verdict when every requirement is gone through, be it concerned or not, under a new plan."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ROLL_UP, "concerned", lambda *_: set(plan.articles()))
        return canonical(verdict(plan, world, TODAY))


def test_what_is_not_gone_through_is_answered_as_if_it_were() -> None:
    """In worlds that differ in all that answers without findings depend on, one plan for all of them."""
    toy: dict[str, Alternatives] = {"toy": ((Kind.LAN, Kind.APP), (Kind.DATABASE,))}
    asks = Requirement(asks="?", all=("clear",), notes=("curious",), expects_for=toy, about=(Kind.ENDPOINT,))
    more = {
        "toy": asks,
        "network": replace(asks, network=True, declared=("rest",)),
        "unknown": replace(asks, all=("clear", "not-installed")),
        "nobody": replace(asks, all=()),
        "child": replace(asks, asked_if="for_children"),
    }
    rules = replace(RULES, requirement=RULES.requirement | {"wide": RULES.requirement["wide"] | more})
    kept = plan_of(rules, CHECKS)
    draw = Random(1)
    for _ in range(1500):
        given = generated(Choices(draw.randbytes(Choices.SIZE)))
        about = replace(
            given.product.product, category=draw.choice(CATEGORIES), for_children=draw.choice(YES_OR_NO)
        )
        given = replace(
            given,
            product=replace(given.product, product=about),
            surfaces=tuple(draw.sample(given.surfaces, draw.randint(0, len(given.surfaces)))),
            findings=tuple(draw.sample(given.findings, draw.randint(0, len(given.findings)))),
        )
        assert canonical(verdict(kept, given, TODAY)) == in_full(plan_of(rules, CHECKS), given)


@pytest.mark.parametrize("installed", [FACTS, {}], ids=["all checks", "no check"])
def test_so_it_is_under_the_rules_we_ship(installed: dict[str, CheckFacts]) -> None:
    """With a surface of each kind, and with every answer there can be about it, or none."""
    kept = plan_of(FIVE, installed)
    for kind, outcome, category, young in every(Kind, (None, PASS, FAIL), CATEGORIES, YES_OR_NO):
        reading = [check.id for check in FACTS.values() if check.kind is kind and outcome]
        given = world(
            surface("it", kind),
            looked("it", "seen", sees=(f"{kind}/1",)),
            *(finding(check, outcome or PASS, "it", "seen") for check in reading),
            about=product(category=category, for_children=young),
        )
        assert canonical(verdict(kept, given, TODAY)) == in_full(plan_of(FIVE, installed), given)


class Counted:
    """How often a step of the roll-up is gone through."""

    def __init__(self, step: str, patch: pytest.MonkeyPatch) -> None:
        self.times = 0
        self._ours = getattr(ROLL_UP, step)
        patch.setattr(ROLL_UP, step, self)

    def __call__(self, *given: object) -> object:
        self.times += 1
        return self._ours(*given)


def test_a_verdict_costs_what_the_product_has_not_what_there_is_to_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hundred more checks of another kind, under requirements of their own: not a step more."""
    checks = Counted("over_surfaces", monkeypatch)
    requirements = Counted("answer", monkeypatch)
    given = world(
        surface("records"),
        looked("records", "seen", sees=("database-listing/1",)),
        finding("database-open", FAIL, "records", "seen"),
        about=product(category="toy"),
    )
    verdict(plan_of(FIVE, FACTS), given, TODAY)
    before = checks.times, requirements.times
    assert min(before) > 0
    more = {f"radio-{number}": facts(f"radio-{number}", Kind.BLUETOOTH) for number in range(100)}
    asking = {name: Requirement(asks="?", all=(name,), about=(Kind.BLUETOOTH,)) for name in more}
    wider = FIVE.requirement | {"passwords": FIVE.requirement["passwords"] | asking}
    judged = verdict(plan_of(replace(FIVE, requirement=wider), FACTS | more), given, TODAY)
    assert len(judged.guidelines["passwords"].requirements) > 100
    assert (checks.times, requirements.times) == (2 * before[0], 2 * before[1])
