"""Field names and types of a collection, counted by the server so that no value leaves it."""

from shelfworthy.model import Cause, NotLooked
from shelfworthy.probes.database.conversation import Conversation, number, refused
from shelfworthy.probes.database.wire import Document
from shelfworthy.probes.masking import masked
from shelfworthy.seen.database import FieldSeen

SAMPLE = 1000  # records the server looks at
MOST_FIELDS = 200
EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]+$"


def pipeline() -> list[Document]:
    """Counts per field name and BSON type, and how many texts look like an e-mail address."""
    text = {"$cond": [{"$eq": [{"$type": "$f.v"}, "string"]}, "$f.v", ""]}
    email = {"$cond": [{"$regexMatch": {"input": text, "regex": EMAIL}}, 1, 0]}
    return [
        {"$limit": SAMPLE},
        {"$project": {"f": {"$objectToArray": "$$ROOT"}}},
        {"$unwind": "$f"},
        {"$group": {"_id": {"k": "$f.k", "t": {"$type": "$f.v"}}, "n": {"$sum": 1}, "e": {"$sum": email}}},
        {"$sort": {"_id": 1}},
        {"$limit": MOST_FIELDS},
    ]


async def fields_of(
    conversation: Conversation, database: str, collection: str
) -> tuple[FieldSeen, ...] | NotLooked:
    """The fields a stranger is shown. NotLooked: refused, or the server is too old for the question."""
    command: Document = {
        "aggregate": collection,
        "pipeline": pipeline(),
        "cursor": {"batchSize": MOST_FIELDS},
        "maxTimeMS": 3000,
    }
    answer = await conversation.ask(command, database)
    cursor = answer.get("cursor")
    if refused(answer) or not isinstance(cursor, dict):
        return NotLooked(Cause.REFUSED if answer.get("code") == 13 else Cause.NOT_UNDERSTOOD)
    found: dict[str, FieldSeen] = {}
    for row in cursor.get("firstBatch") or ():
        group = row.get("_id") if isinstance(row, dict) else None
        if not isinstance(group, dict):
            return NotLooked(Cause.NOT_UNDERSTOOD)
        name = masked(str(group.get("k", "")))
        before = found.get(name, FieldSeen(name=name, types=(), records=0, email_like=0))
        found[name] = FieldSeen(
            name=name,
            types=tuple(sorted({*before.types, str(group.get("t", ""))[:20]})),
            records=before.records + number(row.get("n")),
            email_like=before.email_like + number(row.get("e")),
        )
    return tuple(found[name] for name in sorted(found))
