"""On which line of a TOML file a key stands.

`tomllib` does not tell, and a mistake without a line is a hunt.
"""

import re
from collections import Counter

KeyPath = tuple[str | int, ...]

HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+(?:\.[\w-]+)*)\s*\]\]?\s*(#.*)?")
DEEPEST = 8  # tables in tables that are told apart; a hostile header has thousands
KEY = re.compile(r"\s*([\w-]+)\s*=")
LONG_QUOTES = re.compile("\"\"\"|'''")


def lines_of(text: str) -> dict[KeyPath, int]:
    """Line by path: `("surface", 0)` is the first `[[surface]]`, `("surface", 0, "id")` a key in it,
    `("surface", 0, "recipe")` a `[surface.recipe]` behind it, `("surface", 0, "operation", 1)` the second
    `[[surface.operation]]`; `("surface",)` where the first of them begins.

    Knows tables and keys on lines of their own, as people write them; other spellings have no line.
    """
    found: dict[KeyPath, int] = {}
    lists: Counter[KeyPath] = Counter()
    table: KeyPath = ()
    inside = ""  # the quotes of the string that goes over several lines
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside:
            if header := HEADER.fullmatch(line.rstrip("\r")):
                table = ()
                words = header[2].split(".", DEEPEST)
                for place, word in enumerate(words, start=1):
                    table = (*table, word)
                    if header[1] == "[[" and place == len(words):
                        lists[table] += 1
                    found.setdefault(table, number)
                    if lists[table]:
                        table = (*table, lists[table] - 1)
                found.setdefault(table, number)
            elif key := KEY.match(line):
                found.setdefault((*table, key[1]), number)
        inside = _still_inside(line, inside)
    return found


def line_at(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of a path, or of the nearest table around it; 0 if that has none either."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _still_inside(line: str, inside: str) -> str:
    """The quotes of the long string a line ends in, "" if none."""
    if not inside and line.lstrip().startswith("#"):
        return ""
    for quotes in LONG_QUOTES.findall(line):
        if not inside:
            inside = quotes
        elif inside == quotes:
            inside = ""
    return inside
