"""Does a TOML table have the shape of a record? Asked of the records themselves: there is no other schema.

Unlike `msgspec.convert`, which stops at the first mistake, this walks on and reports all of them, and
gives back what was good, so that its meaning can be looked at too.
"""

import math
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from msgspec import inspect

from shelfworthy.product.lines import KeyPath
from shelfworthy.product.mistakes import nearest, quoted

# path, found, expected, nearest
Report = Callable[[KeyPath, str, str, str], None]

BAD = object()  # stands where nothing good was found
LONGEST = 1000  # items of a list
PROSE = ("because", "quote")  # keys whose text may go over several lines
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # text that shows as other text

SCALARS: tuple[tuple[type[inspect.Type], type, str], ...] = (
    (inspect.StrType, str, "text in quotes"),
    (inspect.BoolType, bool, "true or false, without quotes"),
    (inspect.IntType, int, "a whole number, without quotes"),
    (inspect.DateType, date, "a date without quotes: 2027-12-31"),
)


def fit(table: Mapping[str, object], record: type, report: Report) -> dict[str, Any]:
    """The parts of a TOML file that fit a record type, by key; `BAD` where nothing does."""
    good: dict[str, Any] = _fit(table, _shape(record), (), report)
    return good


@cache
def _shape(record: type) -> inspect.Type:
    return inspect.type_info(record)


def _fit(value: object, wanted: inspect.Type, path: KeyPath, report: Report) -> Any:  # noqa: ANN401
    match wanted:
        case inspect.UnionType():
            return _union(value, wanted, path, report)
        case inspect.StructType():
            return _struct(value, wanted, path, report)
        case inspect.VarTupleType():
            return _several(value, wanted, path, report)
        case inspect.EnumType():
            return _word(value, wanted, path, report)
        case inspect.DictType():
            return _mapping(value, wanted, path, report)
        case inspect.AnyType():
            return _json(value, path, report)
    return _scalar(value, wanted, path, report)


def _scalar(value: object, wanted: inspect.Type, path: KeyPath, report: Report) -> object:
    python, words = next((python, words) for kind, python, words in SCALARS if isinstance(wanted, kind))
    # bool is an int and datetime a date for Python, not for people.
    fits = type(value) is python
    if not fits:
        report(path, f"{_shown(value)} does not belong here", f"Expected {words}.", "")
        return BAD
    if isinstance(value, str) and (strange := _strange(value, path)):
        report(path, f"{quoted(value)} holds {strange}", "Expected text that shows as what it is.", "")
        return BAD
    return value


def _mapping(value: object, wanted: inspect.DictType, path: KeyPath, report: Report) -> object:
    """A table whose keys people choose."""
    if not isinstance(value, Mapping):
        return _no_table(value, path, report)
    found = {key: _fit(inner, wanted.value_type, (*path, key), report) for key, inner in value.items()}
    return {key: inner for key, inner in found.items() if inner is not BAD}


def _json(value: object, path: KeyPath, report: Report) -> object:
    """Whatever JSON can say, too."""
    match value:
        case Mapping():
            inside = {key: _json(inner, (*path, key), report) for key, inner in value.items()}
            return {key: inner for key, inner in inside.items() if inner is not BAD}
        case list():
            found = [_json(inner, (*path, number), report) for number, inner in enumerate(value)]
            return [inner for inner in found if inner is not BAD]
        case str() if strange := _strange(value, path):
            report(path, f"{quoted(value)} holds {strange}", "Expected text that shows as what it is.", "")
        case str() | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case _:
            expected = "Expected text, a number, true or false, a list or a table."
            report(path, f"{_shown(value)} does not belong here", expected, "")
    return BAD


def _word(value: object, wanted: inspect.EnumType, path: KeyPath, report: Report) -> object:
    return _one_of(value, [str(word.value) for word in wanted.cls], str(path[-1]), path, report)


def _one_of(value: object, words: list[str], what: str, path: KeyPath, report: Report) -> object:
    if isinstance(value, str) and value in words:
        return value
    article = "an" if what[0] in "aeiou" else "a"
    close = nearest(value, words) if isinstance(value, str) else ""
    report(path, f"{_shown(value)} is not {article} {what}", f"One of: {', '.join(words)}.", close)
    return BAD


