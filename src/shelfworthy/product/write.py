"""Write a product file: only what differs from the defaults, in the order people read it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from shelfworthy.model import Product

NO_COMMENTS: Mapping[str, str] = {}


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
    """A record as a TOML table.

    comments: by key, written behind the value; such a key is always written, behind a "#" where the answer
    is left to people.
    """
    lines = [header]
    for key, value, default in _keys(record):
        if key in comments and value is None:
            lines.append(f"# {key} =  # {comments[key]}")
        elif key in comments:
            lines.append(f"{key} = {_value(value)}  # {comments[key]}")
        elif value != default:
            lines.append(f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _keys(record: msgspec.Struct) -> Iterator[tuple[str, object, object]]:
    """Key, value and default: what is required first, with the kind of a surface behind its id."""
    fields = sorted(msgspec.structs.fields(record), key=lambda field: not field.required)
    tag = record.__struct_config__.tag
    for place, field in enumerate(fields):
        if place == 1 and isinstance(tag, str):
            yield str(record.__struct_config__.tag_field), tag, None
        yield field.encode_name, getattr(record, field.name), field.default


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():  # its values: text for a word of ours too
            # A TOML basic string escapes as JSON does, and DEL besides.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
        case date():
            return value.isoformat()
    return str(value)
