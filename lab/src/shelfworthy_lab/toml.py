"""Write the few shapes of TOML the lab needs (the standard library only reads it)."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

Value = str | bool | int | dt.date | list[str] | Mapping[str, Any]
Table = Mapping[str, Value]


def tables(parts: Sequence[tuple[str, Table]]) -> str:
    """Tables under their headers, in order: `("[product]", {…})`, `("[[surface]]", {…})`; "" is the top.

    A table within one is written on its line, and one that holds tables itself under a header below.
    """
    return "\n".join(_table(header, content) for header, content in parts)


def _table(header: str, content: Table) -> str:
    below = {key: value for key, value in content.items() if isinstance(value, Mapping) and _deep(value)}
    lines = [header] if header else []
    lines += [f"{key} = {_value(value)}" for key, value in content.items() if key not in below]
    tables_below = [_table(f"[{header.strip('[]')}.{key}]", value) for key, value in below.items()]
    return "\n".join(lines) + "\n" + "".join(tables_below)


def _deep(value: Mapping[str, Any]) -> bool:
    return any(isinstance(inner, Mapping) for inner in value.values())


def _value(value: Value) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)  # strings, numbers, booleans and lists of them look the same
