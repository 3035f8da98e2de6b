"""Which topic a sentence has, by written rules: one table for all languages (`webtext/words.toml`)."""

import re
from functools import cache

import msgspec
from msgspec import Struct

from shelfworthy.webtext import tables
from shelfworthy.webtext.sentences import Sentence

FLAGS = re.IGNORECASE


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as written: which topic a sentence has.

    all: expressions that must be in it or in the lead of its list. near: there, or in its heading or the two
    sentences before it. none: must not be in it. wide: it says only that it may be so, and holds where a
    second opinion agrees.
    """

    topic: str
    all: tuple[str, ...]
    near: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    wide: bool = False


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The table: rules by language."""

    version: str
    date: str
    rule: dict[str, tuple[Line, ...]]


class Rule(Struct, frozen=True):
    """A rule, ready."""

    topic: str
    all: tuple[re.Pattern[str], ...]
    near: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...]
    wide: bool

    def holds(self, said: str, around: str) -> bool:
        """said: the sentence, with its lead. around: with what stands before it."""
        return (
            all(one.search(said) for one in self.all)
            and all(one.search(around) for one in self.near)
            and not any(one.search(said) for one in self.none)
        )


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """The rules of each language."""
    words = msgspec.toml.decode(tables.rules(), type=Words)
    return {language: tuple(map(ready, lines)) for language, lines in words.rule.items()}


def ready(line: Line) -> Rule:
    """A rule of a line."""
    several = (line.all, line.near, line.none)
    all_, near, none = (tuple(re.compile(one, FLAGS) for one in some) for some in several)
    return Rule(line.topic, all_, near, none, line.wide)


def topics(sentences: tuple[Sentence, ...], of: tuple[Rule, ...]) -> dict[str, dict[Sentence, bool]]:
    """The sentences of each topic, in their order, and whether it is by wide rules only."""
    found: dict[str, dict[Sentence, bool]] = {}
    before = ["", ""]
    for one in sentences:
        if one.head:
            before = ["", ""]
            continue
        said = one.said
        around = " ".join((one.heading, *before, said))
        for rule in of:
            known = found.get(rule.topic, {}).get(one)
            if known is not False and not (known and rule.wide) and rule.holds(said, around):
                found.setdefault(rule.topic, {})[one] = rule.wide
        before = [before[1], one.text]
    return found
