"""Field names and types of a collection, counted by the server so that no value leaves it."""

from shelfworthy.model import Cause, NotLooked
from shelfworthy.probes.database.conversation import Conversation, documents, number, refused
from shelfworthy.probes.database.documents import Document
from shelfworthy.probes.masking import masked, shape, word
from shelfworthy.seen.database import FieldSeen

SAMPLE = 1000  # records the server looks at
MOST_FIELDS = 200
RARE = 20  # a field in fewer than one of so many records may be somebody's name used as a key
UNAUTHORIZED = 13  # MongoDB error code


def pipeline() -> list[Document]:
    """Counts per field name and BSON type, and how many texts look like an e-mail address.

    In words that MongoDB 3.4 understands; `$regexMatch` came with 4.2.
    """
    text = {"$cond": [{"$eq": [{"$type": "$f.v"}, "string"]}, "$f.v", ""]}
    at = {"$indexOfCP": [text, "@"]}
    looks = [
        {"$gt": [at, 0]},
        {"$gt": [{"$indexOfCP": [text, ".", {"$max": [at, 0]}]}, 0]},
        {"$eq": [{"$indexOfCP": [text, " "]}, -1]},
    ]
    email = {"$cond": [{"$and": looks}, 1, 0]}
    return [
        {"$limit": SAMPLE},
        {"$project": {"f": {"$objectToArray": "$$ROOT"}}},
        {"$unwind": "$f"},
        {"$group": {"_id": {"k": "$f.k", "t": {"$type": "$f.v"}}, "n": {"$sum": 1}, "e": {"$sum": email}}},
        {"$sort": {"n": -1, "_id": 1}},
        {"$limit": MOST_FIELDS},
    ]


async def fields_of(
    conversation: Conversation, database: str, collection: str
) -> tuple[FieldSeen, ...] | NotLooked:
    """The fields a stranger is shown. NotLooked: refused, silent, or too old for the question."""
    command: Document = {
        "aggregate": collection,
        "pipeline": pipeline(),
        "cursor": {"batchSize": MOST_FIELDS},
        "maxTimeMS": 3000,
    }
    answer = await conversation.more(command, database)
    if answer is None:
        return NotLooked(Cause.SILENT)
    cursor = answer.get("cursor")
    if refused(answer) or not isinstance(cursor, dict):
        return NotLooked(Cause.REFUSED if answer.get("code") == UNAUTHORIZED else Cause.NOT_UNDERSTOOD)
    return merged(documents(cursor.get("firstBatch")))


def merged(rows: list[Document]) -> tuple[FieldSeen, ...]:
    """One entry per field name out of one row per name and type."""
    groups = [(row["_id"], row) for row in rows if isinstance(row.get("_id"), dict)]
    sampled = max((number(row.get("n")) for _, row in groups), default=0)  # every record has its `_id`
    found: dict[str, FieldSeen] = {}
    for group, row in groups:
        records = number(row.get("n"))
        told = str(group.get("k", ""))
        name = shape(told) if records * RARE < sampled else masked(told)
        before = found.get(name, FieldSeen(name=name, types=(), records=0, email_like=0))
        found[name] = FieldSeen(
            name=name,
            types=tuple(sorted({*before.types, word(group.get("t"))} - {""})),
            records=before.records + records,
            email_like=before.email_like + number(row.get("e")),
        )
    return tuple(found[name] for name in sorted(found))
