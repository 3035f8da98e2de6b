"""What one row says: from cells of text, or values of JSON, to a frozen row or the reason why not. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from shelfworthy.model import Record
from shelfworthy.product.meaning import wrong_gtin
from shelfworthy.product.mistakes import quoted

LONGEST = {  # characters; of the tables' columns
    "sku": 100,
    "gtin": 20,
    "title": 300,
    "maker": 300,
    "seller": 300,
    "category": 60,
    "for_children": 10,
    "markets": 2000,
    "firmware": 100,
    "app": 100,
    "product": 300,
    "vendor": 300,
    "model": 300,
    "product_file": 200,
}
COLUMNS = tuple(LONGEST)
NEEDED = ("sku", "title")
MARKETS_MOST = 300
MARKET = re.compile(r"[^\W_][\w-]{0,19}")
YES = frozenset({"yes", "y", "true", "1", "ja", "j", "wahr", "x"})
NO = frozenset({"no", "n", "false", "0", "nein", "falsch"})
TAKEN = frozenset({".", "..", "import"})  # an address of the shelf's own, beneath /listings/
FILE_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*")


class Harm(StrEnum):
    """What a mistake costs: a column that is not known, a row, or all that follows."""

    COLUMN = "column"
    ROW = "row"
    REST = "rest"


class Mistake(Record, frozen=True):
    """What could not be read, on which line, and why. sku: whose row it is, "" where that cannot be told."""

    line: int
    reason: str
    sku: str = ""
    harm: Harm = Harm.ROW


class Row(Record, frozen=True):
    """A listing as it was written down. given: the columns that were there; what was not stays as it is.

    product, vendor, model: what is sold, "" where nobody said. product_file: in the shelf's own `products/`.
    """

    line: int
    sku: str
    given: frozenset[str]
    gtin: str = ""
    title: str = ""
    maker: str = ""
    seller: str = ""
    category: str = ""
    for_children: bool | None = None
    markets: tuple[str, ...] = ()
    firmware: str = ""
    app: str = ""
    product: str = ""
    vendor: str = ""
    model: str = ""
    product_file: str = ""


class _Bad(Exception):
    """A cell that cannot be read: in words."""


def row(line: int, cells: Mapping[str, object], given: frozenset[str] | None = None) -> Row | Mistake:
    """A row from its cells, whatever they hold. given: their names, where the caller has them already."""
    sku = ""
    try:
        sku = _sku(_text("sku", cells.get("sku")))
        return _read(line, sku, cells, frozenset(cells) if given is None else given)
    except _Bad as bad:
        return Mistake(line=line, reason=str(bad), sku=sku)


def _read(line: int, sku: str, cells: Mapping[str, object], given: frozenset[str]) -> Row:
    said = {
        name: _text(name, cells.get(name))
        for name in COLUMNS
        if name not in ("sku", "for_children", "markets")
    }
    if not said["title"] and "title" in given:
        raise _Bad("title: it is empty.")
    said["gtin"] = _gtin(said["gtin"])
    if said["product"] and not (said["vendor"] or said["maker"]):
        raise _Bad("product: it is named without vendor or maker.")
    if said["product_file"] and not FILE_NAME.fullmatch(said["product_file"]):
        words = f"product_file: {quoted(said['product_file'])} is no file in the folder products/."
        raise _Bad(words)
    return Row(
        line=line,
        sku=sku,
        given=given,
        for_children=_flag(cells.get("for_children")),
        markets=_markets(cells.get("markets")),
        **said,
    )


def _text(name: str, value: object) -> str:
    """One line of text, its blanks made even."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**20 else ""
    if not isinstance(value, str):
        raise _Bad(f"{name}: expected text.")
    if "\0" in value:
        raise _Bad(f"{name}: it holds a NUL byte.")
    text = " ".join(value.split())
    if not text.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise _Bad(f"{name}: it holds a control character.")
    if len(text) > LONGEST[name]:
        raise _Bad(f"{name}: it has {len(text)} characters, at most {LONGEST[name]} are kept.")
    return text


def _sku(text: str) -> str:
    if not text:
        raise _Bad("sku: it is empty.")
    if "/" in text or "\\" in text or text.casefold() in TAKEN:
        raise _Bad(f"sku: {quoted(text)} cannot be part of an address; write it without / and \\.")
    return text


def _gtin(text: str) -> str:
    digits = text.replace(" ", "").replace("-", "")
    if not digits:
        return ""
    for _, found, expected, _ in wrong_gtin(digits):
        raise _Bad(f"gtin: {found}. {expected}")
    return digits


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = _text("for_children", value).casefold()
    if not text:
        return None
    if text in YES:
        return True
    if text in NO:
        return False
    raise _Bad(f"for_children: {quoted(text)} is neither yes nor no.")


def _markets(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else re.split(r"[\s,;]+", _text("markets", value))
    if len(parts) > MARKETS_MOST:
        raise _Bad(f"markets: {len(parts)} are named, at most {MARKETS_MOST} are kept.")
    codes = {_text("markets", part).upper() for part in parts} - {""}
    for code in sorted(codes):
        if not MARKET.fullmatch(code):
            raise _Bad(f"markets: {quoted(code)} is no code of a market, like DE or UK.")
    return tuple(sorted(codes))
