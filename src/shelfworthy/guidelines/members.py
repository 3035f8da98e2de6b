"""Step 3: a check over its surfaces, and what else a requirement rests on, each one member of it."""

from msgspec import Struct

from shelfworthy.guidelines.cells import FAIL, MOOT, OPEN, PASS, Cell, cells
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.rules import CheckFacts, Requirement
from shelfworthy.guidelines.todo import either, todo
from shelfworthy.model import AnySurface, Cause, Change, Kind, Outcome

SOURCES = (Kind.APP, Kind.FIRMWARE, Kind.CAPTURE)  # what names the addresses a product talks to


class Member(Struct, frozen=True):
    """One thing a requirement rests on: a check over its surfaces, or something that is open.

    because: ids of the findings that make the outcome so. changes: what would close it, if open.
    cells: where the check stands at each surface. spoken: ids of its findings at deciding surfaces;
    aside: of those elsewhere (third parties', surfaces only mentioned in pages), which never decide.
    """

    outcome: Outcome
    because: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    cells: tuple[Cell, ...] = ()
    spoken: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


NOWHERE = Member(MOOT)  # most products have no surface for most checks


def over_surfaces(check: CheckFacts, grounds: Grounds) -> Member:
    """A check over its surfaces. Without a surface of its kind it is moot and has no cells."""
    said = grounds.said(check.id)
    asked_at = grounds.asked_at(check)
    if not asked_at and not said:
        return NOWHERE
    stands: list[Cell] = []
    spoken: list[str] = []
    aside = dict(said)
    for surface in asked_at:
        here = aside.pop(surface.id, [])
        stands += cells(check, surface, here, grounds)
        spoken += [finding.id for finding in here]
    outcome = _worst(stands)
    because: list[str] = []
    changes: list[Change] = []
    for cell in stands:
        if cell.outcome is outcome:
            because += [finding.id for finding in cell.because]
            if outcome is OPEN:
                changes.append(_change(check, cell, grounds))
    return Member(
        outcome,
        because=tuple(because),
        changes=tuple(changes),
        cells=tuple(stands),
        spoken=tuple(spoken),
        aside=tuple(finding.id for place in sorted(aside) for finding in aside[place]) if aside else (),
    )


def _worst(stands: list[Cell]) -> Outcome:
    outcomes = {cell.outcome for cell in stands}
    for outcome in (FAIL, OPEN, PASS):
        if outcome in outcomes:
            return outcome
    return MOOT


def _change(check: CheckFacts, cell: Cell, grounds: Grounds) -> Change:
    assert cell.cause is not None
    last = max((finding.seen_at for finding in cell.because), default=None)
    return todo(cell.cause, check, cell.surface, last, cell.words)


def missing(requirement: Requirement, grounds: Grounds) -> list[tuple[Kind, ...]]:
    """The groups of kinds the requirement expects of which the product has no surface."""
    category = grounds.product.product.category
    expected = requirement.expects + requirement.expects_for.get(category, ())
    return [group for group in expected if not any(grounds.makers(kind) for kind in group)]


def not_supplied(group: tuple[Kind, ...], check: str = "") -> Member:
    """The place of evidence that is expected and not there."""
    what = f"supply {either(group)}"
    change = Change(check=check, surface="", cause=Cause.NOT_SUPPLIED, what=what)
    return Member(OPEN, changes=(change,))


def needs_a_person(name: str) -> Member:
    """What only a declaration answers."""
    what = f"a person declares {name.replace('-', ' ')}"
    change = Change(check=name, surface="", cause=Cause.NEEDS_A_PERSON, what=what)
    return Member(OPEN, changes=(change,))


def unknown(check: str) -> Member:
    """The place of a check that the rules name and this installation does not have."""
    what = f"install what brings the check {check}"
    change = Change(check=check, surface="", cause=Cause.TOOL_MISSING, what=what)
    return Member(OPEN, changes=(change,))


def unasked(requirement: Requirement, asked: set[Kind], grounds: Grounds) -> list[Member]:
    """One open member for each surface the requirement is about and none of its checks is asked at."""
    return [
        _open_surface(surface, f"no check asks this of {surface.id} yet: a person may declare it", grounds)
        for kind in requirement.about
        if kind not in asked
        for surface in grounds.makers(kind)
    ]


def unread(grounds: Grounds) -> list[Member]:
    """One open member for each app, firmware or capture not looked at whole: it may name more surfaces."""
    return [
        _open_surface(surface, f"look at all of {surface.id}: it may name more to look at", grounds)
        for kind in SOURCES
        for surface in grounds.makers(kind)
        if not grounds.whole(surface)
    ]


def _open_surface(surface: AnySurface, what: str, grounds: Grounds) -> Member:
    gap = grounds.gap(surface.id)
    cause = gap.cause if gap else Cause.NOBODY_LOOKED
    change = Change(check="", surface=surface.id, cause=cause, what=what)
    return Member(OPEN, changes=(change,))
