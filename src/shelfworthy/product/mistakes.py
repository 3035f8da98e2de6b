"""Mistakes in a file people write: where, what was found, what was expected, the nearest right word."""

import difflib
from collections.abc import Iterable

from shelfworthy.model import Record


class Mistake(Record, frozen=True):
    """One mistake. line: from 1; 0 where it cannot be told. key: dotted, list items by their name.

    found: what is wrong, a sentence without its full stop. expected: what would be right, a whole sentence.
    nearest: the word that was probably meant.
    """

    file: str
    found: str
    line: int = 0
    key: str = ""
    expected: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        """The mistake on one line."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        says = f"{self.key}: {self.found}" if self.key else self.found
        meant = f'Did you mean "{self.nearest}"?' if self.nearest else ""
        return " ".join(part for part in (f"{where}: {says}.", meant, self.expected) if part)


class BadFile(Exception):
    """A file that cannot be used, with all its mistakes at once, one a line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of `words` that `word` is probably a slip of, or ""."""
    close = difflib.get_close_matches(word[:80].lower(), list(words)[:100], n=1)
    return close[0] if close else ""


def quoted(text: str) -> str:
    """Text from a file, safe and short enough to print in a message."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:60])
    return f'"{shown}…"' if len(text) > 60 else f'"{shown}"'
