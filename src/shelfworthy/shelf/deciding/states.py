"""Which action leads from which state to which. Pure.

list       on sale ─> on sale: looked at and kept, with reasons
hold       on sale ─> on hold
withdraw   on sale, on hold ─> withdrawn
reinstate  on hold, withdrawn ─> on sale
"""

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
    """An action that leads nowhere from a state."""


def after(before: State, action: Action) -> State:
    """The state an action leads to. Raises NoWay."""
    try:
        return LEADS[before, action]
    except KeyError:
        can = ", ".join(str(one.label) for one in actions(before))
        words = _("%(action)s: leads nowhere from “%(before)s”; from there: %(can)s.")
        raise NoWay(words % {"action": action.label, "before": before.label, "can": can}) from None


def actions(before: State) -> tuple[Action, ...]:
    """What can be decided about a listing in this state."""
    return tuple(action for state, action in LEADS if state == before)


def people_needed(action: Action, to_reinstate: int) -> int:
    """How many deciders must agree. to_reinstate: what the policy asks of a reinstatement."""
    return max(1, to_reinstate) if action == Action.REINSTATE else 1
