"""Write a product file: only what differs from the defaults, in the order people read it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec
from msgspec import NODEFAULT

from shelfworthy.model import Product

NO_COMMENTS: Mapping[str, str] = {}
BARE = re.compile(r"[A-Za-z0-9_-]+")  # a key that needs no quotes


def product_toml(product: Product) -> str:
    """The product file of a product; `read_product` gives the same product back."""
    parts = []
    for section in Product.__struct_fields__:
        value = getattr(product, section)
        if isinstance(value, tuple):
            parts += [table(f"[[{section}]]", item) for item in value]
        else:
            parts.append(table(f"[{section}]", value))
    return "\n".join(parts)


def table(header: str, record: msgspec.Struct, comments: Mapping[str, str] = NO_COMMENTS) -> str:
    """A record as a TOML table, and records within it as tables below: `[surface.recipe]`, or
    `[[surface.operation]]` for each of several.

    comments: by key, written behind the value; such a key is always written, behind a "#" where the answer
    is left to people.
    """
    lines = [header]
    below = []
    for key, value, default in _keys(record):
        if key in comments and value is None:
            lines.append(f"# {key} =  # {comments[key]}")
        elif key in comments:
            lines.append(f"{key} = {_value(value)}  # {comments[key]}")
        elif value == default:
            continue
        elif isinstance(value, msgspec.Struct):
            below.append(table(f"[{header.strip('[]')}.{key}]", value))
        elif isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
            below += [table(f"[[{header.strip('[]')}.{key}]]", one) for one in value]
        else:
            lines.append(f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n" + "".join(below)


def _keys(record: msgspec.Struct) -> Iterator[tuple[str, object, object]]:
    """Key, value and default: what is required first, with the kind of a surface behind its id."""
    fields = sorted(msgspec.structs.fields(record), key=lambda field: not field.required)
    tag = record.__struct_config__.tag
    for place, field in enumerate(fields):
        if place == 1 and isinstance(tag, str):
            yield str(record.__struct_config__.tag_field), tag, None
        made = field.default_factory() if field.default_factory is not NODEFAULT else field.default
        yield field.encode_name, getattr(record, field.name), made


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():  # its values: text for a word of ours too
            # A TOML basic string escapes as JSON does, and DEL besides.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
        case date():
            return value.isoformat()
        case msgspec.Struct():
            return _value({key: one for key, one, default in _keys(value) if one != default})
        case Mapping():
            inside = ", ".join(f"{_key(str(key))} = {_value(one)}" for key, one in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case tuple() | list():
            return f"[{', '.join(_value(one) for one in value)}]"
    return str(value)


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _value(name)
