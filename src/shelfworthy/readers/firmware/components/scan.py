"""Which components the bytes of one program, library or image show. All rules are looked for at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import yara_x

from shelfworthy.seen.components import Rule, rules

MOST = 64  # matches of one expression in one file that YARA tells of; where there may be more, we look
AROUND = 60  # bytes on each side of a version that `says` shows
LONGEST = 120  # characters of what is said


class Shown(NamedTuple):
    """A component in a file. version: "" where it does not tell, or tells two. says: the text around it."""

    name: str
    version: str
    says: str
    at: int
    length: int


def _source(number: int, rule: Rule) -> str:
    """One rule in YARA's words. Of what needs a text besides, only the text is looked for at first."""
    if rule.needs:
        texts = " ".join(f"$n{index} = {_text(one)}" for index, one in enumerate(rule.needs))
        return f"rule r{number} {{ strings: {texts} condition: all of them }}"
    shows = " ".join(f"$s{index} = /{_expression(one)}/s" for index, one in enumerate(rule.shows))
    return f"rule r{number} {{ strings: {shows} condition: any of them }}"


def _expression(shown: str) -> str:
    return re.sub(r"(?<!\\)/", r"\/", shown)


def _text(needed: str) -> str:
    return '"' + needed.replace("\\", "\\\\").replace('"', '\\"') + '"'


# Compiled as the module is imported: a confined child can import and write nothing once it runs.
BY_BYTES: Mapping[str, Rule] = {
    f"r{number}": rule for number, rule in enumerate(rules()) if rule.shows or rule.needs
}
SHOWS: Mapping[str, tuple[re.Pattern[bytes], ...]] = {
    identifier: tuple(re.compile(one.encode(), re.DOTALL) for one in rule.shows)
    for identifier, rule in BY_BYTES.items()
}


def _compiled() -> yara_x.Scanner:
    # As one source, which takes half the time of a hundred.
    sources = (_source(int(identifier[1:]), rule) for identifier, rule in BY_BYTES.items())
    scanner = yara_x.Scanner(yara_x.compile("\n".join(sources)))
    scanner.max_matches_per_pattern(MOST)
    return scanner


SCANNER = _compiled()


def shown(content: bytes) -> Iterator[Shown]:
    """Every component that a file's bytes show."""
    for match in SCANNER.scan(content).matching_rules:
        places = {
            pattern.identifier: [(one.offset, one.length) for one in pattern.matches]
            for pattern in match.patterns
        }
        yield _of(match.identifier, content, places)


def _of(identifier: str, content: bytes, places: Mapping[str, list[tuple[int, int]]]) -> Shown:
    """The first expression that tells one version decides; two different ones tell none."""
    rule = BY_BYTES[identifier]
    for index, expression in enumerate(SHOWS[identifier]):
        if expression.groups:
            told = _versions(expression, content, None if rule.needs else places.get(f"$s{index}", []))
            if told:
                version, (start, end) = min(told.items(), key=lambda one: one[1])
                only = version.decode("latin-1") if len(told) == 1 else ""
                return Shown(rule.name, only, around(content, start, end), start, end - start)
    at, length = min(place for several in places.values() for place in several)
    return Shown(rule.name, "", around(content, at, at + length), at, length)


def _versions(
    expression: re.Pattern[bytes], content: bytes, places: list[tuple[int, int]] | None
) -> dict[bytes, tuple[int, int]]:
    """The versions that an expression tells, and where first: of more than two of them, two.

    places: where it fits, None: to be found.
    """
    told: dict[bytes, tuple[int, int]] = {}
    matches: Iterable[re.Match[bytes] | None] = (
        expression.finditer(content)
        if places is None or len(places) >= MOST
        else (expression.match(content, at) for at, _ in places)
    )
    for match in matches:
        if match is not None:
            told.setdefault(match[1], match.span(1))
            if len(told) > 1:
                break
    return told


def around(content: bytes, start: int, end: int) -> str:
    """The printable text that bytes start..end lie in, at most `LONGEST` characters of it."""
    before = re.search(rb"[\x20-\x7e]*\Z", content[max(0, start - AROUND) : start])
    after = re.match(rb"[\x20-\x7e]*", content[end : end + AROUND])
    assert before is not None
    assert after is not None
    text = before[0] + content[start:end] + after[0]
    return re.sub(rb"[^\x20-\x7e]", b".", text).decode().strip()[:LONGEST]
