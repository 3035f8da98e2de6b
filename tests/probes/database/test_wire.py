"""The wire protocol: what a hostile peer may send in answer, and what becomes of it."""

import asyncio
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.model import Cause, Database, Level
from shelfworthy.probes.database import wire
from shelfworthy.reach import Limits
from shelfworthy.seen.database import DatabaseListing
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.database.peers import HELLO, behind_tls
from tests.servers import Behaviour, Reader, Writer, mongo, serving

MODERN = {"ismaster": True, "maxWireVersion": 17, "ok": 1.0}


def framed(body: bytes, answers: int = 1, operation: int = wire.OP_REPLY, length: int | None = None) -> bytes:
    length = 16 + len(body) if length is None else length
    return struct.pack("<iiii", length, 1, answers, operation) + body


def raw(reply: bytes) -> Behaviour:
    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(1000)
        writer.write(reply)

    return behave


def nested(depth: int) -> bytes:
    """A document in a document in a document."""
    sizes = [5 + 8 * left for left in range(depth, 0, -1)]
    return b"".join(struct.pack("<i", size) + b"\x03a\0" for size in sizes) + bson.encode({}) + b"\0" * depth


START = struct.pack("<iqii", 8, 0, 0, 1)
HOSTILE = {
    "header cut short": framed(START)[:9],
    "length zero": framed(START, length=0),
    "length negative": framed(START, length=-1),
    "two gigabytes": framed(START, length=0x7FFFFFFF),
    "body cut short": framed(START, length=500),
    "answers something else": framed(START + bson.encode(HELLO), answers=7),
    "unknown operation": framed(START + bson.encode(HELLO), operation=2012),
    "no document": framed(START),
    "document too long": framed(START + b"\xff\xff\xff\x7f" + bson.encode(HELLO)[4:]),
    "document too short": framed(START + b"\x06\0\0\0" + bson.encode(HELLO)[4:]),
    "document of negative length": framed(START + b"\xff\xff\xff\xff" + bson.encode(HELLO)[4:]),
    "a hundred thousand levels deep": framed(START + nested(100_000)),
    "other section": framed(b"\0\0\0\0\x01" + bson.encode(HELLO), operation=wire.OP_MSG),
    "flags only": framed(b"\0\0", operation=wire.OP_MSG),
    "text": b"HTTP/1.1 400 Bad Request\r\n\r\n",
}


