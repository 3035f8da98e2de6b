"""A catalogue: one product a row, as CSV with a header line or as JSON Lines. Read as a stream.

A row is one line, so a broken one spoils no other. docs/catalogue.md tells the columns.
"""

import csv
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from shelfworthy.product.mistakes import BadFile, Mistake, nearest, quoted
from shelfworthy.product.pile import images
from shelfworthy.product.row import COLUMNS, NAME, PRODUCT, Row, Wrong, row

LONGEST = 1 << 16  # bytes of a row
CSV, JSONL = ".csv", ".jsonl"
ENDS = (CSV, JSONL)
BOM = b"\xef\xbb\xbf"

Cells = Mapping[str, object]


def rows(path: Path, requirements: Collection[str] = ()) -> Iterator[Row | BadFile]:
    """Each row as a product, or all that is wrong with it. requirements: see `read_product`.

    path: a file, or a folder of firmware images (`pile`).

    Raises BadFile where nothing of the file can be read: it is no catalogue, or its header is wrong.
    """
    if path.is_dir():
        yield from images(path)
        return
    _check(path)
    for line, cells in _csv(path) if path.suffix.lower() == CSV else _json_lines(path):
        found = cells if isinstance(cells, Wrong) else row(cells, line, path.parent, requirements)
        yield _bad(path, line, found) if isinstance(found, Wrong) else found


def _check(path: Path) -> None:
    if path.suffix.lower() not in ENDS:
        raise _whole(path, "it is no catalogue by its name", f"Expected it to end with {' or '.join(ENDS)}.")
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        raise _whole(path, f"it cannot be read ({error.strerror})", "") from None
    if not regular:
        raise _whole(path, "it is no file", "Expected a file: it is read more than once.")


def _lines(path: Path) -> Iterator[tuple[int, str | Wrong]]:
    """The lines that are not empty, with their numbers, from 1. However long one is, little of it is held."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            whole = len(line) <= LONGEST
            while line and not line.endswith(b"\n") and not whole:
                line = file.readline(LONGEST)
            if not whole:
                found = f"it has more than {LONGEST} bytes"
                yield number, Wrong.of("", found, "Expected one product on each line.")
                continue
            try:
                text = line.removeprefix(BOM if number == 1 else b"").decode().rstrip("\r\n")
            except UnicodeDecodeError as error:
                yield number, Wrong.of("", f"byte {error.start + 1} is not UTF-8", "Save it as UTF-8.")
                continue
            if text.strip():
                yield number, text


def _csv(path: Path) -> Iterator[tuple[int, Cells | Wrong]]:
    lines = _lines(path)
    first, text = next(lines, (1, ""))
    header = text if isinstance(text, Wrong) else _split(text)
    if not isinstance(header, Wrong):
        header = [name.strip() for name in header]
        wrong = _header(header)
        header = wrong if wrong.mistakes else header
    if isinstance(header, Wrong):
        raise _bad(path, first, header)
    for number, text in lines:
        cells = text if isinstance(text, Wrong) else _split(text)
        if isinstance(cells, Wrong):
            yield number, cells
        elif len(cells) > len(header):
            found = f"it has {len(cells)} cells, and the header names {len(header)} columns"
            yield number, Wrong.of("", found, 'Put a cell that holds a comma into quotes: "a, b".')
        else:
            yield number, {name: cell.strip() for name, cell in zip(header, cells, strict=False)}


def _split(text: str) -> list[str] | Wrong:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        expected = 'Expected cells with commas between them, on one line; a quote inside "…" is written "".'
        return Wrong.of("", f"it is not CSV: {str(error)[:100]}", expected)


def _header(names: Sequence[str]) -> Wrong:
    wrong = Wrong()
    for place, name in enumerate(names):
        if name not in COLUMNS:
            wrong.add(name or f"#{place + 1}", "there is no such column", _columns(), nearest(name, COLUMNS))
        elif name in names[:place]:
            wrong.add(name, "it is there twice", "Write all URLs into one cell, with a space between them.")
    if not wrong.mistakes and not {PRODUCT, NAME} & set(names):
        wrong.add("", "the header names neither product nor name", _columns())
    return wrong


def _json_lines(path: Path) -> Iterator[tuple[int, Cells | Wrong]]:
    for number, text in _lines(path):
        yield number, text if isinstance(text, Wrong) else _object(text)


def _object(text: str) -> Cells | Wrong:
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        expected = 'Expected an object: {"name": "…", "vendor": "…", "endpoint": "https://…"}.'
        return Wrong.of("", f"it is not JSON: {str(error)[:100]}", expected)
    if not isinstance(value, dict):
        return Wrong.of("", "it is no JSON object", 'Expected {"name": "…", …}.')
    wrong = Wrong()
    for name in value:
        if name not in COLUMNS:
            wrong.add(quoted(name), "there is no such column", _columns(), nearest(name, COLUMNS))
    return wrong if wrong.mistakes else value


def _columns() -> str:
    return f"Columns are: {', '.join(COLUMNS)}."


def _bad(path: Path, line: int, wrong: Wrong) -> BadFile:
    return BadFile(
        Mistake(file=str(path), line=line, key=key, found=found, expected=expected, nearest=near)
        for key, found, expected, near in wrong.mistakes
    )


def _whole(path: Path, found: str, expected: str) -> BadFile:
    return BadFile([Mistake(file=str(path), found=found, expected=expected)])
