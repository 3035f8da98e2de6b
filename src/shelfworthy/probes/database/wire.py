"""The MongoDB wire protocol, as much of it as a stranger needs.

OP_QUERY (up to 5.0; `isMaster` still everywhere) and OP_MSG (3.6 and newer), after MongoDB's "Wire Protocol"
page. Our own because drivers refuse servers older than 4.4, resolve names and open sockets by themselves.
"""

import struct

from msgspec import Struct

from shelfworthy.model import Cause
from shelfworthy.probes.database.documents import Document, decoded, encoded
from shelfworthy.reach import Line, NotSeen

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
LONGEST = 4 << 20  # bytes of one answer; a listing of thousands of collections fits
CHECKSUM = 1  # OP_MSG flag: four bytes follow the last section
# A secondary of a replica set answers only those who say that its word is good enough.
SECONDARY_TOO = 4  # OP_QUERY flag
ANY_MEMBER: Document = {"$readPreference": {"mode": "primaryPreferred"}}


class Reply(Struct, frozen=True):
    """An answer. more: the server keeps further documents for whoever asks."""

    documents: tuple[Document, ...]
    more: bool


def query(command: Document, database: str) -> bytes:
    """A command as OP_QUERY."""
    return find(f"{database}.$cmd", command, -1)


def find(namespace: str, what: Document, most: int) -> bytes:
    """An OP_QUERY for at most `most` documents (-1: one)."""
    head = struct.pack("<i", SECONDARY_TOO) + namespace.encode() + b"\0" + struct.pack("<ii", 0, most)
    return _framed(OP_QUERY, head + encoded(what))


def message(command: Document, database: str) -> bytes:
    """A command as OP_MSG."""
    return _framed(OP_MSG, struct.pack("<IB", 0, 0) + encoded(command | {"$db": database} | ANY_MEMBER))


async def receive(line: Line) -> Reply | None:
    """The answer to what was sent; None if the server hung up. Raises NotSeen."""
    head = await line.receive(7)  # as long as a TLS alert, with which a TLS server hangs up on cleartext
    if not head or (len(head) == 7 and head.startswith(b"\x15\x03")):
        return None
    head += await line.receive(9)
    if len(head) < 16:
        raise _not_mongodb(line, "a message header cut short")
    length, _, answers, operation = struct.unpack("<iiii", head)
    if operation not in (OP_REPLY, OP_MSG) or answers != 1 or not 16 < length <= LONGEST:
        raise _not_mongodb(line, "something else")
    content = await line.receive(length - 16)
    if len(content) < length - 16:
        raise _not_mongodb(line, "a message cut short")
    try:
        return reply(operation, content)
    except (struct.error, ValueError) as error:
        # Not the error's own words: they may quote what was sent (law 8).
        raise _not_mongodb(line, "a document that cannot be read") from error


def reply(operation: int, content: bytes) -> Reply:
    """What follows the header. Raises struct.error, ValueError."""
    if operation == OP_REPLY:
        _flags, cursor, _start, _number = struct.unpack_from("<iqii", content)
        return Reply(decoded(content[20:]), more=cursor != 0)
    flags, kind = struct.unpack_from("<IB", content)
    if kind:
        raise ValueError(f"section kind {kind} in an answer")
    return Reply(decoded(content[5:-4] if flags & CHECKSUM else content[5:]), more=False)


def _framed(operation: int, body: bytes) -> bytes:
    return struct.pack("<iiii", 16 + len(body), 1, 0, operation) + body


def _not_mongodb(line: Line, what: str) -> NotSeen:
    return NotSeen(Cause.NOT_UNDERSTOOD, f"{line.to} answered a MongoDB greeting with {what}.")
