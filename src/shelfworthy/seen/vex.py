"""What a maker says of known flaws in its product: OpenVEX and the VEX part of CycloneDX, both JSON.

Pure: the product file is checked by it, and checks read by it what was supplied with the evidence.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

MOST = 20_000  # statements
LONGEST = 200  # characters of any text
# Words of CycloneDX for those of OpenVEX.
STATES = {
    "not_affected": "not_affected",
    "false_positive": "not_affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "exploitable": "affected",
    "in_triage": "under_investigation",
}
STATUSES = frozenset(STATES.values())


class Statement(Struct, frozen=True):
    """What somebody says of a flaw. status: a word of OpenVEX. names: other names of the flaw. author: ""
    where nobody stands for it. because: the justification, and more words where there are.
    """

    names: tuple[str, ...]
    status: str
    author: str
    because: str


class NoVex(Exception):
    """It is neither, in words."""


def statements(content: bytes) -> tuple[Statement, ...]:
    """All that a file says, in its order. Raises NoVex."""
    try:
        said = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise NoVex(f"it is no JSON ({wrong})") from None
    if isinstance(said, dict) and "openvex" in str(said.get("@context")):
        found = _openvex(said)
    elif isinstance(said, dict) and said.get("bomFormat") == "CycloneDX":
        found = _cyclonedx(said)
    else:
        raise NoVex("it is neither OpenVEX nor CycloneDX")
    several = tuple(one for one, _ in zip(found, range(MOST), strict=False))
    if not several:
        raise NoVex("it says nothing about any flaw")
    return several


def _openvex(said: Mapping[str, Any]) -> Iterator[Statement]:
    """https://github.com/openvex/spec: the author of the document stands for every statement in it."""
    author = _text(said.get("author"))
    for one in _items(said.get("statements")):
        flaw = one.get("vulnerability")
        named = flaw if isinstance(flaw, dict) else {"name": flaw}
        names = [_text(named.get("name")), _text(named.get("@id"))]
        aliases = named.get("aliases")
        names += map(_text, aliases if isinstance(aliases, list) else ())
        because = _joined(one.get("justification"), one.get("impact_statement"))
        yield from _statement(names, _text(one.get("status")), _text(one.get("supplier")) or author, because)


def _cyclonedx(said: Mapping[str, Any]) -> Iterator[Statement]:
    """https://cyclonedx.org/capabilities/vex/: who made the document stands for it."""
    about = said.get("metadata")
    author = _author(about) if isinstance(about, dict) else ""
    for one in _items(said.get("vulnerabilities")):
        analysis = one.get("analysis")
        if isinstance(analysis, dict):
            because = _joined(analysis.get("justification"), analysis.get("detail"))
            status = STATES.get(_text(analysis.get("state")), "")
            yield from _statement([_text(one.get("id"))], status, author, because)


def _author(about: Mapping[str, Any]) -> str:
    several = [
        *_items(about.get("authors")),
        about.get("manufacturer"),
        about.get("manufacture"),
        about.get("supplier"),
    ]
    return next((name for one in several if isinstance(one, dict) and (name := _text(one.get("name")))), "")


def _statement(names: list[str], status: str, author: str, because: str) -> Iterator[Statement]:
    told = tuple(dict.fromkeys(name.rpartition("/")[2] for name in names if name))
    if told and status in STATUSES:
        yield Statement(told, status, author, because)


def _joined(word: object, more: object) -> str:
    first, rest = _text(word).replace("_", " "), _text(more)
    return f"{first}: {rest}"[:LONGEST] if first and rest else first or rest


def _text(value: object) -> str:
    """A text on one line, without what a terminal would obey."""
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST]


def _items(several: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(several, list):
        yield from (one for one in several if isinstance(one, dict))
