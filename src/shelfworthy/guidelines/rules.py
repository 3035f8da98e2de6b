"""The guidelines as records, read from `five.toml`. Every mistake in the file is answered with its key."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import msgspec

from shelfworthy.guidelines.tables import RulesError, read_tables
from shelfworthy.model import Check, Kind, Level, Record, digest, unnumbered

Alternatives = tuple[tuple[Kind, ...], ...]

# Kinds of which an app, firmware or capture can name one that nobody declared.
NETWORK = frozenset(
    {Kind.ENDPOINT, Kind.DATABASE, Kind.BUCKET, Kind.BROKER, Kind.DOMAIN, Kind.ACCOUNT, Kind.UPDATE}
)


KINDS = frozenset(Kind)  # a tag begins with one


class CheckFacts(Record, frozen=True):
    """What the guidelines must know of a check to weigh its answers.

    kind: of the surfaces it is asked at. reads: the tags it judges (`database-hello/1`). level: of its looks.
    """

    id: str
    version: int
    kind: Kind
    level: Level
    reads: tuple[str, ...]

    @classmethod
    def of(cls, check: Check) -> "CheckFacts":
        """The facts of a check; it is asked at surfaces of the first kind it reads."""
        return cls(
            id=check.id,
            version=check.version,
            kind=check.reads[0].surface_kind(),
            level=check.level,
            reads=tuple(seen.tag() for seen in check.reads),
        )


class Guideline(Record, frozen=True):
    """One of the five, or the heading of the exposures. wording: quoted from source."""

    title: str
    wording: str
    source: str


class Requirement(Record, frozen=True, dict=True):
    """What a guideline asks, and of which checks the answer is made (DESIGN, "How answers become a verdict").

    all: checks that decide. any: groups of alternatives. notes: checks reported, never deciding.
    declared: what only a person can answer; open until one does. about: kinds of surface it is about; one
    that none of its checks is asked at stays open. expects: groups of kinds of which one must be there
    (expects_for: more, by product category). asked_if: the fact of the product it is asked for, "" always.
    network: it is about what is reached over networks, so whatever names addresses must be looked at whole.
    """

    asks: str
    all: tuple[str, ...] = ()
    any: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    about: tuple[Kind, ...] = ()
    expects: Alternatives = ()
    expects_for: dict[str, Alternatives] = msgspec.field(default_factory=dict)
    asked_if: Literal["", "for_children"] = ""
    network: bool = False

    def deciding(self) -> tuple[str, ...]:
        """The checks whose answers decide, alternatives included."""
        return self._deciding

    @cached_property  # asked for a hundred times in each of ten thousand verdicts
    def _deciding(self) -> tuple[str, ...]:
        return self.all + tuple(check for group in self.any for check in group)


class Rules(Record, frozen=True, dict=True):
    """All of `five.toml`. requirement: by guideline, then by its second name. shelf_life: days by kind.

    shelf_life_of: days of what is seen in single observations, by their tag without its number, where they
    differ from their kind's. support_years: by product category, or `other`; its check reads them as a
    reference. The requirements of the heading `exposure` are answered beside the five
    guidelines.
    """

    guideline: dict[str, Guideline]
    exposure: Guideline
    requirement: dict[str, dict[str, Requirement]]
    shelf_life: dict[Kind, int]
    shelf_life_of: dict[str, int] = msgspec.field(default_factory=dict)
    support_years: dict[str, int] = msgspec.field(default_factory=dict)

    def requirements(self) -> tuple[tuple[str, Requirement], ...]:
        """Every requirement with its whole id (`encryption.tls`), in the order of the file."""
        return self._requirements

    @cached_property
    def _requirements(self) -> tuple[tuple[str, Requirement], ...]:
        return tuple(
            (f"{heading}.{name}", requirement)
            for heading, inside in self.requirement.items()
            for name, requirement in inside.items()
        )

    def lasts(self, kind: Kind, tags: tuple[str, ...] = ()) -> timedelta:
        """How long a pass or moot about a surface of this kind holds that rests on what has these tags.

        It holds as long as the shortest-lived of them. tags: with their numbers (`database-listing/1`).
        """
        found = self._lasts.get((kind, tags))
        if found is None:
            found = timedelta(days=min(self._days(kind, tag) for tag in tags or (kind,)))
            self._lasts[kind, tags] = found
        return found

    @cached_property  # asked for each pass in each of ten thousand verdicts
    def _lasts(self) -> dict[tuple[Kind, tuple[str, ...]], timedelta]:
        return {}

    def _days(self, kind: Kind, tag: str) -> int:
        name = unnumbered(tag)
        if name in self.shelf_life_of:
            return self.shelf_life_of[name]
        own = name.partition("-")[0]
        return self.shelf_life[Kind(own) if own in KINDS else kind]


def read_rules(text: str, file: str = "five.toml") -> Rules:
    """The rules in a TOML text. Raises RulesError naming the file and every key that is wrong."""
    rules = read_tables(text, Rules, file)
    mistakes = list(_mistakes(rules))
    if mistakes:
        raise RulesError("\n".join(f"{file}: {mistake}" for mistake in mistakes))
    return rules


@cache
def five_guidelines() -> Rules:
    """The rules we ship. Read once; they are immutable."""
    return read_rules((files(__package__) / "five.toml").read_text(encoding="utf-8"))


def disagreements(rules: Rules, checks: Mapping[str, CheckFacts]) -> list[str]:
    """Where rules and checks do not fit: a name without a check, a check that nothing names, a requirement
    on network kinds that does not say so.
    """
    named: set[str] = set()
    wrong = []
    for requirement_id, requirement in rules.requirements():
        for check in (*requirement.deciding(), *requirement.notes):
            named.add(check)
            if check not in checks:
                wrong.append(f"requirement.{requirement_id}: names {check!r}, which is no check")
        kinds = {checks[check].kind for check in requirement.deciding() if check in checks}
        if kinds & NETWORK and not requirement.network:
            wrong.append(
                f"requirement.{requirement_id}.network: expected true, its checks are about networks"
            )
    wrong += [f"{check}: no requirement names this check" for check in checks if check not in named]
    return wrong


def rules_digest(rules: Rules, checks: Mapping[str, CheckFacts]) -> str:
    """Names all that turns findings into a verdict: the rules and every check's id, version and reads."""
    return digest((rules, sorted(checks.values(), key=lambda check: check.id)))


