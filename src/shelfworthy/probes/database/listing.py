"""Ask a MongoDB server, as a stranger, which databases it has: names and counts, never a value."""

from collections.abc import AsyncIterator

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database.conversation import Conversation, number, plain, refused, secret
from shelfworthy.probes.database.fields import fields_of
from shelfworthy.probes.database.wire import Document
from shelfworthy.probes.masking import masked
from shelfworthy.reach import NotSeen, Reach
from shelfworthy.seen.database import CollectionSeen, DatabaseListing, DatabaseSeen, Listing, Refused

OWN = frozenset({"admin", "config", "local"})  # MongoDB's own databases: named, not looked into
MOST_DATABASES, MOST_COLLECTIONS = 40, 100


async def observe(database: Database, reach: Reach) -> AsyncIterator[DatabaseListing]:
    deep = await reach.permits(Level.USE)
    async with plain(database, reach, Level.KNOCK) as clear:
        if clear is not None:
            yield DatabaseListing(over_tls=False, answer=await listing(clear, deep=deep))
            return
    async with secret(database, reach, Level.KNOCK) as hidden:
        if hidden is None:
            words = f"{database.where} hangs up on a MongoDB greeting, in cleartext and over TLS."
            raise NotSeen(Cause.NOT_UNDERSTOOD, words)
        yield DatabaseListing(over_tls=True, answer=await listing(hidden, deep=deep))


async def listing(conversation: Conversation, *, deep: bool) -> Listing | Refused:
    """What a stranger is shown. deep: also field names and types."""
    answer = await conversation.ask({"listDatabases": 1, "nameOnly": True})
    if refused(answer):
        return refusal(answer)
    names = [str(item.get("name", "")) for item in documents(answer.get("databases"))]
    if not names:
        # A server with --auth and no user yet answers ok and empty: a second question tells.
        second = await conversation.ask({"listCollections": 1, "nameOnly": True})
        if refused(second):
            return refusal(second)
    shown = [name for name in names if name not in OWN][:MOST_DATABASES]
    own = [DatabaseSeen(name=name, collections=(), truncated=False) for name in names if name in OWN]
    looked = [await one_database(conversation, name, deep=deep) for name in shown]
    return Listing(total=len(names), databases=(*looked, *own))


async def one_database(conversation: Conversation, name: str, *, deep: bool) -> DatabaseSeen:
    """Collections of a database with their counts."""
    answer = await conversation.ask({"listCollections": 1, "nameOnly": True}, name)
    cursor = answer.get("cursor")
    batch = documents(cursor.get("firstBatch")) if isinstance(cursor, dict) else []
    names = [str(item.get("name", "")) for item in batch if item.get("type", "collection") == "collection"]
    names = sorted(found for found in names if not found.startswith("system."))
    more = isinstance(cursor, dict) and number(cursor.get("id")) != 0
    return DatabaseSeen(
        name=masked(name),
        collections=tuple(
            [await one_collection(conversation, name, found, deep=deep) for found in names[:MOST_COLLECTIONS]]
        ),
        truncated=more or len(names) > MOST_COLLECTIONS,
    )


async def one_collection(
    conversation: Conversation, database: str, name: str, *, deep: bool
) -> CollectionSeen:
    """Its number of records, and its fields if we look deep."""
    answer = await conversation.ask({"count": name, "maxTimeMS": 2000}, database)
    return CollectionSeen(
        name=masked(name),
        count=-1 if refused(answer) else number(answer.get("n")),
        fields=await fields_of(conversation, database, name) if deep else NotLooked(Cause.NOT_PERMITTED),
    )


def documents(value: object) -> list[Document]:
    """The documents of a list out of an answer that may hold anything."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def refusal(answer: Document) -> Refused:
    return Refused(code=number(answer.get("code")), name=str(answer.get("codeName", ""))[:64])
