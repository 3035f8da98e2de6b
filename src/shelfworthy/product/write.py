"""Write a product as the TOML people read; `read_product` gives the same product back."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct

from shelfworthy.model import Product


def product_toml(product: Product) -> str:
    """The product file of a product. Keys at their default are left out."""
    parts = [_table("[product]", _said(product.product))]
    for heading, records in (
        ("unit", product.unit),
        ("surface", product.surface),
        ("permission", product.permission),
        ("declaration", product.declaration),
    ):
        parts += [_table(f"[[{heading}]]", _said(record)) for record in records]
    return "\n".join(parts)


def _said(record: Struct) -> Mapping[str, Any]:
    """What a record says beyond its defaults, a surface's kind first after its id."""
    defaults = {field.name: field.default for field in msgspec.structs.fields(record)}
    said = {
        name: getattr(record, name)
        for name in record.__struct_fields__
        if getattr(record, name) != defaults[name] and getattr(record, name) is not None
    }
    tag = record.__struct_config__.tag
    if tag is not None:
        said = {"id": said.pop("id"), "kind": tag, **said}
    return said


def _table(heading: str, said: Mapping[str, Any]) -> str:
    return "\n".join([heading, *_lines(said), ""])


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    for key, value in said.items():
        yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:  # noqa: ANN401 - any TOML value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)
