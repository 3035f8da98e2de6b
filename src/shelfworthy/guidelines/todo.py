"""What would change an open answer: what the gap itself asks for, else one plain sentence for each cause."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shelfworthy.guidelines.rules import CheckFacts
from shelfworthy.model import Cause, Change, Kind, Level

WHAT = {
    Cause.UNREACHABLE: "look again: {surface} could not be reached",
    Cause.SILENT: "look again: {surface} did not answer",
    Cause.REFUSED: "ask the maker, or look from where it is allowed: {surface} refused to answer",
    Cause.NOT_UNDERSTOOD: "a person looks at {surface}: its answer was not understood",
    Cause.NOT_PERMITTED: "permit `{level}` on {surface}",
    Cause.NOT_SUPPLIED: "supply what {check} needs to know about {surface}",
    Cause.NOBODY_LOOKED: "look at {surface}",
    Cause.TOOL_MISSING: "install what is needed to look at {surface}, then look again",
    Cause.DATA_MISSING: "supply the reference data {check} decides by, then judge again",
    Cause.NEEDS_A_PERSON: "a person looks at {surface}",
    Cause.CONTRADICTORY: "look again: what is recorded about {surface} contradicts itself",
    Cause.OUR_FAULT: "report the fault, it is ours, then look at {surface} again",
    Cause.AGED: "look again: what was seen of {surface} on {day} no longer counts",
}


# Only who was stopped knows by what (which file forbids it, which key or tool is missing): its gap says so.
SAYS_ITSELF = frozenset({Cause.NOT_PERMITTED, Cause.NOT_SUPPLIED, Cause.TOOL_MISSING, Cause.DATA_MISSING})


def todo(cause: Cause, check: CheckFacts, surface: str, last: datetime | None, words: str = "") -> Change:
    """The change for a check that is open at a surface.

    last: when the surface was last seen. words: of the gap that keeps it open, "" if none does.
    """
    day = last.date().isoformat() if last else ""
    what = WHAT[cause].format(surface=surface, level=check.level, check=check.id, day=day)
    if words and cause in SAYS_ITSELF:
        what = words
    return Change(check=check.id, surface=surface, cause=cause, what=what)


def highest(changes: Iterable[Change]) -> dict[Change, str]:
    """What to do for each change, where a permission that another one at its surface covers is that one."""
    by_change = {change: _level(change) for change in changes}
    most: dict[str, Level] = {}
    for change, level in by_change.items():
        if level is not None and not (change.surface in most and most[change.surface].covers(level)):
            most[change.surface] = level
    return {
        change: change.what if level is None else _permit(most[change.surface], change.surface)
        for change, level in by_change.items()
    }


def _level(change: Change) -> Level | None:
    """The level whose permission is all that a change asks for."""
    return next((level for level in Level if change.what == _permit(level, change.surface)), None)


def _permit(level: Level, surface: str) -> str:
    return WHAT[Cause.NOT_PERMITTED].format(level=level, surface=surface)


def either(kinds: Sequence[Kind]) -> str:
    """`app, firmware or capture`."""
    *others, last = kinds
    return f"{', '.join(others)} or {last}" if others else str(last)
