"""Which elements nobody sees: not shown, of no size, out of the window, or coloured like what is behind them.

By their own style and by simple rules of style sheets in the page (`tag`, `.class`, `#id`); what scripts and
other style sheets do is not known.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

GONE = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:font-size|opacity)\s*:\s*0(?![.\d]*[1-9])"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{4,}px|color\s*:\s*transparent)",
    re.IGNORECASE,
)
COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!}]{1,40})", re.IGNORECASE)
GROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^;!}]{1,60})", re.IGNORECASE)
HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})", re.IGNORECASE)
NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
NO_GROUND = re.compile(r"none\b|transparent\b|inherit\b|initial\b|unset\b", re.IGNORECASE)
ALIKE = 12  # of 255, in each of red, green and blue
SHEET = re.compile(r"<style[^>]{0,200}>", re.IGNORECASE)
SIMPLE = re.compile(r"[.#]?[\w-]{1,60}")
LONGEST_SHEET = 64_000
MOST_SHEETS = 8
LONGEST_STYLE = 2000

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


class Look(Struct, frozen=True):
    """How an element looks. ground: its background; None where it has none, or, if not `known`, one that
    cannot be told."""

    gone: bool
    colour: Colour | None
    ground: Colour | None
    known: bool


SEEN = Look(gone=False, colour=None, ground=None, known=True)


class Hiding:
    """What hides in one document."""

    def __init__(self, document: str) -> None:
        self._rules: dict[str, str] = {}
        for sheet in sheets(document):
            for names, style in rules(sheet):
                for one in map(str.strip, names.split(",")):
                    if SIMPLE.fullmatch(one):
                        self._rules[one.lower()] = (self._rules.get(one.lower(), "") + ";" + style)[
                            -LONGEST_STYLE:
                        ]

    def page(self) -> Colour | None:
        """The background of the page, by rules for it; None where it cannot be told."""
        looks = [look_of(self._rules.get(tag, "")) for tag in ("body", "html")]
        if not all(one.known for one in looks):
            return None
        return next((one.ground for one in looks if one.ground), WHITE)

    def look(self, tag: str, attributes: Mapping[str, str]) -> Look:
        """How an element with these attributes looks."""
        if "hidden" in attributes:
            return Look(gone=True, colour=None, ground=None, known=True)
        style = attributes.get("style", "")
        if self._rules:
            names = [tag, *(f".{one}" for one in attributes.get("class", "").lower().split()[:20])]
            names.append(f"#{attributes.get('id', '').lower()}")
            style = ";".join([*filter(None, map(self._rules.get, names)), style])
        return look_of(style) if style.strip("; ") else SEEN


def look_of(style: str) -> Look:
    """What declarations make of an element; of several of a kind the last holds."""
    grounds = GROUND.findall(style)
    ground = colour_of(grounds[-1]) if grounds else None
    colours = COLOUR.findall(style)
    return Look(
        gone=GONE.search(style) is not None,
        colour=colour_of(colours[-1]) if colours else None,
        ground=ground,
        known=not grounds or ground is not None or NO_GROUND.match(grounds[-1].strip()) is not None,
    )


def colour_of(words: str) -> Colour | None:
    """A colour as it is written; None where it is no plain one."""
    if found := HEX.search(words):
        digits = found[1] if len(found[1]) == 6 else "".join(one * 2 for one in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := RGB.search(words):
        return int(found[1]), int(found[2]), int(found[3])
    return NAMED.get(words.strip().lower())


def alike(one: Colour | None, other: Colour | None) -> bool:
    """Whether nobody can tell two colours apart."""
    return (
        one is not None
        and other is not None
        and all(abs(a - b) <= ALIKE for a, b in zip(one, other, strict=True))
    )


def sheets(document: str) -> list[str]:
    """The style sheets in a page."""
    found = []
    for begin in SHEET.finditer(document):
        end = document.find("</", begin.end())
        found.append(document[begin.end() : end if end >= 0 else None][:LONGEST_SHEET])
        if len(found) == MOST_SHEETS:
            break
    return found


def rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and declarations of each rule, those inside of `@media` as well."""
    for rule in sheet.split("}"):
        before, _, style = rule.rpartition("{")
        yield before.rpartition("{")[2], style[:LONGEST_STYLE]
