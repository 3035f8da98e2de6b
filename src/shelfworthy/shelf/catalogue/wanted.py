"""What somebody looks for in the catalogue: the words of an address, read once, without complaint. Pure."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from shelfworthy.model import Record
from shelfworthy.shelf.words import Standing, State

SORTS: Final = {"title": "title", "sku": "sku", "maker": "maker", "changed": "-changed_at"}
LONGEST = 300  # characters
DAYS_MOST = 36_500
YES, NO, UNSAID = "yes", "no", "not said"


class Wanted(Record, frozen=True):
    """Filters, "" where it does not matter. children: yes, no or not said; exposed, vanished: yes or no.
    undetermined_days: for at least so many days nobody could determine it.

    after: where the page before ended: the value that it is sorted by, and the number of the row.
    """

    q: str = ""
    standing: str = ""
    state: str = ""
    category: str = ""
    market: str = ""
    maker: str = ""
    children: str = ""
    exposed: str = ""
    undetermined_days: str = ""
    vanished: str = NO
    sort: str = "title"
    after: tuple[str, int] | None = None

    def address(self, **other: str) -> str:
        """Its filters as the query of an address, those that say something."""
        said = {name: getattr(self, name) for name in FILTERS} | other
        return urlencode({name: value for name, value in said.items() if value != USUAL[name]})

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than what is sold."""
        return any(getattr(self, name) != USUAL[name] for name in FILTERS if name != "sort")


FILTERS: Final = tuple(name for name in Wanted.__struct_fields__ if name != "after")
USUAL: Final[dict[str, str]] = {name: getattr(Wanted(), name) for name in FILTERS} | {"after": ""}
CHOICES: Final[dict[str, frozenset[str]]] = {
    "standing": frozenset(map(str, Standing)),
    "state": frozenset(map(str, State)),
    "children": frozenset({YES, NO, UNSAID}),
    "exposed": frozenset({YES, NO}),
    "vanished": frozenset({YES, NO, ""}),
    "sort": frozenset(SORTS),
}


def wanted(said: Mapping[str, str]) -> Wanted:
    """What an address asks for. A word that means nothing is as if it was not there."""
    read: dict[str, str] = {}
    for name in FILTERS:
        value = said.get(name, USUAL[name]).replace("\0", "").strip()[:LONGEST]
        if name == "undetermined_days":
            value = _days(value)
        if name not in CHOICES or value in CHOICES[name]:
            read[name] = value
    return Wanted(**read, after=_place(said.get("after", "")))


def cursor(value: str, number: int) -> str:
    """Where a page ended, as a word in an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode((value, number))).decode().rstrip("=")


def _days(word: str) -> str:
    if not (word.isascii() and word.isdecimal()) or len(word) > 9:
        return ""
    return str(int(word)) if 1 <= int(word) <= DAYS_MOST else ""


def _place(word: str) -> tuple[str, int] | None:
    try:
        content = base64.urlsafe_b64decode(word[:2000] + "=" * (-len(word) % 4))
        value, number = msgspec.json.decode(content, type=tuple[str, int])
    except (ValueError, binascii.Error, msgspec.DecodeError, RecursionError):
        return None
    return (value, number) if 0 <= number < 1 << 63 and "\0" not in value else None
