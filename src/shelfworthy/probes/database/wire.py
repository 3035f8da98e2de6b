"""The MongoDB wire protocol, as much of it as a stranger needs.

OP_QUERY (up to 5.0; `isMaster` still everywhere) and OP_MSG (3.6 and newer), after MongoDB's "Wire Protocol"
page. Our own because drivers refuse servers older than 4.4, resolve names and open sockets by themselves.
"""

import struct
from typing import Any

import bson

from shelfworthy.model import Cause
from shelfworthy.reach import Line, NotSeen

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
OP_MSG_SINCE = 6  # maxWireVersion of MongoDB 3.6
LONGEST = 4 << 20  # bytes of one answer; a listing of thousands of collections fits

Document = dict[str, Any]


async def query(line: Line, command: Document, database: str = "admin") -> Document | None:
    """Send a command as OP_QUERY; None if the server hung up. Raises NotSeen."""
    head = struct.pack("<i", 0) + database.encode() + b".$cmd\0" + struct.pack("<ii", 0, -1)
    return await _ask(line, OP_QUERY, head + bson.encode(command))


async def message(line: Line, command: Document, database: str = "admin") -> Document | None:
    """Send a command as OP_MSG; None if the server hung up. Raises NotSeen."""
    return await _ask(line, OP_MSG, struct.pack("<IB", 0, 0) + bson.encode(command | {"$db": database}))


async def _ask(line: Line, operation: int, body: bytes) -> Document | None:
    await line.send(struct.pack("<iiii", 16 + len(body), 1, 0, operation) + body)
    head = await line.receive(16)
    if not head:
        return None
    if len(head) < 16:
        raise _not_mongodb(line, "a message header cut short")
    length, _, answers, operation = struct.unpack("<iiii", head)
    if operation not in (OP_REPLY, OP_MSG) or answers != 1 or not 16 < length <= LONGEST:
        raise _not_mongodb(line, "something else")
    content = await line.receive(length - 16)
    if len(content) < length - 16:
        raise _not_mongodb(line, "a message cut short")
    start = 20 if operation == OP_REPLY else 5  # flags, cursor, position and number; flags and section kind
    try:
        return dict(bson.decode(content[start:]))
    except (bson.errors.BSONError, RecursionError, ValueError, OverflowError) as error:
        raise _not_mongodb(line, f"a document that cannot be read ({error})") from error


def _not_mongodb(line: Line, what: str) -> NotSeen:
    return NotSeen(Cause.NOT_UNDERSTOOD, f"{line.to} answered a MongoDB greeting with {what}.")
