"""What the guidelines and requirements are called in other frameworks, read from `crosswalk.toml`."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from shelfworthy.guidelines.rules import Rules, five_guidelines
from shelfworthy.guidelines.tables import RulesError, read_tables
from shelfworthy.model import Record


class Passage(Record, frozen=True):
    """Where a framework asks the same. ids: read in a public source. unconfirmed: from memory."""

    ids: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


class Framework(Record, frozen=True):
    """One framework. guideline: passages by guideline. requirement: finer ones, by guideline and name."""

    title: str
    source: str
    guideline: dict[str, Passage]
    requirement: dict[str, dict[str, Passage]] = msgspec.field(default_factory=dict)

    def passage(self, name: str) -> Passage | None:
        """Where it asks what a guideline (`updates`) or requirement (`updates.support`) asks, if known."""
        guideline, _, requirement = name.partition(".")
        if requirement:
            return self.requirement.get(guideline, {}).get(requirement)
        return self.guideline.get(guideline)

    def passages(self) -> Iterator[tuple[str, Passage]]:
        """Every passage with the id of the guideline or requirement it stands for."""
        yield from self.guideline.items()
        for guideline, inside in self.requirement.items():
            for name, passage in inside.items():
                yield f"{guideline}.{name}", passage


class Crosswalk(Record, frozen=True):
    """All of `crosswalk.toml`: frameworks by id."""

    framework: dict[str, Framework]

    def elsewhere(self, name: str) -> dict[str, Passage]:
        """Where each framework that is known to asks what this guideline or requirement asks, by title."""
        found = ((framework.title, framework.passage(name)) for framework in self.framework.values())
        return {title: passage for title, passage in found if passage is not None}


def read_crosswalk(text: str, rules: Rules, file: str = "crosswalk.toml") -> Crosswalk:
    """The crosswalk in a TOML text. Raises RulesError naming the file and every key that is wrong."""
    crosswalk = read_tables(text, Crosswalk, file)
    known = {*rules.guideline, *(requirement_id for requirement_id, _ in rules.requirements())}
    mistakes = []
    for framework_id, framework in crosswalk.framework.items():
        for name, passage in framework.passages():
            key = f"framework.{framework_id}: {name}"
            named = (*passage.ids, *passage.unconfirmed)
            if name not in known:
                mistakes.append(f"{key}: no guideline or requirement has this name")
            if not named:
                mistakes.append(f"{key}: expected ids, or unconfirmed ones")
            mistakes += [f"{key}: names {one!r} twice" for one in sorted(set(named)) if named.count(one) > 1]
    if mistakes:
        raise RulesError("\n".join(f"{file}: {mistake}" for mistake in mistakes))
    return crosswalk


@cache
def our_crosswalk() -> Crosswalk:
    """The crosswalk we ship. Read once; it is immutable."""
    text = (files(__package__) / "crosswalk.toml").read_text(encoding="utf-8")
    return read_crosswalk(text, five_guidelines())
