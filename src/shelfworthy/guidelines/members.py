"""Step 3: a check over its surfaces, and what else a requirement rests on, each one member of it."""

from collections.abc import Sequence
from functools import cache, lru_cache

from msgspec import Struct

from shelfworthy.guidelines.cells import FAIL, MOOT, OPEN, PASS, Cell, cells
from shelfworthy.guidelines.grounds import Grounds
from shelfworthy.guidelines.plan import Article
from shelfworthy.guidelines.rules import Alternatives, CheckFacts
from shelfworthy.guidelines.todo import either, todo
from shelfworthy.model import AnySurface, Cause, Change, Finding, Kind, Outcome

SOURCES = (Kind.APP, Kind.FIRMWARE, Kind.CAPTURE)  # what names the addresses a product talks to


class Member(Struct, frozen=True):
    """One thing a requirement rests on: a check over its surfaces, or something that is open.

    because: the findings that make the outcome so. changes: what would close it, if open. cells: where the
    check stands at each surface. spoken: its findings at deciding surfaces; aside: those elsewhere (third
    parties', surfaces only mentioned in pages), which never decide.
    """

    outcome: Outcome
    because: Sequence[Finding] = ()
    changes: Sequence[Change] = ()
    cells: Sequence[Cell] = ()
    spoken: Sequence[Finding] = ()
    aside: Sequence[Finding] = ()


NOWHERE = Member(MOOT)  # most products have no surface for most checks


def over_surfaces(check: CheckFacts, grounds: Grounds) -> Member:
    """A check over its surfaces. Without a surface of its kind it is moot and has no cells."""
    elsewhere = dict(grounds.said(check.id))
    stands: list[Cell] = []
    spoken: list[Finding] = []
    for surface in grounds.asked_at(check):
        here = elsewhere.pop(surface.id, [])
        stands += cells(check, surface, here, grounds)
        spoken += here
    outcome = _worst(stands)
    because: list[Finding] = []
    changes: list[Change] = []
    for cell in stands:
        if cell.outcome is outcome:
            because += cell.because
            if outcome is OPEN:
                changes.append(_change(check, cell, grounds))
    return Member(
        outcome,
        because=because,
        changes=changes,
        cells=stands,
        spoken=spoken,
        aside=[finding for place in sorted(elsewhere) for finding in elsewhere[place]] if elsewhere else (),
    )


def _worst(stands: list[Cell]) -> Outcome:
    for outcome in (FAIL, OPEN, PASS):
        for cell in stands:
            if cell.outcome is outcome:
                return outcome
    return MOOT


def _change(check: CheckFacts, cell: Cell, grounds: Grounds) -> Change:
    assert cell.cause is not None
    last = max((finding.seen_at for finding in cell.because), default=None)
    return todo(cell.cause, check, cell.surface, last, cell.words)


@lru_cache(maxsize=4096)  # among many products there are few categories, and few sets of kinds
def missing(article: Article, category: str, kinds: frozenset[Kind]) -> Alternatives:
    """The groups of kinds expected of a product of this category of which it has none. kinds: that it has."""
    expected = article.requirement.expects + article.requirement.expects_for.get(category, ())
    return tuple([group for group in expected if kinds.isdisjoint(group)])


@cache  # rules name few groups, names and checks: each sentence is made once
def not_supplied(group: tuple[Kind, ...], check: str = "") -> Member:
    """The place of evidence that is expected and not there."""
    what = f"supply {either(group)}"
    change = Change(check=check, surface="", cause=Cause.NOT_SUPPLIED, what=what)
    return Member(OPEN, changes=(change,))


@cache
def needs_a_person(name: str) -> Member:
    """What only a declaration answers."""
    what = f"a person declares {name.replace('-', ' ')}"
    change = Change(check=name, surface="", cause=Cause.NEEDS_A_PERSON, what=what)
    return Member(OPEN, changes=(change,))


@cache
def unknown(check: str) -> Member:
    """The place of a check that the rules name and this installation does not have."""
    what = f"install what brings the check {check}"
    change = Change(check=check, surface="", cause=Cause.TOOL_MISSING, what=what)
    return Member(OPEN, changes=(change,))


def unasked(article: Article, grounds: Grounds) -> list[Member]:
    """One open member for each surface the requirement is about and none of its checks is asked at."""
    if grounds.makers_kinds.isdisjoint(article.unasked):
        return []
    return [
        _open_surface(surface, f"no check asks this of {surface.id} yet: a person may declare it", grounds)
        for kind in article.unasked
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
