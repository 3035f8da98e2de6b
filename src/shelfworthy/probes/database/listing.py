"""Ask a MongoDB server, as a stranger, which databases it has: names and counts, never a value."""

import re
from collections.abc import AsyncIterator

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database.conversation import (
    LIST_COLLECTIONS_SINCE,
    Conversation,
    documents,
    number,
    plain,
    refused,
    secret,
)
from shelfworthy.probes.database.documents import Document
from shelfworthy.probes.database.fields import fields_of
from shelfworthy.probes.masking import masked, word
from shelfworthy.reach import NotSeen, Reach
from shelfworthy.seen.database import CollectionSeen, DatabaseListing, DatabaseSeen, Listing, Refused

OWN = frozenset({"admin", "config", "local"})  # MongoDB's own databases: counted, not looked into
MOST_DATABASES, MOST_DETAILED, MOST_COLLECTIONS = 200, 40, 100
RECORDS = frozenset({"collection", "timeseries"})  # what holds records; a view shows those of others

BEGINNING = re.compile("[A-Za-z ]{1,48}")  # of an error's text, as far as it is plain words


async def observe(database: Database, reach: Reach) -> AsyncIterator[DatabaseListing]:
    deep = await reach.permits(Level.USE)
    async with plain(reach, Level.KNOCK) as clear:
        if clear is not None:
            yield DatabaseListing(over_tls=False, answer=await listing(clear, deep=deep))
            return
    async with secret(database, reach, Level.KNOCK) as hidden:
        if hidden is None:
            words = f"{database.where} hangs up on a stranger's greeting, in cleartext and over TLS."
            raise NotSeen(Cause.REFUSED, words)
        yield DatabaseListing(over_tls=True, answer=await listing(hidden, deep=deep))


async def listing(conversation: Conversation, *, deep: bool) -> Listing | Refused:
    """What a stranger is shown. deep: also field names and types."""
    answer = await conversation.ask({"listDatabases": 1, "nameOnly": True})
    if refused(answer):
        return refusal(answer)
    names = list(dict.fromkeys(str(item.get("name", "")) for item in documents(answer.get("databases"))))
    if not names:
        # A server with --auth and no user yet answers ok and empty: a second question tells.
        second = await conversation.ask({"listCollections": 1, "nameOnly": True})
        if refused(second):
            return refusal(second)
        words = "It answered a stranger's questions, and showed nothing: no MongoDB is without databases."
        raise NotSeen(Cause.CONTRADICTORY, words)
    others = [name for name in names if name not in OWN]
    # All databases first, then what is in them: if the server gives out, the outline is whole.
    inside = [await collections(conversation, name) for name in others[:MOST_DETAILED]]
    looked = []
    for name, found in zip(others, inside, strict=False):
        looked.append(await one_database(conversation, name, found, deep=deep))
    rest = others[MOST_DETAILED:MOST_DATABASES]
    unasked = NotLooked(Cause.NOBODY_LOOKED)
    looked += [DatabaseSeen(name=masked(name), collections=unasked, truncated=True) for name in rest]
    return Listing(total=len(names), databases=tuple(looked), truncated=len(others) > len(looked))


async def collections(conversation: Conversation, database: str) -> tuple[list[str], bool] | NotLooked:
    """The names of a database's collections, and whether there are more. NotLooked: refused, or silent."""
    if conversation.wire < LIST_COLLECTIONS_SINCE:
        told = await conversation.names(database, MOST_COLLECTIONS * 2)
        if told is None or any("$err" in item for item in told.documents):
            return NotLooked(Cause.SILENT if told is None else Cause.REFUSED)
        full = [str(item.get("name", "")).removeprefix(f"{database}.") for item in told.documents]
        more, names = told.more, [name for name in full if "$" not in name]  # with "$": an index
    else:
        command = {"listCollections": 1, "nameOnly": True, "cursor": {"batchSize": MOST_COLLECTIONS * 2}}
        answer = await conversation.more(command, database)
        if answer is None or refused(answer):
            return NotLooked(Cause.SILENT if answer is None else Cause.REFUSED)
        cursor = answer.get("cursor")
        batch = documents(cursor.get("firstBatch")) if isinstance(cursor, dict) else []
        more = isinstance(cursor, dict) and number(cursor.get("id")) != 0
        names = [str(item.get("name", "")) for item in batch if item.get("type", "collection") in RECORDS]
    names = sorted(name for name in names if not name.startswith("system."))
    return names[:MOST_COLLECTIONS], more or len(names) > MOST_COLLECTIONS


async def one_database(
    conversation: Conversation, name: str, found: tuple[list[str], bool] | NotLooked, *, deep: bool
) -> DatabaseSeen:
    """A database with the collections that were found in it."""
    if isinstance(found, NotLooked):
        return DatabaseSeen(name=masked(name), collections=found, truncated=True)
    names, more = found
    inside = [await one_collection(conversation, name, one, deep=deep) for one in names]
    return DatabaseSeen(name=masked(name), collections=tuple(inside), truncated=more)


async def one_collection(
    conversation: Conversation, database: str, name: str, *, deep: bool
) -> CollectionSeen:
    """Its number of records, and its fields if we look deep."""
    answer = await conversation.more({"count": name, "maxTimeMS": 2000}, database)
    return CollectionSeen(
        name=masked(name),
        count=-1 if answer is None or refused(answer) else number(answer.get("n")),
        fields=await fields_of(conversation, database, name) if deep else NotLooked(Cause.NOT_PERMITTED),
    )


def refusal(answer: Document) -> Refused:
    """An error as the server words it; before 2.6 there is only the text."""
    begins = BEGINNING.match(str(answer.get("errmsg") or answer.get("$err") or ""))
    return Refused(
        code=number(answer.get("code")),
        name=word(answer.get("codeName")),
        words=begins[0].strip() if begins else "",
    )
