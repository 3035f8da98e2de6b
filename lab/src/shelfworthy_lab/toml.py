"""Write the few shapes of TOML the lab needs (the standard library only reads it)."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence

Value = str | bool | int | dt.date | list[str]
Table = Mapping[str, Value]


def tables(parts: Sequence[tuple[str, Table]]) -> str:
    """Tables under their headers, in order: `("[product]", {…})`, `("[[surface]]", {…})`; "" is the top."""
    return "\n".join(_table(header, content) for header, content in parts)


def _table(header: str, content: Table) -> str:
    lines = [header] if header else []
    lines += [f"{key} = {_value(value)}" for key, value in content.items()]
    return "\n".join(lines) + "\n"


def _value(value: Value) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)  # strings, numbers, booleans and lists of them look the same
