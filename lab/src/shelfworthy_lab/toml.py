"""Write the few shapes of TOML the lab needs (the standard library only reads it)."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

Value = str | bool | int | dt.date | Sequence[str] | Sequence[Mapping[str, Any]] | Mapping[str, Any]
Table = Mapping[str, Value]


def tables(parts: Sequence[tuple[str, Table]]) -> str:
    """Tables under their headers, in order: `("[product]", {…})`, `("[[surface]]", {…})`; "" is the top.

    A table within one is written on its line, and one that holds tables itself under a header below. A list
    of tables is written below as well, but within one of those in its place.
    """
    return "\n".join(_table(header, content) for header, content in parts)


def _table(header: str, content: Table, depth: int = 0) -> str:
    below = {key: value for key, value in content.items() if isinstance(value, Mapping) and _deep(value)}
    lists = {key: value for key, value in content.items() if _tables(value) and not depth}
    lines = [header] if header else []
    lines += [f"{key} = {_value(value)}" for key, value in content.items() if key not in {*below, *lists}]
    inner = [_table(f"[{header.strip('[]')}.{key}]", value) for key, value in below.items()]
    for key, value in lists.items():
        inner += [_table(f"[[{header.strip('[]')}.{key}]]", each, depth + 1) for each in _tables(value)]
    return "\n".join(lines) + "\n" + "".join(inner)


def _deep(value: Mapping[str, Any]) -> bool:
    return any(isinstance(inner, Mapping) for inner in value.values())


def _tables(value: Value) -> list[Mapping[str, Any]]:
    """The tables of a list of tables; of anything else none."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _value(value: Value) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if several := _tables(value):
        return "[\n" + "".join(f"    {_value(one)},\n" for one in several) + "]"
    return json.dumps(value, ensure_ascii=False)  # strings, numbers, booleans and lists of them look the same
