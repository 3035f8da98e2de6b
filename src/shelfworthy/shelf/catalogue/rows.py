"""A catalogue that somebody hands in, CSV or JSON lines, as rows and mistakes: whatever the bytes are. Pure.

What this module holds to:
- Each line that is not blank becomes a row, or a mistake with its line and reason; a bad one takes no other
  with it. A quote that nobody closes costs its own line only.
- Nothing grows with the file but the set of SKUs that were there: `read` yields as it goes.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from shelfworthy.product.mistakes import nearest, quoted
from shelfworthy.shelf.catalogue.cells import COLUMNS, NEEDED, Harm, Mistake, Row, row
from shelfworthy.shelf.catalogue.lines import Lines, Text

LINES_OF_A_ROW = 50  # in quotes
COLUMNS_MOST = 100
SEPARATORS = ";,\t|"
FORMULA = ("=", "+", "-", "@", "'")  # what a spreadsheet does not take for text


class Form(StrEnum):
    """How a catalogue is written."""

    CSV = "csv"
    JSONL = "jsonl"


def read(file: Lines, form: Form) -> Iterator[Row | Mistake]:
    """Rows and mistakes in the order of the file. The last one may be a mistake of `Harm.REST`: then what
    follows was not read."""
    seen: dict[str, int] = {}
    for one in (_csv if form is Form.CSV else _json)(Text(file)):
        if isinstance(one, Row):
            first = seen.setdefault(one.sku, one.line)
            if first != one.line:
                reason = f"sku: {quoted(one.sku)} is already on line {first}."
                yield Mistake(line=one.line, reason=reason, sku=one.sku)
                continue
        yield one


def as_cell(text: str) -> str:
    """Text for a CSV file that a spreadsheet will open: what looks like a formula is quoted by `'`."""
    return f"'{text}" if text.startswith((*FORMULA, "\t", "\r")) else text


def from_cell(text: str) -> str:
    """The text that `as_cell` wrote."""
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA and len(text) > 1 else text


def _csv(lines: Text) -> Iterator[Row | Mistake]:
    header = _header(lines)
    if isinstance(header, Mistake):
        yield header
        return
    number, names, separator = header
    for name in names:
        if name and name not in COLUMNS:
            yield Mistake(line=number, reason=_unknown(name), harm=Harm.COLUMN)
    given = frozenset(names) & frozenset(COLUMNS)
    for number, record in _records(lines, separator):
        if isinstance(record, Mistake):
            yield record
            continue
        if not any(cell.strip() for cell in record):
            continue
        while len(record) > len(names) and not record[-1].strip():
            record.pop()
        cells = {
            name: from_cell(cell.strip()) for name, cell in zip(names, record, strict=False) if name in given
        }
        if len(record) != len(names):
            found = row(number, cells)
            reason = f"There are {len(record)} cells, the first line names {len(names)}."
            yield Mistake(line=number, reason=reason, sku=found.sku)
            continue
        yield row(number, cells, given)


def _unknown(name: str) -> str:
    near = nearest(name, COLUMNS)
    return f"There is no column {quoted(name)}; it was not read." + (f" Did you mean {near}?" if near else "")


def _header(lines: Text) -> tuple[int, list[str], str] | Mistake:
    """The line of the names, the names, and what separates them."""
    separator = ""
    for number, text in lines:
        if isinstance(text, Mistake):
            return msgspec.structs.replace(text, harm=Harm.REST)
        if not text.strip():
            continue
        if number == 1 and text.startswith("sep=") and text[4:5] in SEPARATORS:
            separator = text[4]
            continue
        splits = {sign: _names(text, sign) for sign in separator or SEPARATORS}
        best = max(splits, key=lambda sign: len(set(splits[sign]) & set(COLUMNS)))
        return _checked(number, splits[best], best)
    return Mistake(line=1, reason=f"The file is empty. Expected the columns {_all()}.", harm=Harm.REST)


def _checked(number: int, names: list[str], separator: str) -> tuple[int, list[str], str] | Mistake:
    while names and not names[-1]:
        names.pop()
    if len(names) > COLUMNS_MOST:
        reason = f"The first line names {len(names)} columns, at most {COLUMNS_MOST} are read."
        return Mistake(line=number, reason=reason, harm=Harm.REST)
    for name in NEEDED:
        if name not in names:
            reason = f"The column {name} is missing. Expected in the first line: {_all()}."
            return Mistake(line=number, reason=reason, harm=Harm.REST)
    for name in COLUMNS:
        if names.count(name) > 1:
            return Mistake(line=number, reason=f"The column {name} is there twice.", harm=Harm.REST)
    return number, names, separator


def _names(text: str, separator: str) -> list[str]:
    cells = _split([text], separator)
    if isinstance(cells, str):
        return []
    return ["_".join(cell.casefold().replace("-", " ").replace("_", " ").split()) for cell in cells]


def _all() -> str:
    return ", ".join(COLUMNS)


def _records(lines: Text, separator: str) -> Iterator[tuple[int, list[str] | Mistake]]:
    """The cells of each row, with the line where it begins. A row goes on while a quote is open."""
    for number, text in lines:
        if isinstance(text, Mistake):
            yield number, text
            continue
        if '"' not in text:
            if text.strip():
                yield number, text.rstrip("\r\n").split(separator)
            continue
        parts = [text]
        if _opens(text, separator, False):
            more = _rest(lines, separator)
            if more is None:
                reason = "A quote is opened and not closed; the line was left out."
                yield number, Mistake(line=number, reason=reason)
                continue
            parts += more
        cells = _split(parts, separator)
        yield number, Mistake(line=number, reason=cells) if isinstance(cells, str) else cells


def _rest(lines: Text, separator: str) -> list[str] | None:
    """The further lines of a row whose quote is open; None where none of the next closes it."""
    taken: list[tuple[int, str | Mistake]] = []
    found: list[str] = []
    while len(taken) < LINES_OF_A_ROW and (line := lines.next()) is not None:
        taken.append(line)
        text = line[1]
        if isinstance(text, Mistake):
            break
        found.append(text)
        still = _opens(text, separator, True)
        if still is None:
            break
        if not still:
            return found
    lines.back(taken)
    return None


def _opens(text: str, separator: str, opened: bool) -> bool | None:
    """Whether a quote is open at the end of a line, as RFC 4180 has it. opened: whether one was before.

    None: the one before is not closed here as it should be; what closes it was meant to open another.
    """
    place, before = 0, opened
    while True:
        if opened:
            place = text.find('"', place)
            if place < 0:
                return True
            behind = text[place + 1 : place + 2]
            if behind == '"':
                place += 2
                continue
            if before and behind not in (separator, "\r", "\n", ""):
                return None
            opened, before, place = False, False, place + 1
        elif place == 0 and text.startswith('"'):
            opened, place = True, 1
            continue
        place = text.find(separator + '"', place)
        if place < 0:
            return False
        opened, place = True, place + 2


def _split(parts: list[str], separator: str) -> list[str] | str:
    """The cells of a row, or in words why not."""
    try:
        return next(csv.reader(io.StringIO("".join(parts), newline=""), delimiter=separator), [])
    except csv.Error as error:
        return f"The line cannot be read as CSV: {error}."


def _json(lines: Text) -> Iterator[Row | Mistake]:
    unknown: set[str] = set()
    for number, text in lines:
        if isinstance(text, Mistake):
            yield text
            continue
        if not text.strip():
            continue
        said = _object(text)
        if isinstance(said, str):
            yield Mistake(line=number, reason=said)
            continue
        for name in sorted(said.keys() - set(COLUMNS) - unknown)[: COLUMNS_MOST - len(unknown)]:
            unknown.add(name)
            yield Mistake(line=number, reason=_unknown(name), harm=Harm.COLUMN)
        yield row(number, {name: value for name, value in said.items() if name in COLUMNS})


def _object(text: str) -> Mapping[str, object] | str:
    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        return f"The line is no JSON: {str(error)[:200]}."
    return said if isinstance(said, dict) else "The line is no JSON object: expected {…}."
