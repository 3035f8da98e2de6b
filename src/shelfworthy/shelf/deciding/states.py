"""Which action leads from which state to which. Pure.

list       on sale ─> on sale: looked at and kept, with reasons
hold       on sale ─> on hold
withdraw   on sale, on hold ─> withdrawn
reinstate  on hold, withdrawn ─> on sale
"""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from shelfworthy.shelf.words import Action, State

LEADS: Final[dict[tuple[State, Action], State]] = {
    (State.LISTED, Action.LIST): State.LISTED,
    (State.LISTED, Action.HOLD): State.HELD,
    (State.LISTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.HELD, Action.WITHDRAW): State.WITHDRAWN,
    (State.HELD, Action.REINSTATE): State.LISTED,
    (State.WITHDRAWN, Action.REINSTATE): State.LISTED,
}
# Who decides these lets something be sold that was looked at: what it fails is theirs to answer for.
ACCEPTING: Final = frozenset({Action.LIST, Action.REINSTATE})


class NoWay(ValueError):
    """An action that leads nowhere from any of some states."""


def led(before: State, action: str) -> State:
    """The state an action leads to; the same where it leads nowhere."""
    return LEADS.get((before, action), before)  # type: ignore[arg-type] # an Action is a str


def leading(states: Iterable[State], action: str) -> list[State]:
    """Those of several states out of which an action leads. Raises NoWay where there is none."""
    there = sorted(set(states))
    found = [state for state in there if (state, action) in LEADS]
    if not found:
        can = dict.fromkeys(str(does.label) for state in there for does in actions(state))
        words = _("%(action)s: leads nowhere from “%(before)s”; from there: %(can)s.")
        before = "”, “".join(str(state.label) for state in there)
        does = Action(action).label if action in Action.values else action
        raise NoWay(words % {"action": does, "before": before, "can": ", ".join(can)})
    return found


def actions(before: State) -> tuple[Action, ...]:
    """What can be decided about a listing in this state."""
    return tuple(action for state, action in LEADS if state == before)


def people_needed(action: Action, to_reinstate: int) -> int:
    """How many deciders must agree. to_reinstate: what the policy asks of a reinstatement."""
    return max(1, to_reinstate) if action == Action.REINSTATE else 1
