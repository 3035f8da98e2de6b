"""What the API says of the catalogue, and takes."""

from datetime import datetime

from ninja import Field, Schema

from shelfworthy.shelf.catalogue.finding import Shown
from shelfworthy.shelf.catalogue.importing import Why, state_of
from shelfworthy.shelf.deciding import parts
from shelfworthy.shelf.deciding.parts import Where
from shelfworthy.shelf.models import Import, State


class ProductSaid(Schema):
    """What a listing is. key: names the product in findings."""

    key: str
    name: str
    vendor: str


class NamesSaid(Schema):
    """Some markets, SKUs or lots: these; with `others`, all but these. None, and `others`: all there are."""

    names: list[str]
    others: bool


class PartSaid(Schema):
    """What of a listing is in which state."""

    state: str
    markets: NamesSaid
    skus: NamesSaid
    lots: NamesSaid


class ListingSaid(Schema):
    """A listing as the caller may see it. for_children: null where nobody said.

    state: the gravest of its parts. parts: which of it is in which state, the gravest first."""

    sku: str
    gtin: str
    title: str
    maker: str
    seller: str
    category: str
    for_children: bool | None
    markets: list[str]
    firmware: str
    app: str
    product: ProductSaid | None
    state: str
    parts: list[PartSaid]
    standing: str
    exposed: bool
    created_at: datetime
    changed_at: datetime
    vanished_at: datetime | None


class ListingsSaid(Schema):
    """A page of listings. next: send it back as `cursor`; "" at the end."""

    items: list[ListingSaid]
    next: str


class ListingChanged(Schema):
    """What is known of a listing now; what is left out stays as it is.

    product, vendor, model: which product it is; the maker is the vendor where none is named.
    """

    title: str | None = Field(None, max_length=300)
    gtin: str | None = Field(None, max_length=20)
    maker: str | None = Field(None, max_length=300)
    seller: str | None = Field(None, max_length=300)
    category: str | None = Field(None, max_length=60)
    for_children: bool | None = None
    markets: list[str] | None = Field(None, max_length=300)
    firmware: str | None = Field(None, max_length=100)
    app: str | None = Field(None, max_length=100)
    product: str | None = Field(None, max_length=300)
    vendor: str | None = Field(None, max_length=300)
    model: str | None = Field(None, max_length=300)
    product_file: str | None = Field(None, max_length=200)


class ListingWhole(ListingChanged):
    """A listing as it is to be; what is left out is empty. A product that is known stays."""

    title: str = Field(max_length=300)


class MistakeSaid(Schema):
    """What could not be read, and on which line."""

    line: int
    reason: str


class ImportSaid(Schema):
    """What became of an import. state: running, done or stopped. why: nothing vanished, or it stopped.

    mistakes: the first thousand."""

    id: int
    name: str
    source: str
    whole: bool
    state: str
    began_at: datetime
    ended_at: datetime | None
    rows: int
    inserted: int
    changed: int
    vanished: int
    wrong: int
    why: str
    mistakes: list[MistakeSaid]


def listing_said(row: Shown) -> ListingSaid:
    """A listing in the API's words."""
    it = row.listing
    of = it.product
    sold = sorted(market.code for market in it.markets.all())
    return ListingSaid(
        sku=it.sku,
        gtin=it.gtin,
        title=it.title,
        maker=it.maker,
        seller=it.seller,
        category=it.category,
        for_children=it.for_children,
        markets=sold,
        firmware=it.firmware,
        app=it.app,
        product=ProductSaid(key=of.key, name=of.name, vendor=of.vendor) if of else None,
        state=it.state,
        parts=[_part(*one) for one in parts.by_state(parts.of(it.state, it.parts), sold=sold)],
        standing=row.standing,
        exposed=row.exposed,
        created_at=it.created_at,
        changed_at=it.changed_at,
        vanished_at=it.vanished_at,
    )


def _part(state: State, where: Where) -> PartSaid:
    lists = (NamesSaid(names=list(one.names), others=one.rest) for one in where)
    return PartSaid(state=state, **dict(zip(Where._fields, lists, strict=True)))


def import_said(one: Import, at: datetime) -> ImportSaid:
    """An import in the API's words."""
    return ImportSaid(
        id=one.pk,
        name=one.name,
        source=one.source,
        whole=one.whole,
        state=state_of(one, at),
        began_at=one.began_at,
        ended_at=one.ended_at,
        rows=one.rows,
        inserted=one.inserted,
        changed=one.changed,
        vanished=one.vanished,
        wrong=one.wrong,
        why=str(Why(one.why).label) if one.why else "",
        mistakes=[MistakeSaid(**it) for it in one.mistakes],
    )
