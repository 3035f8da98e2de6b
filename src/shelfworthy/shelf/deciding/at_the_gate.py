"""What the gate has to know of a listing, in one question that is phrased and planned once.

Tills ask hundreds of times a second. Django, which phrases a question each time anew, takes twice as long for
that as PostgreSQL to answer it, and PostgreSQL ten times as long to plan an answer as to find the row. Names,
quotes and conversions are Django's own.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Field, Model

from shelfworthy.shelf.models import Decision, Listing, Market, Person, Verdict
from shelfworthy.shelf.people.permission import listings_of

# The keys of what decides against a listing are long, and only needed where people decided last.
LISTING: Final = frozenset({"id", "sku", "state", "parts", "vanished_at"})
VERDICT: Final = frozenset({"id", "standing", "answers", "judged_at", "undetermined_since"})
DECISION: Final = frozenset({"id", "number", "action", "reason", "rule", "finding_keys", "at"})
Convert = Callable[[Any, Any, Any], Any]


class Known(NamedTuple):
    """A listing as the gate knows it. last: the newest decision about it. elsewhere: it is sold in other
    markets, and not in the one that was asked about."""

    listing: Listing
    verdict: Verdict | None
    last: Decision | None
    elsewhere: bool


class _Columns(NamedTuple):
    """Some columns of a table, in the order of its fields."""

    model: type[Model]
    names: tuple[str, ...]
    converts: tuple[tuple[Convert, ...], ...]
    expressions: tuple[Any, ...]
    text: str


def look_up(person: Person, sku: str, market: str) -> Known | None:
    """What is known of a listing; None where there is none, or not for this person. market: "" for any."""
    tables, row = _asked(sku, market)
    if row is None:
        return None
    listing, verdict, last = _records(tables, row)
    if person.membership.markets.all() and not listings_of(person).filter(pk=listing.pk).exists():
        return None
    return Known(listing, verdict, last, bool(market) and bool(row[-1]))


def rehearse() -> None:
    """Ask about no listing until this connection has a plan: else the first who asks waits for it."""
    for _ in range(2):
        _asked("", "")


def _asked(sku: str, market: str) -> tuple[tuple[_Columns, ...], Any]:
    """The tables, and the row that is found; None where there is none."""
    tables, question = _question(connection.vendor)
    cursor_for_it = getattr(connection, "planned_cursor", connection.cursor)  # PostgreSQL's plans it once
    with cursor_for_it() as cursor:
        cursor.execute(question, [market, sku])
        return tables, cursor.fetchone()


@cache
def _question(vendor: str) -> tuple[tuple[_Columns, ...], str]:
    """For a kind of database."""
    tables = (
        _columns(Listing, "l", LISTING),
        _columns(Verdict, "v", VERDICT),
        _columns(Decision, "d", DECISION),
    )
    sold, market = _table(Listing.markets.through), _table(Market)
    listing, verdict, decision = (_table(one.model) for one in tables)
    of_it = f"SELECT 1 FROM {sold} s JOIN {market} m ON m.id = s.market_id WHERE s.listing_id = l.id"  # noqa: S608
    question = (
        f"SELECT {', '.join(one.text for one in tables)},"  # noqa: S608 - names of ours
        f" EXISTS({of_it}) AND NOT EXISTS({of_it} AND m.code = %s)"
        f" FROM {listing} l"
        f" LEFT JOIN {verdict} v ON v.listing_id = l.id"
        f" LEFT JOIN {decision} d"
        f" ON d.number = (SELECT MAX(number) FROM {decision} WHERE listing_id = l.id)"
        f" WHERE l.sku = %s"
    )
    return tables, question


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[Model], alias: str, wanted: frozenset[str]) -> _Columns:
    fields = [one for one in model._meta.concrete_fields if one.attname in wanted]
    expressions = tuple(one.get_col(alias) for one in fields)
    return _Columns(
        model,
        tuple(one.attname for one in fields),
        tuple(_converts(field, expression) for field, expression in zip(fields, expressions, strict=True)),
        expressions,
        ", ".join(f"{alias}.{connection.ops.quote_name(str(one.column))}" for one in fields),
    )


def _converts(field: "Field[Any, Any]", expression: Any) -> tuple[Convert, ...]:  # noqa: ANN401 - Django's
    """What makes the database's value that of the field."""
    return (*connection.ops.get_db_converters(expression), *field.get_db_converters(connection))


def _records(tables: Sequence[_Columns], row: Sequence[Any]) -> Any:  # noqa: ANN401 - one of each table
    """A row as one record of each table, None of one that has none."""
    found, place = [], 0
    for one in tables:
        values = row[place : place + len(one.names)]
        place += len(one.names)
        found.append(_record(one, values) if values[0] is not None else None)
    return found


def _record(columns: _Columns, values: Sequence[Any]) -> Model:
    said = []
    for value, converts, expression in zip(values, columns.converts, columns.expressions, strict=True):
        for convert in converts:
            value = convert(value, expression, connection)
        said.append(value)
    return columns.model.from_db(connection.alias, columns.names, said)
