"""Which elements nobody sees: not shown, of no size, out of the window, or in the colour of the page.

By their own style and by simple rules of style sheets in the page (`.class`, `#id`); what scripts and other
style sheets do is not known.
"""

import re
from collections.abc import Iterator, Mapping

GONE = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{4,}px|color\s*:\s*transparent)",
    re.IGNORECASE,
)
COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!}]{1,40})", re.IGNORECASE)
GROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!}]{1,60})", re.IGNORECASE)
WHITE = re.compile(
    r"#f{3}(?:f{3})?\b|#fefefe\b|white\b|rgba?\(\s*25[45]\s*,\s*25[45]\s*,\s*25[45]\b", re.IGNORECASE
)
NO_GROUND = re.compile(r"none\b|transparent\b|inherit\b|initial\b|unset\b", re.IGNORECASE)
SHEET = re.compile(r"<style[^>]{0,200}>", re.IGNORECASE)
SIMPLE = re.compile(r"[.#][\w-]{1,60}")
LONGEST_SHEET = 64_000
MOST_SHEETS = 8
LONGEST_STYLE = 2000


class Hiding:
    """What hides in one document."""

    def __init__(self, document: str) -> None:
        self._sheets = list(sheets(document))
        styles = "".join(self._sheets) + "".join(
            re.findall(r'style\s*=\s*"([^"<>]{1,500})', document[:200_000])
        )
        self._white_page = all(is_light(found[1]) for found in GROUND.finditer(styles))
        self._hidden = {
            one
            for sheet in self._sheets
            for names, style in rules(sheet)
            if self._is_hidden(style)
            for one in map(str.strip, names.split(","))
            if SIMPLE.fullmatch(one)
        }

    def hides(self, attributes: Mapping[str, str]) -> bool:
        """Whether an element with these attributes is not seen, and what is in it."""
        if "hidden" in attributes or self._is_hidden(attributes.get("style", "")):
            return True
        if not self._hidden:
            return False
        names = [f".{one}" for one in attributes.get("class", "").split()]
        return not self._hidden.isdisjoint([*names, f"#{attributes.get('id', '')}"])

    def _is_hidden(self, style: str) -> bool:
        if not style:
            return False
        if GONE.search(style):
            return True
        colour, ground = COLOUR.search(style), GROUND.search(style)
        if colour is None:
            return False
        if ground is not None:
            return colour[1].strip().lower() == ground[1].strip().lower() or (
                bool(WHITE.match(colour[1])) and bool(WHITE.match(ground[1]))
            )
        return self._white_page and WHITE.match(colour[1]) is not None


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


def is_light(ground: str) -> bool:
    """Whether a background is white, or none."""
    return WHITE.match(ground) is not None or NO_GROUND.match(ground) is not None
