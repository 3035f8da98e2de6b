"""Steps 3 and 4 in every small world there is, against their naive restatement."""

from collections.abc import Iterator
from datetime import date
from itertools import product as every
from typing import Literal

import pytest

from shelfworthy.guidelines import Requirement, World, roll_up
from shelfworthy.model import (
    AnySurface,
    Declaration,
    Finding,
    Kind,
    Looked,
    Outcome,
    Owner,
    RequirementVerdict,
    Standing,
)
from tests.guidelines import naive
from tests.guidelines.build import (
    TODAY,
    days,
    declared,
    facts,
    finding,
    looked,
    product,
    rules,
    surface,
    world,
)
from tests.guidelines.naive import FAIL, MOOT, OPEN, PASS

ANSWERS: tuple[Outcome, ...] = (PASS, FAIL, OPEN, MOOT)


# Step 3: one check over no, one or two surfaces, in whatever state each of them is.

LOOKS = ("complete", "incomplete", "missing", "gone")
STATES = [(None, "missing", 0), (None, "complete", 0), *every(ANSWERS, LOOKS, (0, 30))]
ONE = {check.id: check for check in (facts("asked"), facts("sure", Kind.CONTACT))}
SURE: tuple[AnySurface | Looked | Finding, ...] = (
    surface("site", Kind.CONTACT),
    looked("site", "page", sees=("contact/1",)),
    finding("sure", PASS, "site", "page"),
)


def one_surface(
    name: str, state: tuple[Outcome | None, str, int], owner: Owner
) -> Iterator[AnySurface | Looked | Finding]:
    """A surface with what the check said of it, how the look went, and how many days ago."""
    outcome, look, age = state
    yield surface(name, owner=owner)
    if outcome is not None:
        yield finding("asked", outcome, name, f"{name}-seen", at=days(age))
    if look != "missing":
        yield looked(name, f"{name}-seen", complete=look != "incomplete", at=days(age))


def small_worlds() -> Iterator[World]:
    """Every world of up to two surfaces; the world is sure of something else beside them."""
    yield world(*SURE)
    owned = list(every(STATES, Owner))
    for several in (*every(owned, repeat=1), *every(owned, repeat=2)):
        parts = [
            part
            for name, (state, owner) in zip("ab", several, strict=False)
            for part in one_surface(name, state, owner)
        ]
        gone = {f"{name}-seen" for name, (state, _) in zip("ab", several, strict=False) if state[1] == "gone"}
        yield world(*SURE, *parts, gone=frozenset(gone))


@pytest.mark.parametrize("expected", [True, False])
def test_a_check_over_its_surfaces(expected: bool) -> None:
    expects = ((Kind.DATABASE,),) if expected else ()
    # Beside a check that passes, the four outcomes show as three answers; alone, a moot one as open.
    both = rules(
        alone=Requirement(asks="?", all=("asked",), expects=expects),
        beside=Requirement(asks="?", all=("asked", "sure"), expects=expects),
    )
    shown = {
        PASS: (Standing.MET, Standing.MET),
        FAIL: (Standing.NOT_MET, Standing.NOT_MET),
        OPEN: (Standing.CANNOT_DETERMINE, Standing.CANNOT_DETERMINE),
        MOOT: (Standing.CANNOT_DETERMINE, Standing.MET),
    }
    met_with = set()
    for small in small_worlds():
        answers = roll_up(both, ONE, small, TODAY).guidelines["g"].requirements
        of_check = naive.of_check(ONE["asked"], both.requirement["g"]["alone"], both, small, TODAY)
        met_with.add(of_check)
        assert (answers["g.alone"].answer, answers["g.beside"].answer) == shown[of_check], small
    assert met_with == set(ANSWERS)


# Step 4: requirements of every small shape, in every combination of outcomes, with every declaration.

