"""What an observation holds, as rows of path and value, with those that decided a finding marked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum

from msgspec import Struct

from shelfworthy.model import Cause, Field, NotLooked, Observation, Place, Quote, digest
from shelfworthy.report.clean import inline, plain
from shelfworthy.report.words import words
from shelfworthy.seen import AnySeen

MOST = 60  # rows shown of one observation, decisive or not
SHOWN_WHOLE = 16  # rows; an observation of so few is not folded
ON_ONE_LINE = 160  # characters of a small record that stands in a list


NESTED = (Struct, Mapping, tuple, list, bytes)


class Row(Struct, frozen=True):
    """One field. path: as places name it. value: for people. before, marked, after: a quote in it."""

    path: str
    value: str
    decisive: bool = False
    before: str = ""
    marked: str = ""
    after: str = ""


class Sheet(Struct, frozen=True):
    """The rows of one observation: all of a short one, else some that decide; rest: to fold away.

    left_out: how many more there are.
    """

    rows: tuple[Row, ...]
    rest: tuple[Row, ...]
    left_out: int


def sheet(
    observation: Observation[AnySeen], places: Sequence[Place], without: re.Pattern[str] | None = None
) -> Sheet:
    """The fields of an observation; places: what findings from it point at; without: paths left out."""
    rows = [
        _marked(path, value, places)
        for path, value in flat(observation.seen)
        if without is None or without.search(path) is None
    ]
    if len(rows) <= SHOWN_WHOLE:
        return Sheet(tuple(rows), (), 0)
    decisive = [row for row in rows if row.decisive]
    firsts = {_first(rows, place) for place in places}
    ahead = [row for row in decisive if row.path in firsts][:MOST]
    ahead += [row for row in decisive if row.path not in firsts][: max(0, SHOWN_WHOLE - len(ahead))]
    shown = {row.path for row in ahead}
    rest = [row for row in rows if row.path not in shown]
    return Sheet(
        rows=tuple(row for row in rows if row.path in shown),
        rest=tuple(rest[:MOST]),
        left_out=max(0, len(rest) - MOST),
    )


def flat(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and readable value of every leaf, as they stand in the JSON of the observation."""
    match value:
        case NotLooked(cause=cause):
            why = "" if cause is Cause.NOBODY_LOOKED else f": {words().cause[cause]}"
            yield path, f"not looked{why}"
        case Struct():
            tag = value.__struct_config__.tag
            if path and tag is not None:
                yield f"{path}.kind", str(tag)
            for name in value.__struct_fields__:
                yield from flat(getattr(value, name), f"{path}.{name}" if path else name)
        case Mapping():
            for key in sorted(value, key=str):
                yield from flat(value[key], f"{path}.{key}")
            if not value:
                yield path, "none"
        case tuple() | list() if any(isinstance(one, NESTED) for one in value):
            for number, one in enumerate(value):
                yield from _item(one, f"{path}.{number}")
        case tuple() | list():
            yield path, ", ".join(leaf(one) for one in value) or "none"
        case _:
            yield path, leaf(value)


def _item(value: object, path: str) -> Iterator[tuple[str, str]]:
    """An item of a list: a small record on one line, anything else as it is."""
    rows = list(flat(value, path))
    if isinstance(value, Struct) and all(name != path for name, _ in rows):
        line = " · ".join(f"{name.removeprefix(path)[1:]}: {said}" for name, said in rows)
        if len(line) <= ON_ONE_LINE:
            rows = [(path, line)]
    yield from rows


def leaf(value: object) -> str:
    """One value as people read it; bytes as length and hash, never themselves."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "nothing"
        case "":
            return "empty"
        case bytes():
            return f"{len(value):,} bytes, SHA-256 {digest(value)}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S} UTC"
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def anchor(path: str) -> str:
    """The path as the end of an HTML id: letters, digits, `.`, `-` and `_` only."""
    return re.sub(r"[^0-9A-Za-z._-]", "_", path[:120])


def target(shown: Sheet, place: Place | None) -> str:
    """The path of the first row shown that the place points at; "" if there is none."""
    return _first((*shown.rows, *shown.rest), place) if place is not None else ""


def _first(rows: Sequence[Row], place: Place) -> str:
    return next((row.path for row in rows if _points_at(place, row.path)), "")


def _marked(path: str, value: str, places: Iterable[Place]) -> Row:
    for place in places:
        if isinstance(place, Quote) and place.path == path:
            end = place.start + len(place.text)
            return Row(
                path=path,
                value=plain(value),
                decisive=True,
                before=inline(value[max(0, place.start - 120) : place.start]),
                marked=inline(place.text),
                after=inline(value[end : end + 120]),
            )
    return Row(path=path, value=plain(value), decisive=any(_points_at(place, path) for place in places))


def _points_at(place: Place, path: str) -> bool:
    """Whether the place names the field, something that holds it, or something in it."""
    named = place.path
    match place:
        case Field() | Quote():
            return path == named or path.startswith(f"{named}.") or named.startswith(f"{path}.")
