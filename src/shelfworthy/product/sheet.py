"""One TOML file being read: its text, what of it fits its record type, and the mistakes so far."""

import re
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path as File
from typing import Any, Generic, TypeVar

import msgspec

from shelfworthy.product.lines import KeyPath, line_at, lines_of
from shelfworthy.product.mistakes import BadFile, Mistake, quoted
from shelfworthy.product.shape import BAD, fit

LARGEST = 1 << 20  # bytes; a product file has a few thousand
MOST = 100  # mistakes; who reads more, and a hostile file could have a million
NAMES = ("id", "to", "requirement", "what")  # what an item of a list is called by in messages
BARE = re.compile(r"[\w-]{1,60}")
# A dotted key of 32 parts or more: `tomllib` takes memory with the square of its length. No key begins behind
# a backslash; saying so keeps the search from running over the same text again for each quote in it.
DEEP = re.compile(r"""(?<![\w\\-])(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""")

Wrong = tuple[str, str, str, str]  # key in its table (dotted in a table within it), found, expected, nearest
R = TypeVar("R")
T = TypeVar("T")


class Sheet(Generic[R]):
    """A TOML file on its way to a record. Raises BadFile at once if it is no TOML."""

    def __init__(self, text: str, file: str, record: type[R]) -> None:
        self._file = file
        self._type = record
        self._lines = lines_of(text)
        self._mistakes: dict[KeyPath, Mistake] = {}
        self._raw = _toml(text, file)
        self._good = fit(self._raw, record, self._report)

    def table(self, key: str, record: type[T]) -> T | None:
        """A table, or a single value, as what it is; None if there is none, or none that is good."""
        good = self._good.get(key, BAD)
        return None if good is BAD else msgspec.convert(good, record)

    def items(self, key: str, record: Any) -> list[tuple[KeyPath, Any]]:  # noqa: ANN401 - a union has no type
        """The good items of a list as records, with their paths."""
        items = enumerate(self._good.get(key, ()))
        return [((key, place), msgspec.convert(item, record)) for place, item in items if item is not BAD]

    def names(self, key: str) -> list[str]:
        """The `id` of each item of a list, "" for those without a good one."""
        return ["" if item is BAD else item["id"] for item in self._good.get(key, ())]

    def wrong(self, path: KeyPath, found: Iterable[Wrong]) -> None:
        """Note what is wrong with the meaning of a table, unless a key's shape was wrong already.

        A number in a dotted key is the place of an item in a list.
        """
        for key, *words in found:
            steps = (int(step) if step.isdigit() else step for step in key.split("."))
            self._report((*path, *steps) if key else path, *words)

    def record(self) -> R:
        """The record. Raises BadFile if there was any mistake."""
        if self._mistakes:
            raise BadFile(sorted(self._mistakes.values(), key=lambda mistake: mistake.line))
        return msgspec.convert(self._good, self._type)

    def _report(self, path: KeyPath, found: str, expected: str, nearest: str) -> None:
        if any(path[:depth] in self._mistakes for depth in range(1, len(path) + 1)):
            return  # it, or the table it stands in, was wrong already
        if len(self._mistakes) == MOST:
            found = f"it has more than {MOST} mistakes; these are the first"
            raise BadFile([*self._mistakes.values(), Mistake(file=self._file, found=found)])
        self._mistakes[path] = Mistake(
            file=self._file,
            line=line_at(self._lines, path),
            key=self._called(path),
            found=found,
            expected=expected,
            nearest=nearest,
        )

    def _called(self, path: KeyPath) -> str:
        """`surface.records.where`: dotted, an item of a list by its name if it has one, else `#2`."""
        words = [word if BARE.fullmatch(word) else quoted(word) for word in path if isinstance(word, str)]
        if len(path) > 1 and isinstance(path[1], int):
            words.insert(1, self._item(str(path[0]), path[1]))
        return ".".join(words)

    def _item(self, key: str, place: int) -> str:
        item = _list(self._raw[key])[place]
        named = item if isinstance(item, dict) else {}
        name = next((named[one] for one in NAMES if isinstance(named.get(one), str)), "")
        return name if name.isprintable() and 0 < len(name) < 60 else f"#{place + 1}"


def text_of(path: File) -> str:
    """The text of a file people write. Raises BadFile if it is none, or too large to be one."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _whole(path, "it is no file", "Expected a text file in TOML, for example product.toml.")
        if status.st_size > LARGEST:
            found = f"it has {status.st_size} bytes, and {LARGEST} are the most that is read"
            raise _whole(path, found, "Expected a small text file in TOML.")
        with path.open("rb") as file:
            return decoded(file.read(LARGEST), str(path))
    except OSError as error:
        raise _whole(path, f"it cannot be read ({error.strerror})", "") from None


def decoded(content: bytes, file: str) -> str:
    """The text of a file's content. Raises BadFile if it is none, or too large."""
    if len(content) > LARGEST:
        found = f"it has more than {LARGEST} bytes, the most that is read"
        raise _whole(file, found, "Expected a small text file in TOML.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _whole(file, f"byte {error.start} is not UTF-8", "Save it as UTF-8.") from None


def _toml(text: str, file: str) -> dict[str, object]:
    if deep := DEEP.search(text):
        line, found = text.count("\n", 0, deep.start()) + 1, "a key has more than 32 parts"
        raise BadFile([Mistake(file=file, line=line, found=found, expected="Expected at most two.")])
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError also for a number of thousands of digits
        says, line = str(error), 0
        if place := re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", says):
            says, line = says[: place.start()], int(place[1] or text.count("\n") + 1)
        found = f"this is not TOML: {says[:1].lower()}{says[1:200]}"
        expected = 'Expected lines like key = "text" under a [table] or [[list item]].'
        raise BadFile([Mistake(file=file, line=line, found=found, expected=expected)]) from None


def _whole(path: File | str, found: str, expected: str) -> BadFile:
    return BadFile([Mistake(file=str(path), found=found, expected=expected)])


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
