"""Listings as a CSV file, row by row: what `rows.read` reads, and what else a spreadsheet should show."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from shelfworthy.shelf.catalogue.cells import COLUMNS
from shelfworthy.shelf.catalogue.finding import HEAVY, Shown, listings, masked, shown
from shelfworthy.shelf.catalogue.rows import as_cell
from shelfworthy.shelf.catalogue.wanted import Wanted
from shelfworthy.shelf.deciding import parts, wording
from shelfworthy.shelf.models import Listing, Person
from shelfworthy.shelf.people.permission import reader_of

AT_ONCE = 1000
LEFT_OUT = frozenset({"model", "product_file"})  # of a product only its key is kept, not all it was made of
NAMES = tuple(name for name in COLUMNS if name not in LEFT_OUT)
BESIDES = ("state", "parts", "standing", "exposed", "vanished_at", "changed_at")
FLAG = {True: "yes", False: "no", None: ""}
BOM = "\ufeff"  # else Excel takes UTF-8 for something else


def lines(person: Person, one: Wanted, at: datetime) -> Iterator[str]:
    """The file in pieces; each asks for the next rows only when the one before was taken."""
    covered = masked(reader_of(person), at)
    found = listings(person, one, covered, at).select_related("product", "verdict").defer(*HEAVY)
    found = found.prefetch_related("markets").order_by("pk")
    yield BOM + _line([*NAMES, *BESIDES])
    last = 0
    while rows := list(found.filter(pk__gt=last)[:AT_ONCE]):
        last = rows[-1].pk
        yield "".join(_line(_cells(row)) for row in shown(rows, covered))


def _cells(row: Shown) -> list[str]:
    it = row.listing
    said = {
        name: str(getattr(it, name)) for name in NAMES if name not in ("for_children", "markets", "vendor")
    }
    said["for_children"] = FLAG[it.for_children]
    sold = sorted(market.code for market in it.markets.all())
    said["markets"] = " ".join(sold)
    said["product"], said["vendor"] = (it.product.name, it.product.vendor) if it.product else ("", "")
    besides = [
        it.state,
        _parts(it, sold),
        row.standing,
        FLAG[row.exposed],
        _day(it.vanished_at),
        _day(it.changed_at),
    ]
    return [said[name] for name in NAMES] + besides


def _parts(it: Listing, sold: Sequence[str]) -> str:
    """Which of it is in which state; "" where all of it is in one."""
    found = parts.by_state(parts.of(it.state, it.parts), sold=sold)
    return "; ".join(f"{state} {wording.where(where)}" for state, where in found) if len(found) > 1 else ""


def _day(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([as_cell(cell) for cell in cells])
    return out.getvalue()