def _mistakes(rules: Rules) -> Iterator[str]:
    """What the types cannot hold: one line per mistake, beginning with the key."""
    for kind in Kind:
        if rules.shelf_life.get(kind, 0) < 1:
            yield f"shelf_life.{kind}: expected a number of days, at least 1"
    for category, years in rules.support_years.items():
        if years < 1:
            yield f"support_years.{category}: expected a number of years, at least 1"
    for tag, days in rules.shelf_life_of.items():
        if days < 1:
            yield f"shelf_life_of.{tag}: expected a number of days, at least 1"
        if tag.partition("-")[0] not in KINDS or "/" in tag:
            yield f"shelf_life_of.{tag}: expected a tag without its number, as `database-listing`"
    for heading in rules.requirement.keys() - rules.guideline.keys() - {"exposure"}:
        yield f"requirement.{heading}: no guideline has this name"
    for heading in (*rules.guideline, "exposure"):
        if not rules.requirement.get(heading):
            yield f"requirement.{heading}: expected at least one requirement"
    for requirement_id, requirement in rules.requirements():
        key = f"requirement.{requirement_id}"
        if not requirement.asks.endswith("?"):
            yield f"{key}.asks: expected one question"
        for number, group in enumerate(requirement.any):
            if len(group) < 2:
                yield f"{key}.any[{number}]: expected at least two alternatives"
        named = (*requirement.deciding(), *requirement.notes, *requirement.declared)
        for check in sorted({name for name in named if named.count(name) > 1}):
            yield f"{key}: names {check!r} twice"
        groups = (requirement.expects, *requirement.expects_for.values())
        if not all(group for alternatives in groups for group in alternatives):
            yield f"{key}.expects: expected at least one kind in each group"
