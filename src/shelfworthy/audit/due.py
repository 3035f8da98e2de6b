"""What of an audit to look at again, and when. Pure, but for reading the evidence.

One entry is one probe or reader at one surface:
- Where a look saw all it wanted, what it saw is good until the first of its observations is past its shelf
  life, or the first pass or moot that rests on them says itself that it ends. Then the roll-up stops counting
  it. A fail stays; looking again can show that it was mended.
- Where no look did, it is due at once, but not where looking alone would change nothing: a permission, a
  tool, a file or a person is missing first, and the report says which.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from shelfworthy.audit.judge import Court, our_court, said_of
from shelfworthy.audit.look import ways
from shelfworthy.model import Cause, Finding, Looked, Observation, Outcome, Record
from shelfworthy.record import Evidence, load_evidence
from shelfworthy.seen import AnySeen

Key = tuple[str, str, str]  # surface, unit, name of the probe or reader without its version

NOT_BY_LOOKING = frozenset(
    {
        Cause.NOT_PERMITTED,
        Cause.NOT_SUPPLIED,
        Cause.TOOL_MISSING,
        Cause.DATA_MISSING,
        Cause.NEEDS_A_PERSON,
    }
)


class Why(StrEnum):
    """Why something is to be looked at again."""

    SHELF_LIFE = "shelf life"  # what was seen does not hold longer
    UNTIL = "until"  # an answer says itself until when it holds
    OPEN = "open"  # it was not seen whole


class Due(Record, frozen=True):
    """Something to look at again. probe: the probe or reader that looks.

    last_seen: None where nothing was. good_until: None where it is due at once. what, days: of a shelf life;
    what is the check where an answer says itself until when. cause, words: of what was not seen whole.
    """

    surface: str
    unit: str
    probe: str
    last_seen: datetime | None
    good_until: datetime | None
    why: Why
    what: str = ""
    days: int = 0
    cause: Cause | None = None
    words: str = ""


def due_in(folder: Path) -> tuple[Due, ...]:
    """What of `NAME.audit` to look at again, soonest first. Raises Unreadable."""
    by = our_court()
    rank = {check.id: number for number, check in enumerate(by.checks)}
    findings = sorted(said_of(folder, by).said.findings, key=lambda finding: rank[finding.check])
    return due(load_evidence(folder), findings, by)


def due(evidence: Evidence, findings: list[Finding], by: Court) -> tuple[Due, ...]:
    """The same of evidence, and what the checks said of it."""
    looks: dict[Key, list[Looked]] = defaultdict(list)
    for look in evidence.looks:
        looks[look.surface, look.unit, name(look.by)].append(look)
    for surface, way in ways(evidence.product.surface, frozenset()):
        looks[surface.id, surface.unit, way.name] += []
    there = {observation.id: observation for observation in evidence.observations}
    clearing = clears(findings)
    found = []
    for key, of_one in looks.items():
        whole = [look for look in of_one if look.complete and there.keys() >= set(look.observations)]
        seen = [there[one] for look in whole for one in look.observations]
        if seen:
            ends = [end for one in newest(seen) for end in ends_of(one, key, clearing, by)]
            found.append(min(ends, key=moment))
        else:
            found += still_open(key, of_one, evidence, there)
    return tuple(sorted(found, key=order))


def ends_of(
    seen: Observation[AnySeen], key: Key, clearing: Mapping[str, list[Finding]], by: Court
) -> Iterator[Due]:
    """Every moment at which something that rests on this observation stops counting."""
    surface, unit, probe = key
    tag = seen.seen.tag()
    kind = seen.seen.surface_kind()

    def end(at: datetime, why: Why, what: str, days: int = 0) -> Due:
        return Due(
            surface=surface,
            unit=unit,
            probe=probe,
            last_seen=seen.at,
            good_until=at,
            why=why,
            what=what,
            days=days,
        )

    lasts = by.rules.lasts(kind, (tag,))
    yield end(seen.at + lasts, Why.SHELF_LIFE, name(tag), lasts.days)
    for finding in clearing.get(seen.id, ()):
        check = by.facts[finding.check]
        lasts = by.rules.lasts(check.kind, check.reads)
        yield end(finding.seen_at + lasts, Why.SHELF_LIFE, check.id, lasts.days)
        if finding.until is not None:
            yield end(finding.until, Why.UNTIL, check.id)


def still_open(
    key: Key, looks: list[Looked], evidence: Evidence, there: Mapping[str, Observation[AnySeen]]
) -> Iterator[Due]:
    """What no look saw whole: due at once, unless looking again alone would change nothing."""
    surface, unit, probe = key
    gaps = [gap for gap in evidence.gaps if (gap.surface, gap.unit, name(gap.by)) == key]
    gap = max(gaps, key=lambda one: (one.at, one.id), default=None)
    cause, words = (gap.cause, gap.words) if gap else (Cause.NOBODY_LOOKED, "")
    if gap is None and looks:  # it saw something that is not there any more
        cause = Cause.CONTRADICTORY
    if cause in NOT_BY_LOOKING:
        return
    seen = [there[one].at for look in looks for one in look.observations if one in there]
    yield Due(
        surface=surface,
        unit=unit,
        probe=probe,
        last_seen=max(seen, default=None),
        good_until=None,
        why=Why.OPEN,
        cause=cause,
        words=words,
    )


def moment(end: Due) -> datetime:
    assert end.good_until is not None
    return end.good_until


def newest(seen: list[Observation[AnySeen]]) -> Iterable[Observation[AnySeen]]:
    """The newest observation of each type, in whichever form."""
    return {name(one.seen.tag()): one for one in sorted(seen, key=lambda one: (one.at, one.id))}.values()


def clears(findings: list[Finding]) -> Mapping[str, list[Finding]]:
    """By observation, the passes and moots that rest on it: what the roll-up lets age."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.outcome in (Outcome.PASS, Outcome.MOOT):
            for observation in finding.evidence:
                found[observation].append(finding)
    return found


def name(by: str) -> str:
    """A probe, a reader or a tag without its number."""
    return by.partition("/")[0]


def order(one: Due) -> tuple[bool, str, str, str, str]:
    """Soonest first, and what is due at once before that."""
    until = one.good_until
    return (until is not None, until.isoformat() if until else "", one.surface, one.unit, one.probe)
