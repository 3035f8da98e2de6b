"""What an answer says, as a sentence: the check's own words filled with the facts.

Nothing here can crash a report: a check that is gone, a sentence it does not know, a fact that is missing
each give a sentence all the same.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from shelfworthy.checks import BY_ID
from shelfworthy.model import Check, Fact, Finding
from shelfworthy.report.clean import plain
from shelfworthy.report.words import Words, words

BLANK = re.compile(r"\{(\w*)[^{}]*\}")
ADVICE = 1200  # characters; what to write into which file can take several sentences
NAMES = frozenset({"port", "code", "status", "year", "line"})  # numbers that name rather than count


def sentence(finding: Finding, checks: Mapping[str, Check] = BY_ID, language: str = "en") -> str:
    """The sentence of a finding."""
    said = words(language)
    check = checks.get(finding.check)
    template = (check.says.get(finding.says) if check else None) or said.says.get(finding.says)
    if template is None:
        because = said.cause[finding.cause] if finding.cause else ""
        facts: dict[str, Fact] = {"says": finding.says.replace("-", " "), "cause": because}
        return filled(said.outcome[finding.outcome], facts, said)
    return filled(template, {"day": day(finding.seen_at), **finding.facts}, said)


def filled(template: str, facts: Mapping[str, Fact], said: Words | None = None) -> str:
    """The template with its blanks filled by facts, each cleaned and bounded."""
    said = said or words()

    def fill(blank: re.Match[str]) -> str:
        name = blank[1]
        return shown(name, facts[name], said) if name in facts else said.unknown

    return BLANK.sub(fill, template)


def shown(name: str, fact: Fact, said: Words) -> str:
    """One fact as people write it. name: decides whether a number counts something."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, int):
        return str(fact) if name in NAMES else f"{fact:,}"
    if isinstance(fact, str | float):
        return plain(str(fact))
    return listed([plain(one, 80) for one in fact], said)


def listed(items: Iterable[str], said: Words | None = None, most: int = 12) -> str:
    """`a, b and c`; beyond `most` only how many more there are."""
    said = said or words()
    all_items = list(items)
    if len(all_items) > most:
        all_items = [*all_items[:most], f"{len(all_items) - most:,} more"]
    *others, last = all_items or ["–"]
    return said.joined.format(most=", ".join(others), last=last) if others else last


def clip(text: str, most: int = 240) -> str:
    """Words of somebody else on one line, clean, with `…` where they go on."""
    line = plain(text, 4 * most)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def wanted(what: str) -> str:
    """What would change an answer, as a sentence of its own."""
    text = plain(what, ADVICE).rstrip(".")
    begins = text if "://" in text.partition(" ")[0] else f"{text[:1].upper()}{text[1:]}"
    return f"{begins}."


def day(moment: datetime) -> str:
    """`21 November 2026`, in UTC like everything we record."""
    return f"{moment.day} {moment:%B %Y}"
