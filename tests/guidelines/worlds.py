"""Generated worlds: a pool of surfaces, and whatever may have been looked at, lost, said and declared."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from msgspec.structs import replace

from shelfworthy.guidelines import CheckFacts, Guideline, Requirement, Rules, World
from shelfworthy.model import (
    AnySurface,
    Cause,
    Declaration,
    Finding,
    Kind,
    Looked,
    Outcome,
    Owner,
    Standing,
)
from tests.guidelines.build import DAYS, TODAY, days, declared, facts, finding, gap, looked, product, surface

MENTIONED = "seen:database:records.example"  # a surface the app mentions
MENTION = "app-0a"  # in this observation of it
APP = surface("app", Kind.APP)

POOL: tuple[AnySurface, ...] = (
    surface("records", Kind.DATABASE),
    surface("records-a", Kind.DATABASE, unit="A"),
    surface(MENTIONED, Kind.DATABASE),
    surface("adverts", Kind.DATABASE, owner=Owner.THIRD_PARTY),
    surface("site", Kind.ENDPOINT),
    surface("tracker", Kind.ENDPOINT, owner=Owner.THIRD_PARTY),
    surface("talk", Kind.CONTACT),
    surface("queue", Kind.BROKER),
    APP,
    surface("tape", Kind.CAPTURE),
    surface("name", Kind.DOMAIN, owner=Owner.THIRD_PARTY),
)
BRIEF = 3  # days that what says hello holds; everything else holds 7
KINDS = {one.id: one.kind for one in POOL}
TAGS = {kind: (f"{kind}/1",) for kind in KINDS.values()} | {Kind.DATABASE: ("hello/1", "list/1")}

CHECKS: dict[str, CheckFacts] = {
    check.id: check
    for check in (
        facts("open", Kind.DATABASE, "list/1"),
        facts("clear", Kind.DATABASE, "hello/1"),
        facts("both", Kind.DATABASE, "hello/1", "list/1"),
        facts("tls", Kind.ENDPOINT),
        facts("page", Kind.CONTACT),
        facts("bounty", Kind.CONTACT),
        facts("domain-owned", Kind.DOMAIN),
        facts("curious", Kind.DATABASE, "list/1"),
        facts("practice", Kind.APP, "app/1", "list/1"),
    )
}
HEADING = Guideline(title="T", wording="W", source="S")
RULES = Rules(
    guideline={"plain": HEADING, "wide": HEADING, "person": HEADING, "young": HEADING},
    exposure=HEADING,
    requirement={
        "plain": {
            "one": Requirement(asks="?", all=("open",), notes=("curious",), network=True),
            "two": Requirement(asks="?", all=("clear", "tls"), network=True),
        },
        "wide": {
            "any": Requirement(asks="?", any=(("page", "bounty"),), expects=((Kind.CONTACT,),)),
            "mixed": Requirement(
                asks="?", all=("domain-owned",), any=(("page", "both", "tls"),), network=True
            ),
            "net": Requirement(asks="?", all=("open", "tls"), network=True, about=(Kind.BROKER,)),
            "shown": Requirement(
                asks="?", all=("clear",), expects=((Kind.APP, Kind.CAPTURE), (Kind.DATABASE,)), network=True
            ),
        },
        "young": {
            "child": Requirement(asks="?", all=("both",), asked_if="for_children", network=True),
        },
        "person": {
            "rest": Requirement(asks="?", all=("open",), declared=("at-rest",), network=True),
            "practice": Requirement(asks="?", all=("practice",)),
            "none": Requirement(asks="?"),
        },
        "exposure": {"data": Requirement(asks="?", all=("open",), network=True)},
    },
    shelf_life=dict.fromkeys(Kind, DAYS),
    shelf_life_of={"hello": BRIEF},
)
REQUIREMENTS = [requirement for requirement, _ in RULES.requirements()]

OUTCOMES = (Outcome.PASS, Outcome.PASS, Outcome.PASS, Outcome.FAIL, Outcome.MOOT, Outcome.INCONCLUSIVE)
AGES = (0, 0, 1, 2, 2, 5, 9, 20)  # days; the shelf life is 7
CAUSES = (Cause.SILENT, Cause.NOT_PERMITTED, Cause.OUR_FAULT)
SPANS = ((-30, 30), (-30, 30), (-2, 30), (-30, -1), (0, 0), (1, 30))  # in force, over, of today, not begun

T = TypeVar("T")


class Choices:
    """Choices read off drawn bytes, one byte each: fast to draw, and smaller bytes are simpler worlds."""

    SIZE = 240

    def __init__(self, drawn: bytes) -> None:
        self.bytes = iter(drawn)

    def below(self, most: int) -> int:
        return next(self.bytes, 0) % most

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def one_in(self, number: int) -> bool:
        """True in one case of so many, and never where the bytes are at their simplest."""
        return self.below(number) == number - 1

    def some_of(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """So many of the options, each at most once."""
        left = list(options)
        number = min(len(left), least + self.below(most - least + 1))
        return [left.pop(self.below(len(left))) for _ in range(number)]

    def shuffled(self, options: Sequence[T]) -> tuple[T, ...]:
        return tuple(self.some_of(options, len(options), len(options)))


def world(choose: Choices, most_declarations: int = 2) -> World:
    """A world. Looks may be incomplete, lack their record, or name observations that are gone."""
    places = choose.some_of(POOL, 1, 5)
    if any(one.id == MENTIONED for one in places) and APP not in places:
        places.append(APP)  # it was seen there
    kept: list[Looked] = []
    said: list[Finding] = []
    for place in places:
        for number in range(choose.one_of((1, 1, 2, 3, 0))):
            look, findings = looked_at(choose, place, number)
            said += findings
            if not choose.one_in(8):
                kept.append(look)
    names = {observation for one in said for observation in one.evidence}
    names |= {observation for look in kept for observation in look.observations}
    gone = set(choose.some_of(sorted(names), 1, 2)) if choose.one_in(5) else set()
    made = World(
        product=product(
            *(declaration(choose) for _ in range(choose.below(most_declarations + 1))),
            for_children=(None, False, True)[choose.below(3)],
        ),
        surfaces=tuple(places),
        looks=tuple(kept),
        gaps=tuple(
            gap(place.id, choose.one_of(CAUSES), *TAGS[place.kind][:1], at=days(choose.one_of(AGES)))
            for place in choose.some_of(POOL, 0, 2)
        ),
        present=frozenset(names),
        findings=tuple(said),
    )
    return without(made, gone)


def looked_at(choose: Choices, place: AnySurface, number: int) -> tuple[Looked, list[Finding]]:
    """One look at a surface, and what the checks say of what it left."""
    at = days(choose.one_of(AGES))
    tags = TAGS[place.kind]
    sees = choose.one_of((tags, tags, tags, tags[:1], tags[-1:], ()))
    seen = [(f"{place.id}-{number}{letter}", tag) for letter, tag in zip("ab", sees or tags, strict=False)]
    unit = "B" if choose.one_in(8) else place.unit
    said = []
    for check in CHECKS.values():
        evidence = tuple(name for name, tag in seen if tag in check.reads)
        for subject in ("", "part") if evidence else ():
            if choose.one_in(6) if subject == "" else not choose.one_in(4):
                continue  # the check says nothing of it
            said.append(
                finding(
                    check.id,
                    choose.one_of(OUTCOMES),
                    place.id,
                    *evidence,
                    at=at,
                    unit=unit,
                    subject=subject,
                    until=choose.one_of((None, None, None, days(-3), days(1))),
                )
            )
    complete = not choose.one_in(6)
    return looked(place.id, *(name for name, _ in seen), sees=sees, complete=complete, at=at), said


def declaration(choose: Choices) -> Declaration:
    """What a person may have declared of something."""
    begins, ends = choose.one_of(SPANS)
    return declared(
        choose.one_of(REQUIREMENTS),
        choose.one_of(list(Standing)),
        TODAY.date() + timedelta(begins),
        TODAY.date() + timedelta(ends),
        by=choose.one_of(("A. Person", "B. Person")),
    )


def without(world: World, gone: set[str] | frozenset[str]) -> World:
    """The world after evidence was taken away: what was said of it and what it mentioned go with it."""
    surfaces = world.surfaces
    if MENTION in gone:
        surfaces = tuple(one for one in surfaces if one.id != MENTIONED)
    return replace(
        world,
        surfaces=surfaces,
        present=world.present - gone,
        findings=tuple(one for one in world.findings if not gone.intersection(one.evidence)),
    )


def named(world: World) -> list[str]:
    """The observations that are there and that a look names: what counts and can be taken away."""
    return sorted(world.present.intersection(name for look in world.looks for name in look.observations))
