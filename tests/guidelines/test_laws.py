"""The laws hold for our roll-up, and each of them would catch a wrong one."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shelfworthy.guidelines import roll_up
from shelfworthy.model import Standing
from tests.guidelines.laws import LAWS, RollUp, requirements, undeclared
from tests.guidelines.mutants import MUTANTS
from tests.guidelines.worlds import REQUIREMENTS, Choices, world


def put_to(law: str, by: RollUp, worlds: int, always_the_same: bool = False) -> None:
    """Put a roll-up to a law in so many worlds. Raises AssertionError if it breaks it."""

    @settings(
        max_examples=worlds,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,) if always_the_same else (Phase.generate, Phase.shrink),
        derandomize=always_the_same,
    )
    @given(st.binary(min_size=Choices.SIZE, max_size=Choices.SIZE))
    def hold(drawn: bytes) -> None:
        LAWS[law](by, Choices(drawn))

    hold()


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(law: str) -> None:
    put_to(law, roll_up, worlds=300)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds_in_many_worlds(law: str) -> None:
    put_to(law, roll_up, worlds=10_000)


@pytest.mark.parametrize(("mutant", "law"), MUTANTS, ids=lambda one: getattr(one, "__name__", one))
def test_the_law_catches(
    mutant: Callable[[pytest.MonkeyPatch], None], law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        put_to(law, roll_up, worlds=3000, always_the_same=True)


def test_every_law_can_fail() -> None:
    assert {law for _, law in MUTANTS} == set(LAWS)


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_the_worlds_differ(requirement: str) -> None:
    """No law holds only because its worlds are all alike: every answer that can be given is given."""
    draw = Random(0)
    given = {
        requirements(roll_up, undeclared(world(Choices(draw.randbytes(Choices.SIZE)))))[requirement].answer
        for _ in range(400)
    }
    expected = {Standing.MET, Standing.NOT_MET, Standing.CANNOT_DETERMINE}
    special = {
        "young.child": expected | {Standing.NOT_APPLICABLE},
        "person.rest": expected - {Standing.MET},
        "person.none": {Standing.CANNOT_DETERMINE},
    }
    assert given == special.get(requirement, expected)