def _union(value: object, wanted: inspect.UnionType, path: KeyPath, report: Report) -> Any:  # noqa: ANN401
    """`X | None`, where TOML says None by leaving the key out; or records told apart by their tag."""
    options = [option for option in wanted.types if not isinstance(option, inspect.NoneType)]
    if len(options) == 1:
        return _fit(value, options[0], path, report)
    tagged = {str(option.tag): option for option in options if isinstance(option, inspect.StructType)}
    tag_field = str(next(iter(tagged.values())).tag_field)
    if not isinstance(value, Mapping):
        return _no_table(value, path, report)
    if tag_field not in value:
        words = ", ".join(tagged)
        report((*path, tag_field), "it is missing", f'Write {tag_field} = "…" with one of: {words}.', "")
        return BAD
    tag = _one_of(value[tag_field], list(tagged), f"{tag_field} of {path[0]}", (*path, tag_field), report)
    return BAD if tag is BAD else _struct(value, tagged[str(tag)], path, report)


def _struct(value: object, wanted: inspect.StructType, path: KeyPath, report: Report) -> Any:  # noqa: ANN401
    if not isinstance(value, Mapping):
        return _no_table(value, path, report)
    fields = _fields(wanted.cls)
    good: dict[str, object] = {}
    for key, inner in value.items():
        if key not in fields and key != wanted.tag_field:
            allowed = [str(wanted.tag_field)] if wanted.tag_field else []
            allowed += sorted(fields, key=lambda name: not fields[name].required)
            expected = f"Allowed here: {', '.join(allowed)}."
            report((*path, key), "there is no such key", expected, nearest(key, allowed))
        elif key not in fields:
            good[key] = inner
        elif (fitted := _fit(inner, fields[key].type, (*path, key), report)) is not BAD:
            good[key] = fitted
    for name, field in fields.items():
        if field.required and name not in value:
            report((*path, name), "it is missing", f"Write {_example((*path, name), field.type)}.", "")
        if field.required and name not in good:
            good[name] = _stand_in(field.type)
    return good


@cache
def _fields(record: type) -> Mapping[str, inspect.Field]:
    shape = inspect.type_info(record)
    assert isinstance(shape, inspect.StructType)
    return {field.encode_name: field for field in shape.fields}


def _stand_in(wanted: inspect.Type) -> Any:  # noqa: ANN401
    """A harmless value for a required key that is missing or wrong: the rest of its table can be looked at.

    Its own mistake is reported, so no record that holds a stand-in ever leaves this package.
    """
    match wanted:
        case inspect.EnumType():
            return next(iter(wanted.cls))
        case inspect.DateType():
            return date.min
        case inspect.StrType():
            return ""
        case inspect.IntType():
            return 0
        case inspect.VarTupleType():
            return []
        case inspect.StructType():
            return {one.encode_name: _stand_in(one.type) for one in wanted.fields if one.required}
    return BAD


def _several(value: object, wanted: inspect.VarTupleType, path: KeyPath, report: Report) -> object:
    if isinstance(value, list) and len(value) > LONGEST:
        report(path, f"it has {len(value)} items", f"Expected at most {LONGEST}.", "")
        return BAD
    if isinstance(value, list):
        items = [_fit(item, wanted.item_type, (*path, number), report) for number, item in enumerate(value)]
        # The items of a section keep their places; those of a list within one have no names to be told by.
        return items if len(path) == 1 else [item for item in items if item is not BAD]
    if isinstance(value, Mapping):
        report(path, "it is written as a single table", f"Write [[{path[-1]}]], with double brackets.", "")
    else:
        report(path, f"{_shown(value)} does not belong here", "Expected a list in square brackets.", "")
    return BAD


def _no_table(value: object, path: KeyPath, report: Report) -> object:
    expected = f"Expected a table: {_header(path)} and its keys below."
    report(path, f"{_shown(value)} does not belong here", expected, "")
    return BAD


def _header(path: KeyPath) -> str:
    """How the table of this path begins: `[product]`, `[[surface]]`, `[surface.recipe]`."""
    name = ".".join(word for word in path if isinstance(word, str))
    return f"[[{name}]]" if isinstance(path[-1], int) else f"[{name}]"


def _example(path: KeyPath, wanted: inspect.Type) -> str:
    name = path[-1]
    match wanted:
        case inspect.StructType():
            return f"{_header(path)} and its keys below"
        case inspect.EnumType():
            return f'{name} = "…" with one of: {", ".join(str(word.value) for word in wanted.cls)}'
        case inspect.DateType():
            return f"{name} = 2027-12-31"
    return f'{name} = "…"'


def _strange(text: str, path: KeyPath) -> str:
    allowed = "\n\r\t" if path and path[-1] in PROSE else ""
    if any(unicodedata.category(c) == "Cc" and c not in allowed for c in text):
        return "a control character"
    return "a character that turns the direction of writing" if TURNING & set(text) else ""


def _shown(value: object) -> str:
    match value:
        case str():
            return quoted(value)
        case bool():
            return str(value).lower()
        case Mapping():
            return "a table"
        case list():
            return "a list"
        case datetime():
            return f"{value} with its time of day"
    return str(value)[:60]
