"""What a look at a store says at each level: no account is named, and nothing is listed, below `knock`."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from shelfworthy.model import Level
from tests.hostile.stores import LET_IN, UNSUPPORTED, greeting, packet
from tests.probes.database import http_stores as fixtures
from tests.probes.database.stores_told_apart import look_at
from tests.servers import Behaviour, Reader, Writer, serving

DENIED = packet(b"\xff\x15\x04#28000no", 2)


def hearing(said: bytearray, answers: dict[bytes, bytes], first: bytes = b"") -> Behaviour:
    """Keeps what it hears, and answers by what that holds."""

    async def behave(reader: Reader, writer: Writer) -> None:
        writer.write(first)
        while heard := await reader.read(4096):
            said.extend(heard)
            writer.write(next(answer for key, answer in answers.items() if key in heard))

    return behave


def overheard(said: bytearray, store: fixtures.Store) -> Behaviour:
    def answer(target: str) -> fixtures.Answered:
        said.extend(target.encode() + b"\n")
        return store(target)

    return fixtures.serve(answer)


REDIS = {b"PING": b"+PONG\r\n", b"DBSIZE": b":7\r\n", b"EXISTS": b":0\r\n", b"": b"$0\r\n\r\n"}
POSTGRESQL = {b"\x04\xd2\x16\x2f": b"N", b"\0\x09\0\0": UNSUPPORTED, b"": LET_IN}
# scheme → what speaks it, and what is said from `knock` on and never below.
CASES: dict[str, tuple[Callable[[bytearray], Behaviour], tuple[bytes, ...]]] = {
    "redis": (lambda said: hearing(said, REDIS), (b"DBSIZE", b"EXISTS")),
    "postgresql": (lambda said: hearing(said, POSTGRESQL), (b"postgres",)),
    "mysql": (lambda said: hearing(said, {b"": DENIED}, greeting()), (b"root",)),
    "elasticsearch+http": (lambda said: overheard(said, fixtures.elasticsearch()), (b"/_cat/indices",)),
    "couchdb+http": (lambda said: overheard(said, fixtures.couchdb()), (b"/_all_dbs", b"/bears")),
    "firebase+http": (lambda said: overheard(said, fixtures.firebase()), (b"/.json",)),
}


@pytest.mark.parametrize("scheme", CASES)
def test_strangers_questions_wait_for_knock(scheme: str, tmp_path: Path) -> None:
    """The same server, which would have answered, hears them at `knock` and not at `look`."""
    start, questions = CASES[scheme]

    async def heard(level: Level) -> bytes:
        said = bytearray()
        async with serving(start(said), "127.0.0.1") as server:
            left = await look_at({"store": f"{scheme}://127.0.0.1:{server.port}"}, tmp_path / level, level)
            assert any("store-hello" in one["seen"]["kind"] for one in left.observations)
        return bytes(said)

    shy, bold = asyncio.run(heard(Level.LOOK)), asyncio.run(heard(Level.KNOCK))
    assert not [question for question in questions if question in shy]
    assert not [question for question in questions if question not in bold]


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_one_account_without_a_password_and_few_times(scheme: str, tmp_path: Path) -> None:
    """Once per way in the greeting and once in the listing, and once per database that is looked into."""
    start, (account,) = CASES[scheme]
    said = bytearray()

    async def run() -> None:
        async with serving(start(said), "127.0.0.1") as server:
            where = {"store": f"{scheme}://127.0.0.1:{server.port}"}
            await look_at(where, tmp_path, Level.KNOCK)

    asyncio.run(run())
    logins = said.count(b"user\0postgres\0") if scheme == "postgresql" else said.count(account + b"\0\0")
    assert 2 <= logins <= 3
