"""What would change an open answer, in one plain sentence for each cause."""

from collections.abc import Sequence
from datetime import datetime

from shelfworthy.guidelines.rules import CheckFacts
from shelfworthy.model import Cause, Change, Kind

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
    Cause.AGED: "look again: {surface} was last seen on {day}",
}


def todo(cause: Cause, check: CheckFacts, surface: str, last: datetime | None) -> Change:
    """The change for a check that is open at a surface. last: when the surface was last seen."""
    day = last.date().isoformat() if last else ""
    what = WHAT[cause].format(surface=surface, level=check.level, check=check.id, day=day)
    return Change(check=check.id, surface=surface, cause=cause, what=what)


def either(kinds: Sequence[Kind]) -> str:
    """`app, firmware or capture`."""
    *others, last = kinds
    return f"{', '.join(others)} or {last}" if others else str(last)
