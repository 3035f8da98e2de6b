"""Greet a Firebase Realtime Database, and ask as a stranger for the names at its root.

After Firebase's "Database REST API": with `shallow=true` every value below a name is `true`.
"""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database import over_http
from shelfworthy.probes.database.over_http import Introduction
from shelfworthy.probes.masking import masked, shape
from shelfworthy.reach import Reach, Reply
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseSeen,
    Listing,
    Refused,
    StoreHello,
    StoreListing,
)

PRODUCT = "Firebase"
CONSOLE = "console.firebase.google.com"  # where it sends whoever comes without a path
ROOT = "/.json?shallow=true"
MOST_NAMES = 100  # at the root; more are records themselves, and their names values
DENIED = "Permission denied"


async def hello(database: Database, reach: Reach) -> AsyncIterator[StoreHello]:
    ways = await over_http.introduced(database, reach, recognised, Level.LOOK, again=True)
    yield over_http.hello(ways, login=NotLooked(Cause.NOT_PERMITTED))


async def listing(database: Database, reach: Reach) -> AsyncIterator[StoreListing]:
    ways = await over_http.introduced(database, reach, answered, Level.KNOCK, ROOT, again=False)
    assert ways.told is not None
    (told, reply), tls = ways.told, not ways.plain
    answer: Listing | Refused = refusal(reply) if told.refused else shown(reach, reply)
    yield StoreListing(product=PRODUCT, over_tls=tls, account="", answer=answer, notes=())


def recognised(reply: Reply) -> Introduction | None:
    """Firebase by where it sends a visitor."""
    try:
        there = urlsplit(reply.header("location")).hostname == CONSOLE
    except ValueError:
        there = False
    return Introduction(PRODUCT, "", refused=False) if there else None


def answered(reply: Reply) -> Introduction | None:
    """Firebase by the form of its answer, or of its refusal."""
    told = over_http.value(reply)
    if reply.status in over_http.REFUSALS:
        error = over_http.document(reply).get("error")
        return Introduction(PRODUCT, "", refused=True) if error == DENIED else None
    names = isinstance(told, dict) and bool(told) and all(found is True for found in told.values())
    empty = reply.body.strip() == b"null" and reply.header("content-type").startswith("application/json")
    if reply.status == over_http.OK and reply.whole and (names or empty):
        return Introduction(PRODUCT, "", refused=False)
    return None


def shown(reach: Reach, reply: Reply) -> Listing:
    """The names at the root, as collections whose records nobody counts for us."""
    names = list(over_http.document(reply))
    keep = masked if len(names) <= MOST_NAMES else shape
    kept = sorted({keep(name) for name in names})[:MOST_NAMES]
    unasked = NotLooked(Cause.NOBODY_LOOKED)
    base = DatabaseSeen(
        name=namespace(reach),
        collections=tuple(CollectionSeen(name=name, count=-1, fields=unasked) for name in kept),
        truncated=len(names) > MOST_NAMES,
    )
    return Listing(total=1, databases=(base,), truncated=False)


def namespace(reach: Reach) -> str:
    """The database's own name: the first label of its host."""
    at = reach.address
    return masked(at.host.partition(".")[0]) if at.literal is None else PRODUCT.lower()


def refusal(reply: Reply) -> Refused:
    return Refused(code=reply.status, name="", words=DENIED)
