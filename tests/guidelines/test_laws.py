"""The laws hold for our roll-up, and each of them would catch a wrong one."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shelfworthy.guidelines import roll_up
from tests.guidelines.laws import LAWS, RollUp
from tests.guidelines.worlds import Choices


def put_to(law: str, by: RollUp, worlds: int, shrink: bool = True) -> None:
    """Put a roll-up to a law in so many worlds. Raises AssertionError if it breaks it."""

    @settings(
        max_examples=worlds,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
    )
    @given(st.binary(min_size=Choices.SIZE, max_size=Choices.SIZE))
    def hold(drawn: bytes) -> None:
        LAWS[law](by, Choices(drawn))

    hold()


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(law: str) -> None:
    put_to(law, roll_up, worlds=200)
