"""The rows of verdicts as they are read and written, thousands at once.

They are tuples: of ten thousand listings, making Django's objects takes longer than the database does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from shelfworthy.model import digest
from shelfworthy.shelf.evidence.rolling import Rolled
from shelfworthy.shelf.models import Judged, Listing, Verdict

AT_ONCE = 500  # rows in one question


class Rests(NamedTuple):
    """What of a listing and its product file the verdict rests on, beside the evidence. judged: the digest of
    the judgement it rested on last."""

    product: int | None
    key: str | None
    text: str | None
    firmware: str
    app: str
    judged: str | None = None

    @classmethod
    def of(cls, listing: Listing) -> "Rests":
        """The same of one that was read as an object."""
        product = listing.product
        key, text = (product.key, product.text) if product is not None else (None, None)
        return cls(listing.product_id, key, text, listing.firmware, listing.app)

    @property
    def digest(self) -> str:
        """The name of it."""
        return digest((self.key or "", self.text or "", self.firmware, self.app))


class Says(NamedTuple):
    """What the row of a verdict says; the last four move with every judgement."""

    standing: str
    answers: dict[str, str]
    exposed: bool
    failing: list[str]
    evidence_digest: str
    product_digest: str
    undetermined_since: datetime | None
    rules_digest: str
    judged_id: int | None
    judged_at: datetime
    until: datetime | None

    @property
    def lasting(self) -> tuple[Any, ...]:
        """All but what moves."""
        return self[: -len(MOVES)]

    @property
    def moving(self) -> tuple[Any, ...]:
        """What moves."""
        return self[-len(MOVES) :]


MOVES = Says._fields[-4:]


class Row(NamedTuple):
    """A listing, what its verdict rests on, and what that says, where there is one."""

    listing: int
    sku: str
    rests: Rests
    before: Says | None


RESTS_ON = ("product_id", "product__key", "product__text", "firmware", "app", "verdict__judged__digest")
READ = ("pk", "sku", *RESTS_ON, *(f"verdict__{name}" for name in Says._fields))


def rests_of(ids: Iterable[int]) -> list[Rests]:
    """What these listings rest on now, while nothing is locked."""
    return [Rests(*one) for one in Listing.objects.filter(pk__in=ids).values_list(*RESTS_ON)]


def locked(ids: Iterable[int]) -> list[Row]:
    """The rows, until the transaction ends: as whoever held them before has left them, so they are locked
    first and read then.
    """
    there = list(Listing.objects.select_for_update().filter(pk__in=ids).values_list("pk").order_by("pk"))
    found = Listing.objects.filter(pk__in=[pk for (pk,) in there]).order_by("pk").values_list(*READ)
    return [_row(one) for one in found]


def _row(read: tuple[Any, ...]) -> Row:
    listing, sku, *others = read
    rests, said = Rests(*others[: len(RESTS_ON)]), Says(*others[len(RESTS_ON) :])
    there: datetime | None = said.judged_at  # of a listing without a row nothing is
    return Row(listing, sku, rests, said if there is not None else None)


def keep(rows: Iterable[tuple[Row, Says]]) -> None:
    """Write what they say now; where that is what they said, only what moves: an upsert goes through each
    field and index.
    """
    others: list[Verdict] = []
    same: list[tuple[Any, ...]] = []
    for row, says in rows:
        if row.before is not None and row.before.lasting == says.lasting:
            same.append((*says.moving, row.listing))
        else:
            others.append(verdict(row, says))
    Verdict.objects.bulk_create(
        others,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=[name.removesuffix("_id") for name in Says._fields],
    )
    sets = ", ".join(f"{name} = %s" for name in MOVES)
    statement = f"UPDATE {Verdict._meta.db_table} SET {sets} WHERE listing_id = %s"  # noqa: S608 - names of ours
    _each(statement, Verdict, (*MOVES, "listing_id"), same)


def verdict(row: Row, says: Says) -> Verdict:
    """The same as an object."""
    return Verdict(listing_id=row.listing, **says._asdict())


def keep_judged(judged: dict[str, Rolled]) -> dict[str, int]:
    """The rows of judgements, made where they are not there yet: pk by digest. What comes without content is
    there: no judgement is ever taken away.
    """
    into = f"INSERT INTO {Judged._meta.db_table} (digest, content, against)"
    contents = [(name, one.content, one.against) for name, one in judged.items() if one.content]
    statement = f"{into} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
    _each(statement, Judged, ("digest", "content", "against"), contents)
    names = list(judged)
    chunks = (names[first : first + AT_ONCE] for first in range(0, len(names), AT_ONCE))
    rows = (Judged.objects.filter(digest__in=chunk).values_list("digest", "pk") for chunk in chunks)
    return dict(chain.from_iterable(rows))


def _each(statement: str, of: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Do it with each row; its values are written as the columns have them."""
    fields = {one.attname: one for one in of._meta.concrete_fields}
    prepared = [fields[name].get_db_prep_save for name in columns]
    way = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up at each use
    with way.cursor() as cursor:
        cursor.executemany(
            statement,
            [[prepare(value, way) for prepare, value in zip(prepared, row, strict=True)] for row in rows],
        )
