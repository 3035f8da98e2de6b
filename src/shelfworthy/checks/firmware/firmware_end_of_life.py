"""Does the firmware contain components that nobody repairs any more?

Why it matters: flaws go on being found in a component whose makers have stopped repairing it. A product with
such a component gets unsafe by itself, and no update of the component can come.

How we look (look): of components whose makers publish until when they repair a line of releases (Linux,
OpenSSL, nginx, Samba and others), the version in the image is looked up in what the operator imported from
endoflife.date. Support that had ended by the date of the data fails. It passes if the whole image was read
and no such component is past its end, until the first of those days; what nobody publishes an end for is not
asked about.

What it does not show: whether somebody else repairs an old line, as distributions do for a while; components
there is no rule for, or whose makers publish no end.

If it fails: move to a line that is still repaired, and plan the next move before its end: a product is on the
shelf for years.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from shelfworthy.checks.firmware._known import DATA, MOST, data, line
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.components import by_name, title
from shelfworthy.seen.firmware import FirmwareComponents
from shelfworthy.seen.vulnerabilities import Cycle, Known

SAYS = {
    "ended": "{component} is of the line {cycle}, repaired until {ends}; data of {date}.",
    "ended-before": "{component} is of the line {cycle}, which is not repaired any more; data of {date}.",
    "not-in-data": "Until when {component} is repaired, the data of {date} do not say.",
    "no-data": "Nothing was imported that says until when components are repaired "
    "(`shelfworthy vulndata import`).",
    "no-version": "{component} does not tell its version.",
    "none-known": "No component was recognised in it.",
    "unread": "No component that was found is past its end, but not all of the image could be read.",
    "not-published": "None of its components is one whose makers publish an end.",
    "goes-on": "Its {number} components whose makers publish an end are repaired still; data of {date}.",
}


def judge(seen: FirmwareComponents, about: About) -> Iterator[Answer]:
    if not seen.components:
        yield inconclusive("none-known", Cause.NOT_UNDERSTOOD)
        return
    asked = [
        number
        for number, one in enumerate(seen.components)
        if one.name in by_name() and by_name()[one.name].eol
    ]
    if not asked:
        yield nothing_asked(seen)
        return
    known = data(about)
    if not known.date("eol"):
        yield inconclusive("no-data", Cause.DATA_MISSING)
        return
    told = [(number, cycle_of(seen, number, known)) for number in asked]
    answers = [answer for number, one in told if (answer := spoken(seen, number, one, known)) is not None]
    yield from answers[:MOST]
    if answers:
        return
    if not seen.whole or seen.truncated:
        yield inconclusive("unread", Cause.NOT_UNDERSTOOD)
        return
    days = sorted(one.ends for _, one in told if one is not None and one.ends[:1].isdigit())
    yield passes(
        "goes-on",
        field("components"),
        confidence=Confidence.PROBABLE,
        until=datetime.fromisoformat(days[0]).replace(tzinfo=UTC) if days else None,
        number=len(asked),
        date=known.date("eol"),
    )


def nothing_asked(seen: FirmwareComponents) -> Answer:
    """The question does not arise, if that is all there is."""
    if seen.whole and not seen.truncated:
        return moot("not-published", field("components"))
    return inconclusive("unread", Cause.NOT_UNDERSTOOD)


def cycle_of(seen: FirmwareComponents, number: int, known: Known) -> Cycle | None:
    """The line of releases that a component is of, the narrowest one; of several words on it the earliest
    end."""
    one = seen.components[number]
    fitting = [
        cycle
        for cycle in known.cycles
        if cycle.component == one.name and cycle.ends and one.version and line(one.version, cycle.cycle)
    ]
    return min(fitting, key=lambda cycle: (-len(cycle.cycle), cycle.ends), default=None)


def spoken(seen: FirmwareComponents, number: int, cycle: Cycle | None, known: Known) -> Answer | None:
    """What there is to say of one component; None where it is repaired still."""
    one, date = seen.components[number], known.date("eol")
    called, at = f"{title(one.name)} {one.version}".strip(), field(f"components.{number}")
    if not one.version:
        return inconclusive("no-version", Cause.NOT_UNDERSTOOD, subject=one.name, component=called)
    if cycle is None:
        return inconclusive("not-in-data", Cause.DATA_MISSING, subject=one.name, component=called, date=date)
    if cycle.ends == "ended":
        return fails(
            "ended-before",
            at,
            Severity.MEDIUM,
            confidence=Confidence.PROBABLE,
            subject=one.name,
            component=called,
            cycle=cycle.cycle,
            date=date,
        )
    if cycle.ends[:1].isdigit() and cycle.ends <= date:
        return fails(
            "ended",
            at,
            Severity.MEDIUM,
            confidence=Confidence.PROBABLE,
            subject=one.name,
            component=called,
            cycle=cycle.cycle,
            ends=cycle.ends,
            date=date,
        )
    return None


CHECK = Check(
    id="firmware-end-of-life",
    version=2,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareComponents,),
    says=SAYS,
    needs=(DATA,),
)