@pytest.mark.parametrize("reply", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_lying_answer_is_not_understood(reply: bytes, tmp_path: Path) -> None:
    left = met(raw(reply), tmp_path)
    assert left.observations == ()
    assert [gap.cause for gap in left.gaps] == [Cause.NOT_UNDERSTOOD] * 2
    assert all("answered" in gap.words for gap in left.gaps)


@given(st.sampled_from([wire.OP_REPLY, wire.OP_MSG]), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(operation: int, content: bytes) -> None:
    try:
        answer = wire.reply(operation, content)
    except (bson.errors.BSONError, struct.error, ValueError, OverflowError):
        return
    assert all(isinstance(document, dict) for document in answer.documents)


def test_a_field_name_that_is_no_text_does_not_hide_the_others() -> None:
    content = START + bson.encode({"ok": 1, "xyz": 2}).replace(b"xyz", b"x\xffz")
    assert wire.reply(wire.OP_REPLY, content).documents == ({"ok": 1, "x�z": 2},)


def test_a_checksum_is_no_document() -> None:
    content = struct.pack("<IB", wire.CHECKSUM, 0) + bson.encode({"ok": 1}) + b"\x01\x02\x03\x04"
    assert wire.reply(wire.OP_MSG, content).documents == ({"ok": 1},)


def test_what_was_listed_stands_when_the_server_falls_silent(tmp_path: Path) -> None:
    def answer(command: dict[str, Any]) -> dict[str, Any]:
        match next(iter(command)):
            case "isMaster" | "buildInfo":
                return MODERN
            case "listDatabases":
                return {"databases": [{"name": "bears"}, {"name": "bears-test"}], "ok": 1}
            case _:
                raise EOFError  # the peer's end of the line

    left = met(mongo(answer), tmp_path)
    assert left.gaps == ()
    (listing,) = [one["seen"] for one in left.observations if "listing" in one["seen"]["kind"]]
    bases = listing["answer"]["databases"]
    assert [(base["name"], base["truncated"], base["collections"]["cause"]) for base in bases] == [
        ("bears", True, "silent"),
        ("bears-test", True, "silent"),
    ]


def test_the_same_when_it_stays_silent_and_keeps_the_line(tmp_path: Path) -> None:
    def answer(command: dict[str, Any]) -> dict[str, Any]:
        if next(iter(command)) == "listDatabases":
            return {"databases": [{"name": "bears"}], "ok": 1}
        return MODERN

    left = met(stopping(answer, after=2), tmp_path)
    (listing,) = [one["seen"] for one in left.observations if "listing" in one["seen"]["kind"]]
    assert listing["answer"]["databases"][0]["collections"]["cause"] == "silent"


def test_a_tls_alert_in_cleartext_is_a_way_to_hang_up(tmp_path: Path) -> None:
    refusal = {"ok": 0.0, "code": 13, "codeName": "Unauthorized"}
    left = met(behind_tls(lambda command: refusal if "listDatabases" in command else MODERN), tmp_path)
    assert left.gaps == ()
    hello, listing = sorted((one["seen"] for one in left.observations), key=lambda seen: str(seen["kind"]))
    assert (hello["plain"], hello["tls"]) == (False, True)
    assert (listing["over_tls"], listing["answer"]["code"]) == (True, 13)


def test_members_of_a_replica_set_are_mentioned_and_followed_by_no_permission_of_another_port(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        async with serving(mongo(lambda command: MODERN)) as other:
            told = MODERN | {"setName": "rs", "hosts": [other.at, "not a host", 7, "db2.bears.test:27017"]}
            async with serving(mongo(lambda command: told)) as first:
                surface = Database(id="records", where=f"mongodb://{first.at}")
                it = product([surface], [allow(first.at)])
                left = await looked(it, door(it, bench()), tmp_path)
                assert first.contacts
                assert left.dialled == {first.at}
                assert other.contacts == 0
                hello = next(one["seen"] for one in left.observations if "hello" in one["seen"]["kind"])
                assert hello["hosts"] == [other.at, "db2.bears.test:27017"]

    asyncio.run(run())


def test_at_look_nobody_asks_for_a_listing(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(command: dict[str, Any]) -> dict[str, Any]:
        asked.append(next(iter(command)))
        return MODERN

    left = met(mongo(answer), tmp_path, Level.LOOK)
    assert set(asked) == {"isMaster", "buildInfo"}
    assert [gap.cause for gap in left.gaps] == [Cause.NOT_PERMITTED]


def test_at_knock_nobody_asks_for_fields(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(command: dict[str, Any]) -> dict[str, Any]:
        asked.append(next(iter(command)))
        return MODERN | {
            "databases": [{"name": "bears"}],
            "cursor": {"id": 0, "firstBatch": [{"name": "users", "type": "collection"}]},
            "n": 3,
        }

    met(mongo(answer), tmp_path, Level.KNOCK)
    assert "count" in asked
    assert "aggregate" not in asked
    met(mongo(answer), tmp_path / "use", Level.USE)
    assert "aggregate" in asked


def stopping(answer: Callable[[dict[str, Any]], dict[str, Any]], after: int) -> Behaviour:
    """Like `mongo`, but silent after so many answers, with the line kept open."""
    whole = mongo(answer)

    async def behave(reader: Reader, writer: Writer) -> None:
        short = asyncio.StreamReader()
        feeding = asyncio.ensure_future(whole(short, writer))
        for _ in range(after):
            head = await reader.readexactly(16)
            short.feed_data(head + await reader.readexactly(struct.unpack("<i", head[:4])[0] - 16))
        await reader.read()
        await reader.read()
        short.feed_eof()
        await feeding

    return behave


def met(behaviour: Behaviour, folder: Path, level: Level = Level.USE) -> Left:
    """What a look at this server leaves."""

    async def run() -> Left:
        async with serving(behaviour) as server:
            return await look_at(server.port, folder, level)

    return asyncio.run(run())


async def look_at(port: int, folder: Path, level: Level = Level.USE) -> Left:
    surface = Database(id="records", where=f"mongodb://127.0.0.5:{port}")
    it = product([surface], [allow("127.0.0.5", level)])
    return await looked(it, door(it, bench(), Limits(silence=0.4, look=8)), folder)


def test_who_answers_everything_and_shows_nothing_is_no_database(tmp_path: Path) -> None:
    """Fixture: every answer is `ok` and no more. No MongoDB is without databases of its own."""

    async def run() -> Left:
        async with serving(mongo(lambda command: MODERN)) as server:
            surface = Database(id="records", where=f"mongodb://{server.at}")
            it = product([surface], [allow(server.at)])
            return await looked(it, door(it, bench()), tmp_path)

    left = asyncio.run(run())
    (gap,) = (gap for gap in left.gaps if DatabaseListing.tag() in gap.lacks)
    assert gap.cause is Cause.CONTRADICTORY
    assert "showed nothing" in gap.words
