"""Which action leads where: the whole table."""

import itertools

import pytest

from shelfworthy.shelf.deciding.states import NoWay, actions, after, people_needed
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
            after(state, action)
        assert action not in actions(state)
    else:
        assert after(state, action) == leads
        assert action in actions(state)


def test_only_a_reinstatement_can_want_two_people() -> None:
    assert [people_needed(action, 2) for action in Action] == [1, 1, 1, 2]
    assert people_needed(Action.REINSTATE, 1) == 1
