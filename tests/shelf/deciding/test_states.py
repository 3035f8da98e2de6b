"""Which action leads where: the whole table."""

import itertools

import pytest

from shelfworthy.shelf.deciding.states import NoWay, actions, leading, led, people_needed
from shelfworthy.shelf.words import Action, State

TABLE = {
    ("listed", "list"): "listed",
    ("listed", "hold"): "held",
    ("listed", "withdraw"): "withdrawn",
    ("held", "withdraw"): "withdrawn",
    ("held", "reinstate"): "listed",
    ("withdrawn", "reinstate"): "listed",
}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(State, Action)))
def test_every_action_from_every_state(state: State, action: Action) -> None:
    leads = TABLE.get((state.value, action.value))
    if leads is None:
        with pytest.raises(NoWay, match="leads nowhere"):
            leading([state], action)
        assert led(state, action) == state
        assert action not in actions(state)
    else:
        assert leading([state], action) == [state]
        assert led(state, action) == leads
        assert action in actions(state)


def test_of_several_states_it_leads_out_of_those_it_can() -> None:
    assert leading(State, Action.WITHDRAW) == [State.HELD, State.LISTED]
    with pytest.raises(
        NoWay, match="hold: leads nowhere from “on hold”, “withdrawn”; from there: withdraw, reinstate"
    ):
        leading([State.WITHDRAWN, State.HELD, State.HELD], Action.HOLD)


def test_only_a_reinstatement_can_want_two_people() -> None:
    assert [people_needed(action, 2) for action in Action] == [1, 1, 1, 2]
    assert people_needed(Action.REINSTATE, 1) == 1
