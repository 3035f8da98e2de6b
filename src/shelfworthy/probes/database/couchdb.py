"""Greet a CouchDB server, and ask as a stranger which databases it has.

PouchDB Server speaks the same protocol and says who it is.
"""

from collections.abc import AsyncIterator
from urllib.parse import quote

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database import over_http
from shelfworthy.probes.database.over_http import Introduction
from shelfworthy.probes.masking import masked
from shelfworthy.reach import Missing, NotSeen, Reach, Reply
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseSeen,
    Listing,
    Refused,
    StoreHello,
    StoreListing,
)

PRODUCT = "CouchDB"
GREETINGS = {"couchdb": PRODUCT, "express-pouchdb": "PouchDB"}  # the key beside which "Welcome" stands
MOST_DATABASES, MOST_DETAILED = 200, 40
RESERVE = 5.0  # seconds of a look that are left for its end
MOST_RECORDS = 1 << 53


async def hello(database: Database, reach: Reach) -> AsyncIterator[StoreHello]:
    ways = await over_http.introduced(database, reach, recognised, Level.LOOK, again=True)
    assert ways.told is not None
    # A welcome is for everybody; only `require_valid_user` asks for a login already here.
    login = True if ways.told[0].refused else NotLooked(Cause.NOT_PERMITTED)
    yield over_http.hello(ways, login=login)


async def listing(database: Database, reach: Reach) -> AsyncIterator[StoreListing]:
    ways = await over_http.introduced(database, reach, recognised, Level.KNOCK, again=False)
    assert ways.told is not None
    (told, reply), tls = ways.told, not ways.plain
    answer = refusal(reply) if told.refused else await databases(database, reach, tls=tls)
    yield StoreListing(product=told.product, over_tls=tls, account="", answer=answer, notes=())


def recognised(reply: Reply) -> Introduction | None:
    """CouchDB by its welcome, or by its name in the answer that asks for a login."""
    told = over_http.document(reply)
    for key, product in GREETINGS.items():
        if reply.status == over_http.OK and str(told.get(key)).startswith("Welcome"):
            return Introduction(product, over_http.version(told.get("version")), refused=False)
    if reply.status in over_http.REFUSALS and reply.header("server").startswith("CouchDB/"):
        return Introduction(PRODUCT, "", refused=True)
    return None


async def databases(database: Database, reach: Reach, *, tls: bool) -> Listing | Refused:
    """The databases a stranger is shown; the server's own, which begin with "_", are only counted."""
    path = f"/_all_dbs?limit={MOST_DATABASES + 1}"
    reply = await over_http.get(database, reach, path, Level.KNOCK, tls=tls)
    if reply.status in over_http.REFUSALS:
        return refusal(reply)
    told, whole = over_http.items(reply.body)
    if reply.status != over_http.OK or not (told or whole):
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{database.where} gave no list of its databases.")
    names = [name for name in told if isinstance(name, str)]
    others = [name for name in names if not name.startswith("_")][:MOST_DATABASES]
    counts = [await records(database, reach, name, tls=tls) for name in others[:MOST_DETAILED]]
    counts += [-1] * (len(others) - len(counts))
    return Listing(
        total=len(names),
        databases=tuple(one_database(name, count) for name, count in zip(others, counts, strict=True)),
        truncated=not whole or not reply.whole or len(names) > MOST_DATABASES,
    )


async def records(database: Database, reach: Reach, name: str, *, tls: bool) -> int:
    """How many records a database holds; -1 where a stranger is not told, or the time gives out."""
    if reach.seconds_left < RESERVE:
        return -1
    reply = await over_http.tried(database, reach, "/" + quote(name, safe=""), Level.KNOCK, tls=tls)
    if isinstance(reply, Missing) or reply.status != over_http.OK:
        return -1
    count = over_http.document(reply).get("doc_count")
    return count if isinstance(count, int) and 0 <= count < MOST_RECORDS else -1


def one_database(name: str, count: int) -> DatabaseSeen:
    """A database, with the one collection that stands for its records."""
    held = CollectionSeen(name="", count=count, fields=NotLooked(Cause.NOBODY_LOOKED))
    return DatabaseSeen(name=masked(name), collections=(held,), truncated=False)


def refusal(reply: Reply) -> Refused:
    return over_http.refused(reply, over_http.document(reply).get("error"))