SHAPES: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    ((), ()),
    (("a",), ()),
    (("a", "b"), ()),
    ((), (("c", "d"),)),
    ((), (("c", "d", "e"),)),
    (("a",), (("c", "d"),)),
    (("a",), (("c", "d"), ("e", "f"))),
)
MANY = {name: facts(name) for name in "abcdef"}
SAID: tuple[tuple[Declaration, ...], ...] = (
    (),
    (declared("g.r", Standing.MET),),
    (declared("g.r", Standing.NOT_MET),),
    (declared("g.r", Standing.NOT_APPLICABLE),),
    (declared("g.r", Standing.CANNOT_DETERMINE),),
    (declared("g.r", Standing.MET, until=date(2026, 2, 28)),),
    (declared("g.other", Standing.MET),),
    (declared("g.r", Standing.MET), declared("g.r", Standing.NOT_APPLICABLE, on=date(2026, 2, 1))),
    (declared("g.r", Standing.MET), declared("g.r", Standing.NOT_MET, by="B. Person")),
)
SOURCES: dict[str, tuple[AnySurface | Looked, ...]] = {
    "none": (),
    "read": (surface("app", Kind.APP), looked("app", "manifest", sees=("app/1",))),
    "unread": (surface("app", Kind.APP),),
    "half read": (surface("app", Kind.APP), looked("app", "manifest", sees=("app/1",), complete=False)),
}


def outcomes_of(shape: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]) -> Iterator[dict[str, Outcome]]:
    alone, groups = shape
    checks = [*alone, *(check for group in groups for check in group)]
    for outcomes in every(ANSWERS, repeat=len(checks)):
        yield dict(zip(checks, outcomes, strict=True))


def said_of(outcomes: dict[str, Outcome]) -> Iterator[AnySurface | Looked | Finding]:
    """One database, looked at whole, of which each check says its outcome."""
    yield surface("records")
    yield looked("records", "listing")
    for check, outcome in outcomes.items():
        yield finding(check, outcome, "records", "listing")


def compare(requirement: Requirement, small: World) -> RequirementVerdict:
    """The roll-up's verdict on the requirement, which must be what is said slowly."""
    alone = rules(r=requirement)
    verdict = roll_up(alone, MANY, small, TODAY).guidelines["g"].requirements["g.r"]
    expected = naive.of_requirement("g.r", requirement, alone, MANY, small, TODAY)
    assert verdict.answer is expected, (requirement, small)
    return verdict


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_requirement_of_its_checks(shape: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]) -> None:
    requirement = Requirement(asks="?", all=shape[0], any=shape[1])
    for outcomes in outcomes_of(shape):
        verdict = compare(requirement, world(*said_of(outcomes)))
        # What decided is what it says decided, and what is open says how to close it.
        decided = {finding.partition("/")[0] for finding in verdict.because}
        if verdict.answer is Standing.NOT_MET:
            assert {outcomes[check] for check in decided} == {FAIL}
        if verdict.answer is Standing.MET:
            assert {outcomes[check] for check in decided} == {PASS}
        assert bool(verdict.would_change) == (verdict.answer is Standing.CANNOT_DETERMINE)


EXPECTED = ((), ((Kind.APP, Kind.FIRMWARE),), ((Kind.APP,), (Kind.DATABASE,)))
ASKED_IF: tuple[tuple[Literal["", "for_children"], bool | None], ...] = (
    ("", False),
    ("for_children", False),
    ("for_children", True),
    ("for_children", None),
)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("network", [True, False])
def test_a_requirement_and_what_names_addresses(source: str, network: bool) -> None:
    for outcomes, expects in every(outcomes_of((("a",), (("c", "d"),))), EXPECTED):
        requirement = Requirement(asks="?", all=("a",), any=(("c", "d"),), network=network, expects=expects)
        compare(requirement, world(*said_of(outcomes), *SOURCES[source]))


@pytest.mark.parametrize("said", SAID, ids=lambda said: ", ".join(one.answer for one in said) or "nothing")
def test_a_requirement_and_declarations(said: tuple[Declaration, ...]) -> None:
    shape = (("a",), (("c", "d"),))
    for outcomes, names, (asked_if, young) in every(outcomes_of(shape), ((), ("at-rest",)), ASKED_IF):
        requirement = Requirement(asks="?", all=shape[0], any=shape[1], declared=names, asked_if=asked_if)
        compare(requirement, world(*said_of(outcomes), about=product(*said, for_children=young)))
