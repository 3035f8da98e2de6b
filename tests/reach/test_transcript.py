"""Every byte is accounted for by length and hash; none is kept without a reason (law 8)."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from shelfworthy.model import Database, Endpoint, Level
from shelfworthy.probes import PROBES
from shelfworthy.reach import Entry, Limits, NotSeen, Reach, request
from shelfworthy.reach.transcript import Recording
from tests.hostile.servers import after_the_question
from tests.looking import allow, bench, door, looked, product
from tests.servers import Reader, Server, Writer, mongo, page, saying, serving

PLANTED = "sesame-9041"


QUICK = Limits(silence=0.3)


def reach_of(server: Server) -> Reach:
    it = product([Endpoint(id="site", where=f"http://{server.at}/")], [allow(server.at)])
    return door(it, bench(), QUICK).reach(it.surface[0])


def accounted(entries: tuple[Entry, ...], event: str, content: bytes) -> None:
    """These entries cover exactly this content, piece by piece."""
    at = 0
    for entry in entries:
        if entry.event == event:
            piece = content[at : at + entry.length]
            assert entry.sha256 == hashlib.sha256(piece).hexdigest()
            at += entry.length
    assert at == len(content)


def test_every_byte_is_accounted_for() -> None:
    async def run() -> None:
        heard = bytearray()
        said = bytes(range(256)) * 300

        async def behave(reader: Reader, writer: Writer) -> None:
            writer.write(said[:50_000])
            heard.extend(await reader.readexactly(70_000))
            writer.write(said[50_000:])

        async with serving(behave) as server:
            reach = reach_of(server)
            async with reach.tcp(level=Level.LOOK) as line:
                await line.send(b"a" * 30_000)
                got = await line.receive(60_000 - 20_000)
                await line.send(b"b" * 40_000)
                while piece := await line.receive_some():
                    got += piece
            assert got == said
            entries = reach.transcript().entries
            accounted(entries, "received", said)
            accounted(entries, "sent", bytes(heard))
            assert entries[0].event == "connected"
            assert entries[-1].event == "closed"
            assert {entry.to for entry in entries} == {server.at}
            assert [entry.ms for entry in entries] == sorted(entry.ms for entry in entries)

    asyncio.run(run())


def test_what_came_before_a_silence_is_accounted_for_too() -> None:
    async def run() -> None:
        async with serving(after_the_question(lambda: iter([b"half"]))) as server:
            reach = reach_of(server)
            async with reach.tcp(level=Level.LOOK) as line:
                await line.send(b"hello")
                try:
                    await line.receive(8)
                except NotSeen:
                    pass
                else:
                    raise AssertionError("it did not fall silent")
            events = [(entry.event, entry.length) for entry in reach.transcript().entries]
            assert events == [("connected", 0), ("sent", 5), ("silent", 0), ("received", 4)]

    asyncio.run(run())


def test_bytes_are_kept_only_where_a_reason_is_named() -> None:
    async def run() -> None:
        async with serving(saying(page(PLANTED.encode()))) as server:
            reach = reach_of(server)
            await request(reach, reach.address, level=Level.LOOK)
            entries = reach.transcript().entries
            assert not any(entry.kept or entry.why for entry in entries)
            async with reach.tcp(level=Level.LOOK) as line:
                await line.send(b"GET / HTTP/1.0\r\n\r\n")
                await line.receive(8, why="the protocol's name")
            kept = [(entry.kept, entry.why) for entry in reach.transcript().entries if entry.kept]
            assert kept == [(b"HTTP/1.1", "the protocol's name")]

    asyncio.run(run())


def test_a_transcript_has_an_end_and_says_what_is_missing() -> None:
    recording = Recording()
    for _ in range(Recording.LIMIT + 7):
        recording.note("sent", "127.0.0.5:9", b"x")
    for _ in range(2):  # asking twice does not change it
        entries = recording.close().entries
        assert len(entries) == Recording.LIMIT + 1
        assert (entries[-1].event, entries[-1].length) == ("not kept", 7)


def test_no_value_of_a_database_is_kept_anywhere(tmp_path: Path) -> None:
    """Planted where a value may stand: in records, names that are values, errors, beside the greeting."""

    def tells_everything(command: dict[str, Any]) -> dict[str, Any]:
        mail = f"{PLANTED}@example.test"
        record = {"_id": 7, "mail": mail, "name": mail, "motd": mail}
        match next(iter(command)):
            case "listDatabases":
                return {"ok": 1.0, "databases": [record | {"name": "toys"}, record], "motd": mail}
            case "listCollections":
                batch = [{"name": "users", "options": {"comment": mail}}, {"name": mail}]
                return {"ok": 1.0, "cursor": {"id": 0, "firstBatch": batch}}
            case "aggregate":
                return {
                    "ok": 1.0,
                    "cursor": {"id": 0, "firstBatch": [{"_id": {"k": mail, "t": "string"}, "n": 7}]},
                }
            case "count":
                return {"ok": 0.0, "errmsg": f"no {mail}", "code": 13, "codeName": mail}
        return {"ok": 1.0, "ismaster": True, "maxWireVersion": 17, "version": "6.0.5", "motd": mail}

    async def run() -> None:
        async with serving(mongo(tells_everything)) as server:
            it = product([Database(id="db", where=f"mongodb://{server.at}")], [allow(server.at)])
            left = await looked(it, door(it, bench(), QUICK), tmp_path, PROBES)
            assert left.observations
            assert b"users" in left.bytes  # the control: it was listed
            assert PLANTED.encode() not in left.bytes

    asyncio.run(run())


def test_nothing_a_page_says_is_kept_by_reach(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(saying(page(f"<p>{PLANTED}</p>".encode()))) as server:
            reach = reach_of(server)
            await request(reach, reach.address, level=Level.LOOK)
            assert PLANTED not in str(reach.transcript())

    asyncio.run(run())
