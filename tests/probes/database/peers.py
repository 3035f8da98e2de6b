"""Fixtures, named as such: MongoDB servers too old to be installed here, and servers of other kinds."""

import struct
from collections.abc import Callable
from typing import Any

import bson

from tests.servers import Behaviour, Reader, Writer

HELLO = {"ismaster": True, "maxBsonObjectSize": 16777216, "ok": 1.0}  # 2.4 names no wire version
Answers = Callable[[dict[str, Any], str], list[dict[str, Any]]]
NAMES = ("bears.users", "bears.users.$_id_", "bears.system.indexes", "bears.messages")
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
