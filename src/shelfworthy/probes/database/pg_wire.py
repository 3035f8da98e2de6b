"""The PostgreSQL protocol 3.0, as much of it as a stranger needs (manual, "Message Formats").

Our own because clients resolve names, open sockets and look for passwords by themselves.
"""

import struct
from collections.abc import AsyncIterator, Mapping

from msgspec import Struct

from shelfworthy.model import Cause
from shelfworthy.reach import Line, NotSeen

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
VERSION = 3 << 16  # 3.0
NO_VERSION = 9 << 16  # no server speaks 9.0; each says so before it asks who is there
UNSUPPORTED = "0A000"  # the SQLSTATE of that
ERROR, AUTHENTICATION, PARAMETER, ROW, READY = b"E", b"R", b"S", b"D", b"Z"
LONGEST = 1 << 20  # bytes of one message
MOST_MESSAGES = 2000  # of one answer
TRUSTED = 0  # AuthenticationOk
REQUESTS = {
    2: "AuthenticationKerberosV5",
    3: "AuthenticationCleartextPassword",
    5: "AuthenticationMD5Password",
    7: "AuthenticationGSS",
    9: "AuthenticationSSPI",
    10: "AuthenticationSASL",
}


class PgError(Struct, frozen=True):
    """An error. state: its SQLSTATE. routine: in the server's source, "" where it does not say."""

    state: str
    routine: str


def startup(version: int = VERSION, **parameters: str) -> bytes:
    """A StartupMessage."""
    words = [word for pair in parameters.items() for word in pair]
    body = struct.pack("!i", version) + b"".join(word.encode() + b"\0" for word in words) + b"\0"
    return struct.pack("!i", 4 + len(body)) + body


def query(sql: str) -> bytes:
    """A simple Query."""
    body = sql.encode() + b"\0"
    return b"Q" + struct.pack("!i", 4 + len(body)) + body


async def receive(line: Line) -> tuple[bytes, bytes] | None:
    """The next message's type and content; None if the server hung up in between. Raises NotSeen."""
    head = await line.receive(5)
    if not head:
        return None
    (length,) = struct.unpack("!i", head[1:5]) if len(head) == 5 else (0,)
    if not head[:1].isalpha() or not 4 <= length <= LONGEST:
        raise not_postgresql(line, "something else")
    content = await line.receive(length - 4)
    if len(content) < length - 4:
        raise not_postgresql(line, "a message cut short")
    return head[:1], content


async def messages(line: Line) -> AsyncIterator[tuple[bytes, bytes]]:
    """Messages up to the one that ends the answer (ready, or an error). Raises NotSeen."""
    for _ in range(MOST_MESSAGES):
        found = await receive(line)
        if found is None:
            raise NotSeen(Cause.SILENT, f"{line.to} hung up in the middle of an answer.")
        yield found
        if found[0] in (READY, ERROR):
            return
    raise not_postgresql(line, f"more than {MOST_MESSAGES} messages")


def error(content: bytes) -> PgError:
    """An ErrorResponse: fields of one letter and a text each. What is not text of ours is left out."""
    fields = {part[:1]: part[1:].decode("latin-1") for part in content.split(b"\0") if part}
    return PgError(state=_plain(fields, b"C", 5), routine=_plain(fields, b"R", 63))


def row(line: Line, content: bytes) -> tuple[str, ...]:
    """A DataRow, NULL as "". Raises NotSeen."""
    try:
        (number,) = struct.unpack_from("!h", content)
        at, values = 2, []
        for _ in range(number):
            (length,) = struct.unpack_from("!i", content, at)
            at += 4
            if length > len(content) - at:
                raise not_postgresql(line, "a row cut short")
            values.append(content[at : at + max(0, length)].decode("utf-8", "replace"))
            at += max(0, length)
    except struct.error as wrong:
        raise not_postgresql(line, "a row cut short") from wrong
    return tuple(values)


def not_postgresql(line: Line, what: str) -> NotSeen:
    return NotSeen(Cause.NOT_UNDERSTOOD, f"{line.to} answered a PostgreSQL client with {what}.")


def _plain(fields: Mapping[bytes, str], key: bytes, longest: int) -> str:
    found = fields.get(key, "")
    return found if found.isascii() and found.replace("_", "").isalnum() and len(found) <= longest else ""
