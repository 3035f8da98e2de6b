"""Fixtures, named as such: MongoDB servers too old to be installed here, and servers of other kinds."""

import ssl
import struct
from collections.abc import Callable
from typing import Any

import bson

from tests.servers import Behaviour, Reader, Writer, self_signed

HELLO = {"ismaster": True, "maxBsonObjectSize": 16777216, "ok": 1.0}  # 2.4 names no wire version
Answers = Callable[[dict[str, Any], str], list[dict[str, Any]]]
NAMES = ("bears.users", "bears.users.$_id_", "bears.system.indexes", "bears.messages")
REPLY = struct.pack("<iqii", 8, 0, 0, 1)  # flags, no cursor, from the first, one document
COUNTS = {"users": 821, "messages": 2182}


def old_open(command: dict[str, Any], database: str) -> list[dict[str, Any]]:
    """MongoDB 2.4 without access control."""
    match next(iter(command), ""):
        case "isMaster":
            return [HELLO]
        case "buildInfo":
            return [{"version": "2.4.14", "ok": 1.0}]
        case "listDatabases":
            return [{"databases": [{"name": "bears"}, {"name": "local"}], "ok": 1.0}]
        case "count":
            return [{"n": float(COUNTS[command["count"]]), "ok": 1.0}]
        case "" if database == "bears.system.namespaces":
            return [{"name": name} for name in NAMES]
        case other:
            return [{"ok": 0.0, "errmsg": f"no such cmd: {other}"}]


def old_closed(command: dict[str, Any], database: str) -> list[dict[str, Any]]:
    """MongoDB 2.4 with access control: its refusals have no code."""
    if next(iter(command), "") in {"isMaster", "buildInfo"}:
        return old_open(command, database)
    return [{"ok": 0.0, "errmsg": "unauthorized"}]


def op_query_only(answer: Answers) -> Behaviour:
    """Speaks OP_QUERY and OP_REPLY, and hangs up on everything else, as servers before 3.6 did."""

    async def behave(reader: Reader, writer: Writer) -> None:
        while head := await reader.read(16):
            length, request, _, operation = struct.unpack("<iiii", head)
            body = await reader.readexactly(length - 16)
            if operation != 2004:
                return
            name, _, rest = body[4:].partition(b"\0")
            found = answer(bson.decode(rest[8:]), name.decode())
            reply = struct.pack("<iqii", 8, 0, 0, len(found)) + b"".join(map(bson.encode, found))
            writer.write(struct.pack("<iiii", 16 + len(reply), 1, request, 1) + reply)

    return behave


def behind_tls(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Behaviour:
    """MongoDB behind a TLS terminator, which answers cleartext with an alert (RFC 8446, section 6)."""

    async def behave(reader: Reader, writer: Writer) -> None:
        first = await reader.read(1)
        if first != b"\x16":
            writer.write(bytes.fromhex("15 03 01 00 02 02 46"))
            return
        coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
        coming.write(first)
        session = self_signed().wrap_bio(coming, going, server_side=True)

        async def when_ready(act: Callable[[], Any]) -> Any:
            while True:
                try:
                    return act()
                except ssl.SSLWantReadError:
                    writer.write(going.read())
                    if not (more := await reader.read(4096)):
                        raise EOFError from None
                    coming.write(more)

        await when_ready(session.do_handshake)
        while head := await when_ready(lambda: session.read(16)):
            length, request, _, operation = struct.unpack("<iiii", head)
            body = await when_ready(lambda: session.read(length - 16))  # noqa: B023 - read at once
            start, opening = (5, struct.pack("<IB", 0, 0)) if operation == 2013 else (23, REPLY)
            document = bson.encode(answer(bson.decode(body[start:])))
            kind = operation if operation == 2013 else 1
            session.write(
                struct.pack("<iiii", 16 + len(opening + document), 1, request, kind) + opening + document
            )
            writer.write(going.read())

    return behave


async def redis_like(reader: Reader, writer: Writer) -> None:
    """Answers in the protocol of Redis whatever it is told."""
    await reader.read(16)
    writer.write(b"-ERR unknown command ':', with args beginning with:\r\n")
    await reader.read()


async def hangs(reader: Reader, writer: Writer) -> None:
    """Accepts, reads and says nothing."""
    await reader.read()
    await reader.read()


async def closes(reader: Reader, writer: Writer) -> None:
    """Accepts and hangs up."""
