"""Rows into tables, many at once: what is new is inserted, what is another is changed, what vanished is back.

To be called in a transaction, and again with the same rows: then nothing changes.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from shelfworthy.model import Identity
from shelfworthy.shelf.catalogue import tying
from shelfworthy.shelf.catalogue.cells import Mistake, Row
from shelfworthy.shelf.catalogue.words import normal
from shelfworthy.shelf.models import Audit, Listing, Market, Verdict

PLAIN = ("gtin", "title", "maker", "seller", "category", "for_children", "firmware", "app")
WRITTEN = (*PLAIN, "product", "source", "search", "changed_at", "vanished_at")
DECIDING = ("product_id", "firmware", "app", "category", "for_children")  # what a verdict depends on
Through = Listing.markets.through


class Written(msgspec.Struct):
    """What became of some rows."""

    inserted: int = 0
    changed: int = 0
    mistakes: list[Mistake] = []


def write(rows: Sequence[Row], source: str, at: datetime, files: tying.Files) -> Written:
    """1. Take the listings that are there, in one order, so that two writers never wait in a ring. 2. Tie
    products. 3. Insert and change. 4. Markets. 5. Roll up again what is another thing now.

    source: "" leaves to which catalogue a listing belongs as it is.
    """
    done = Written()
    taken = Listing.objects.select_for_update().filter(sku__in=[row.sku for row in rows]).order_by("sku")
    known = {one.sku: one for one in taken}
    sorted_out = _Sorted()
    for row, product in _tied(rows, at, files, done):
        if row.sku not in known and not row.title:
            reason = "title: the listing is new and has none."
            done.mistakes.append(Mistake(line=row.line, reason=reason, sku=row.sku))
        else:
            sorted_out.put(row, known.get(row.sku), product, source, at)
    others = sorted_out.written()
    Listing.objects.filter(pk__in=others).update(changed_at=at)
    done.inserted, done.changed = len(sorted_out.new), len(sorted_out.changed) + len(others)
    _refresh(sorted_out.decided, at)
    return done


class _Sorted:
    """Rows with their listings: new, changed or the same; decided: those whose verdict may be another."""

    def __init__(self) -> None:
        self.new: list[tuple[Row, Listing]] = []
        self.changed: list[tuple[Row, Listing]] = []
        self.same: list[tuple[Row, Listing]] = []
        self.decided: list[Listing] = []

    def put(self, row: Row, known: Listing | None, product: int | None, source: str, at: datetime) -> None:
        listing = known or Listing(sku=row.sku, source=source, created_at=at)
        before = [getattr(listing, name) for name in DECIDING]
        another = _fill(listing, row, product, source)
        if known is None or before != [getattr(listing, name) for name in DECIDING]:
            self.decided.append(listing)
        if known is None or another:
            listing.changed_at = at
        part = self.new if known is None else self.changed if another else self.same
        part.append((row, listing))

    def written(self) -> set[int]:
        """Write them; the numbers of those of which only the markets are others."""
        written = [*self.new, *self.changed]
        _upsert([one for _, one in written])
        moved = _sell([*written, *self.same], {one.pk for _, one in self.new})
        return moved - {one.pk for _, one in written}


def _tied(
    rows: Sequence[Row], at: datetime, files: tying.Files, done: Written
) -> list[tuple[Row, int | None]]:
    """Each row with the number of its product; a row whose product file is bad is left out, and told."""
    said: list[tuple[Row, str]] = []
    wanted: dict[str, tuple[Identity, str]] = {}
    for row in sorted(rows, key=lambda one: one.sku):
        try:
            it, text = tying.what(row, files)
        except tying.NoProduct as why:
            done.mistakes.append(Mistake(line=row.line, reason=str(why), sku=row.sku))
            continue
        said.append((row, it.key if it else ""))
        if it and (text or it.key not in wanted):
            wanted[it.key] = (it, text)
    numbers = tying.products(wanted, at) if wanted else {}
    return [(row, numbers[key] if key else None) for row, key in said]


def _fill(listing: Listing, row: Row, product: int | None, source: str) -> bool:
    """Write the row into the listing; whether anything is another."""
    another = False
    for name in PLAIN:
        if name in row.given and getattr(listing, name) != getattr(row, name):
            setattr(listing, name, getattr(row, name))
            another = True
    if product is not None and listing.product_id != product:
        listing.product_id, another = product, True
    if source and listing.source != source:
        listing.source, another = source, True
    if listing.vanished_at is not None:
        listing.vanished_at, another = None, True
    if another:
        listing.search = normal(listing.sku, listing.gtin, listing.title, listing.maker)
    return another


def _upsert(listings: Sequence[Listing]) -> None:
    """One statement for new and known ones: an import beside this one may have been faster with a new one."""
    for one in listings:
        one.pk = None
    Listing.objects.bulk_create(
        listings, update_conflicts=True, unique_fields=["sku"], update_fields=WRITTEN, batch_size=2000
    )


def _sell(pairs: Sequence[tuple[Row, Listing]], new: set[int]) -> set[int]:
    """Make the markets of the listings those of the rows; the numbers of listings whose are others now."""
    codes = _codes({code for row, _ in pairs for code in row.markets})
    wanted = {
        (listing.pk, codes[code]) for row, listing in pairs if "markets" in row.given for code in row.markets
    }
    asked = {listing.pk for row, listing in pairs if "markets" in row.given}
    there = Through.objects.filter(listing_id__in=asked - new).values_list("listing_id", "market_id")
    found = set(there)
    Through.objects.bulk_create(
        [Through(listing_id=one, market_id=market) for one, market in sorted(wanted - found)],
        ignore_conflicts=True,
        batch_size=5000,
    )
    gone = found - wanted
    for market in sorted({market for _, market in gone}):
        of = [one for one, other in gone if other == market]
        Through.objects.filter(market_id=market, listing_id__in=of).delete()
    return {one for one, _ in (wanted ^ found)} - new


def _codes(wanted: set[str]) -> dict[str, int]:
    """The numbers of markets by code, made where they are not there."""
    known = dict(Market.objects.filter(code__in=wanted).values_list("code", "pk"))
    if new := sorted(wanted - known.keys()):
        Market.objects.bulk_create([Market(code=code) for code in new], ignore_conflicts=True)
        known |= dict(Market.objects.filter(code__in=new).values_list("code", "pk"))
    return known


def _refresh(listings: Sequence[Listing], at: datetime) -> None:
    """Roll up again those of them of which anything is known."""
    from shelfworthy.shelf.evidence.current import refresh

    tied = {one.product_id for one in listings if one.product_id}
    looked = set(Audit.objects.filter(product_id__in=tied).values_list("product_id", flat=True))
    numbers = [one.pk for one in listings]
    judged = set(Verdict.objects.filter(listing_id__in=numbers).values_list("listing_id", flat=True))
    if asked := [one.pk for one in listings if one.product_id in looked or one.pk in judged]:
        refresh(asked, at)
