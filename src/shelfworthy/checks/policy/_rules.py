"""Which topic a sentence has, by written rules: one table for all languages (`webtext/words.toml`)."""

import re
from enum import IntEnum
from functools import cache

import msgspec
from msgspec import Struct

from shelfworthy.webtext import tables
from shelfworthy.webtext.sentences import Sentence

FLAGS = re.IGNORECASE
NAMES = "(?-i:"  # begins the part of an expression in which capitals count
LETTERS = re.compile(r"\\.|[^\W\d_]")  # of an expression, and what is escaped
ELSEWHERE = "elsewhere"  # the topic of what is about other things: their devices, a receipt, the app's cache
COOKIES = "cookies"
OF_DATA = "of-data"  # the topic of what is about data, or what a product takes
# Topics that say how a sentence of another topic is to be taken, and nothing of their own.
BESIDE = frozenset(
    (
        *(
            "change-other",
            "contact-for",
            "contact-narrow",
            "contact-not",
            "contact-other",
            "costs",
            "costs-then",
        ),
        *("keep-else", "keep-rest", "not-now", "not-taken", OF_DATA, "on-condition", "opt-out-else"),
        *(
            "purpose-other",
            "purpose-plain",
            "share-but",
            "share-else",
            "share-in",
            "taken-back",
            "us-not-you",
        ),
    )
)
# What a sentence about cookies says nothing of.
OF_A_DEVICE = ("share-vague", "share-near", "share-none", "keep-", "delete-", "opt-out", "sensor-")
IN_HEADINGS = frozenset({"date", "contact"})  # which are said there as well


class Sure(IntEnum):
    """How sure a rule is that a sentence has its topic.

    PLACED: its heading says so as well, which nobody sees who reads the sentence alone. WIDE: it may be so.
    """

    PLACED = 0
    STRICT = 1
    WIDE = 2


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as written: which topic a sentence has.

    all: expressions that must be in it or in the lead of its list. near: there, or in its heading or the two
    sentences before it. under: in its heading or above its column. none: must not be in it. wide: it says
    only that it may be so, and holds where a second opinion agrees.
    """

    topic: str
    all: tuple[str, ...]
    near: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    wide: bool = False


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The table: rules by language."""

    version: str
    date: str
    rule: dict[str, tuple[Line, ...]]


class Text(Struct, frozen=True):
    """A text as it is, and in small letters."""

    whole: str
    small: str


class Expression(Struct, frozen=True):
    """What is looked for. named: capitals count in it; others are held against small letters, which takes
    two thirds of the time that ignoring case does.
    """

    pattern: re.Pattern[str]
    named: bool

    def fits(self, text: Text) -> bool:
        return self.pattern.search(text.whole if self.named else text.small) is not None


class Rule(Struct, frozen=True):
    """A rule, ready."""

    topic: str
    all: tuple[Expression, ...]
    near: tuple[Expression, ...]
    under: tuple[Expression, ...]
    none: tuple[Expression, ...]
    sure: Sure

    def holds(self, said: Text, around: Text, above: Text) -> bool:
        """said: the sentence, with its lead. around: with what stands before it. above: what heads it."""
        return (
            all(one.fits(said) for one in self.all)
            and all(one.fits(around) for one in self.near)
            and all(one.fits(above) for one in self.under)
            and not any(one.fits(said) for one in self.none)
        )


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """The rules of each language."""
    words = msgspec.toml.decode(tables.rules(), type=Words)
    return {language: tuple(map(ready, in_order(lines))) for language, lines in words.rule.items()}


def in_order(lines: tuple[Line, ...]) -> list[Line]:
    """Last those that say whether a sentence is about data, which is asked only of what has a topic."""
    return sorted(lines, key=lambda one: one.topic == OF_DATA)


def ready(line: Line) -> Rule:
    """A rule of a line."""
    several = (line.all, line.near, line.under, line.none)
    all_, near, under, none = (tuple(map(expression, some)) for some in several)
    sure = Sure.WIDE if line.wide else Sure.PLACED if line.under else Sure.STRICT
    return Rule(line.topic, all_, near, under, none, sure)


def expression(written: str) -> Expression:
    """An expression, for small letters where it names nobody; what is escaped (`\\S`) stays."""
    if NAMES in written:
        return Expression(re.compile(written, FLAGS), named=True)
    small = LETTERS.sub(lambda one: one[0] if one[0].startswith("\\") else one[0].lower(), written)
    return Expression(re.compile(small), named=False)


def topics(sentences: tuple[Sentence, ...], of: tuple[Rule, ...]) -> dict[str, dict[Sentence, Sure]]:
    """The sentences of each topic, in their order, and how sure its rules are.

    A sentence that is about something else has that topic and no other; one about cookies has none of those
    that are about a device's data.
    """
    found: dict[str, dict[Sentence, Sure]] = {}
    before = ["", ""]
    for one in sentences:
        for topic, sure in of_one(one, before, of).items():
            found.setdefault(topic, {})[one] = sure
        before = ["", ""] if one.head else [before[1], one.text]
    return found


def texted(text: str) -> Text:
    """A text with its small letters."""
    return Text(text, text.lower())


def of_one(one: Sentence, before: list[str], of: tuple[Rule, ...]) -> dict[str, Sure]:
    """The topics of a sentence. before: the texts of the two before it."""
    plain = one.said.replace("_", " ")  # Markdown's signs of emphasis
    said = texted(plain)
    around = texted(" ".join((one.heading, *before, plain)))
    above = texted(f"{one.heading} {one.lead}")
    found: dict[str, Sure] = {}
    for rule in of:
        if one.head and rule.topic not in IN_HEADINGS:
            continue
        known = found.get(rule.topic)
        if rule.topic == OF_DATA and (known is Sure.STRICT or not found):
            continue
        if (known is None or rule.sure < known) and rule.holds(said, around, above):
            found[rule.topic] = rule.sure
    if ELSEWHERE in found:
        return {ELSEWHERE: found[ELSEWHERE]}
    if COOKIES in found:
        return {topic: sure for topic, sure in found.items() if not topic.startswith(OF_A_DEVICE)}
    return found
