"""TOML read into records; a value of the wrong type is answered with its whole key."""

import re
import tomllib
from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)
STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")  # msgspec writes `[...]` for whatever name a table has


class RulesError(ValueError):
    """A rules file says what cannot be meant. The text has a line per mistake: file, key, what."""


def read_tables(text: str, shape: type[T], file: str) -> T:
    """The record a TOML text describes. Raises RulesError with file, key and what was expected."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise RulesError(f"{file}: {wrong}") from wrong
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as wrong:
        what, _, where = str(wrong).partition(" - at `$")
        key = _key(raw, shape, where.rstrip("`"), str(wrong))
        raise RulesError(f"{file}: {key}: {what}" if key else f"{file}: {what}") from wrong


def _key(raw: dict[str, Any], shape: type[T], where: str, said: str) -> str:
    """The key msgspec means, with the names of tables it leaves out: those that alone are as wrong."""
    names: list[str] = []
    key = ""
    for field, index in STEP.findall(where):
        if index == "...":
            names.append(next(name for name in _at(raw, names) if _said_of(raw, shape, names, name) == said))
            key += f".{names[-1]}"
        elif field:
            names.append(field)
            key += f".{field}"
        else:
            key += f"[{index}]"
            break  # lists here hold no tables: there is no name further in
    return key.lstrip(".")


def _at(raw: dict[str, Any], names: list[str]) -> dict[str, Any]:
    for name in names:
        raw = raw[name]
    return raw


def _said_of(raw: dict[str, Any], shape: type[T], names: list[str], only: str) -> str:
    """What msgspec says if the table at these names has this one entry only."""
    narrowed: dict[str, Any] = {only: _at(raw, names)[only]}
    for depth in range(len(names) - 1, -1, -1):
        narrowed = _at(raw, names[:depth]) | {names[depth]: narrowed}
    try:
        msgspec.convert(narrowed, shape)
    except msgspec.ValidationError as wrong:
        return str(wrong)
    return ""
