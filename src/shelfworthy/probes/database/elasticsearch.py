"""Greet an Elasticsearch or OpenSearch server, and ask as a stranger which indices it has."""

import re
from collections.abc import AsyncIterator

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database import over_http
from shelfworthy.probes.database.over_http import Introduction
from shelfworthy.probes.masking import masked
from shelfworthy.reach import NotSeen, Reach, Reply
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseSeen,
    Listing,
    Refused,
    StoreHello,
    StoreListing,
)

ELASTIC, OPEN_SEARCH = "Elasticsearch", "OpenSearch"
TAGLINES = {
    "You Know, for Search": ELASTIC,
    "The OpenSearch Project: https://opensearch.org/": OPEN_SEARCH,
}
REALMS = {'realm="security"': ELASTIC, 'realm="OpenSearch Security"': OPEN_SEARCH}
INDICES = "/_cat/indices?format=json&h=index,docs.count&expand_wildcards=all"
MOST_INDICES = 1000
NUMBER = re.compile(r"\d{1,18}")


async def hello(database: Database, reach: Reach) -> AsyncIterator[StoreHello]:
    ways = await over_http.introduced(database, reach, recognised, Level.LOOK, again=True)
    assert ways.told is not None
    yield over_http.hello(ways, login=ways.told[0].refused)


async def listing(database: Database, reach: Reach) -> AsyncIterator[StoreListing]:
    ways = await over_http.introduced(database, reach, recognised, Level.KNOCK, again=False)
    assert ways.told is not None
    (told, reply), tls = ways.told, not ways.plain
    answer = refusal(reply) if told.refused else await indices(database, reach, tls=tls)
    yield StoreListing(product=told.product, over_tls=tls, account="", answer=answer, notes=())


def recognised(reply: Reply) -> Introduction | None:
    """Elasticsearch or OpenSearch by how it introduces itself, or by how it asks for a login."""
    told = over_http.document(reply)
    if reply.status == over_http.OK:
        product = TAGLINES.get(str(told.get("tagline")))
        number = told.get("version")
        if product is None or not isinstance(number, dict):
            return None
        return Introduction(product, over_http.version(number.get("number")), refused=False)
    if reply.status in over_http.REFUSALS:
        asked = [text for name, text in reply.headers if name == "www-authenticate"]
        products = [product for realm, product in REALMS.items() if any(realm in text for text in asked)]
        if reply.header("x-elastic-product") == ELASTIC:
            products.append(ELASTIC)
        return Introduction(products[0], "", refused=True) if products else None
    return None


async def indices(database: Database, reach: Reach, *, tls: bool) -> Listing | Refused:
    """The indices a stranger is shown; the server's own, which begin with a full stop, are only counted."""
    reply = await over_http.get(database, reach, INDICES, Level.KNOCK, tls=tls)
    if reply.status in over_http.REFUSALS:
        return refusal(reply)
    rows, whole = over_http.items(reply.body)
    if reply.status != over_http.OK or not (rows or whole):
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{database.where} gave no list of its indices.")
    found = [row for row in rows if isinstance(row, dict) and isinstance(row.get("index"), str)]
    others = [row for row in found if not row["index"].startswith(".")]
    return Listing(
        total=len(found),
        databases=tuple(one_index(row["index"], row.get("docs.count")) for row in others[:MOST_INDICES]),
        truncated=not whole or not reply.whole or len(others) > MOST_INDICES,
    )


def one_index(name: str, told: object) -> DatabaseSeen:
    """An index, with the one collection that stands for its records."""
    count = int(told) if isinstance(told, str) and NUMBER.fullmatch(told) else -1
    records = CollectionSeen(name="", count=count, fields=NotLooked(Cause.NOBODY_LOOKED))
    return DatabaseSeen(name=masked(name), collections=(records,), truncated=False)


def refusal(reply: Reply) -> Refused:
    """Elasticsearch says why in JSON; OpenSearch says only the status."""
    error = over_http.document(reply).get("error")
    return over_http.refused(reply, error.get("type") if isinstance(error, dict) else "")
