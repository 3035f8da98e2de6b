"""A catalogue that somebody hands in, CSV or JSON lines, as rows and mistakes: whatever the bytes are. Pure.

What this module holds to:
- Each line that is not blank becomes a row, or a mistake with its line and reason; a bad one takes no other
  with it. A quote that nobody closes costs its own line only.
- Nothing grows with the file but the set of SKUs that were there: `read` yields as it goes.
- A file is UTF-8 or what a German Excel writes (Windows-1252), never both: its first line that is not plain
  ASCII says which.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Protocol

import msgspec

from shelfworthy.product.mistakes import nearest, quoted
from shelfworthy.shelf.catalogue.cells import COLUMNS, NEEDED, Harm, Mistake, Row, row

FILE_BYTES = 512 << 20
LINE_BYTES = 64 << 10
LINES_OF_A_ROW = 50  # in quotes
COLUMNS_MOST = 100
SEPARATORS = ";,\t|"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
BOM = b"\xef\xbb\xbf"
FORMULA = ("=", "+", "-", "@", "'")  # what a spreadsheet does not take for text


class Form(StrEnum):
    """How a catalogue is written."""

    CSV = "csv"
    JSONL = "jsonl"


class Lines(Protocol):
    """What can be read line by line, in bytes: a file, an upload, the body of a request."""

    def readline(self, size: int = -1, /) -> bytes: ...


def read(file: Lines, form: Form) -> Iterator[Row | Mistake]:
    """Rows and mistakes in the order of the file. The last one may be a mistake of `Harm.REST`: then what
    follows was not read."""
    seen: dict[str, int] = {}
    for one in (_csv if form is Form.CSV else _json)(_Text(file)):
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


class _Text:
    """The lines of a file with their numbers, as text or the mistake why not."""

    def __init__(self, file: Lines) -> None:
        self._file, self._number, self._bytes = file, 0, 0
        self._encoding, self._since = "", 0
        self._again: list[tuple[int, str | Mistake]] = []

    def __iter__(self) -> Iterator[tuple[int, str | Mistake]]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> tuple[int, str | Mistake] | None:
        """The next line, or None at the end. After a mistake of `Harm.REST` there is none."""
        if self._again:
            return self._again.pop()
        if self._bytes > FILE_BYTES:
            return None
        content = self._file.readline(LINE_BYTES + 1)
        if not content:
            return None
        self._number += 1
        return self._number, self._read(content)

    def back(self, lines: list[tuple[int, str | Mistake]]) -> None:
        """Lines that were taken in vain: they come again."""
        self._again += reversed(lines)

    def _read(self, content: bytes) -> str | Mistake:
        number = self._number
        self._bytes += len(content)
        if len(content) > LINE_BYTES and not content.endswith(b"\n"):
            self._skip()
            return Mistake(line=number, reason=f"The line is longer than {LINE_BYTES} bytes.")
        if self._bytes > FILE_BYTES:
            reason = f"The file is larger than {FILE_BYTES >> 20} MiB; what begins here was not read."
            return Mistake(line=number, reason=reason, harm=Harm.REST)
        if number == 1:
            if content.startswith(UTF16):
                self._bytes = FILE_BYTES + 1
                reason = "The file is written in UTF-16. Save it as “CSV UTF-8”."
                return Mistake(line=1, reason=reason, harm=Harm.REST)
            if content.startswith(BOM):
                content, self._encoding, self._since = content[len(BOM) :], "utf-8", 1
        return self._decoded(content)

    def _decoded(self, content: bytes) -> str | Mistake:
        number = self._number
        if b"\0" in content:
            return Mistake(line=number, reason="The line holds a NUL byte.")
        if content.isascii():
            return content.decode("ascii")
        found = "utf-8"
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            found = "cp1252"
            text = ""
        if not self._encoding:
            self._encoding, self._since = found, number
        if found != self._encoding:
            other = f"the file is {_called(self._encoding)} since line {self._since}"
            return Mistake(line=number, reason=f"The line is not written as the others: {other}.")
        if found == "cp1252":
            try:
                text = content.decode(found)
            except UnicodeDecodeError:
                return Mistake(line=number, reason="The line is neither UTF-8 nor Windows-1252.")
        return text

    def _skip(self) -> None:
        """Over the rest of a line."""
        while self._bytes <= FILE_BYTES:
            content = self._file.readline(LINE_BYTES)
            self._bytes += len(content)
            if not content or content.endswith(b"\n"):
                return


def _called(encoding: str) -> str:
    return "UTF-8" if encoding == "utf-8" else "Windows-1252"


def _csv(lines: _Text) -> Iterator[Row | Mistake]:
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
        if not any(record):
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


def _header(lines: _Text) -> tuple[int, list[str], str] | Mistake:
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


def _records(lines: _Text, separator: str) -> Iterator[tuple[int, list[str] | Mistake]]:
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


def _rest(lines: _Text, separator: str) -> list[str] | None:
    """The further lines of a row whose quote is open; None where none of the next closes it."""
    taken: list[tuple[int, str | Mistake]] = []
    found: list[str] = []
    while len(taken) < LINES_OF_A_ROW and (line := lines.next()) is not None:
        taken.append(line)
        text = line[1]
        if isinstance(text, Mistake):
            break
        found.append(text)
        if not _opens(text, separator, True):
            return found
    lines.back(taken)
    return None


def _opens(text: str, separator: str, opened: bool) -> bool:
    """Whether a quote is open at the end of a line, as RFC 4180 has it. opened: whether one was before."""
    place = 0
    while True:
        if opened:
            place = text.find('"', place)
            if place < 0:
                return True
            if text[place + 1 : place + 2] == '"':
                place += 2
                continue
            opened, place = False, place + 1
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


def _json(lines: _Text) -> Iterator[Row | Mistake]:
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
