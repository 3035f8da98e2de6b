"""At `look` no broker is contacted, although it would have answered; at `knock` nobody logs in."""

import asyncio
from pathlib import Path

import pytest

from shelfworthy.model import Broker, Cause, Level
from shelfworthy.probes.broker import BROKER
from tests.hostile.brokers import start
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.broker.peers import Datagram, answering, refusing
from tests.servers import Behaviour, Reader, Server, Writer, serving


def saying(greeting: bytes, heard: list[bytes]) -> Behaviour:
    async def behave(reader: Reader, writer: Writer) -> None:
        while content := await reader.read(4096):
            heard.append(content)
            writer.write(greeting)

    return behave


async def look_at(where: str, level: Level, folder: Path) -> Left:
    it = product([Broker(id="messages", where=where)], [allow("127.0.0.5", level)])
    return await looked(it, door(it, bench()), folder, [BROKER])


@pytest.mark.parametrize("scheme", ["mqtt", "amqp"])
def test_at_look_nobody_is_contacted(scheme: str, tmp_path: Path) -> None:
    async def run() -> tuple[Left, Server, int]:
        async with serving(saying(b"\x20\x02\0\x05", [])) as server:
            left = await look_at(f"{scheme}://{server.at}", Level.LOOK, tmp_path / "look")
            contacts = server.contacts
            await look_at(f"{scheme}://{server.at}", Level.KNOCK, tmp_path / "knock")
            return left, server, contacts

    left, server, contacts = asyncio.run(run())
    assert contacts == 0
    assert server.contacts > 0  # it would have answered
    assert [gap.cause for gap in left.gaps] == [Cause.NOT_PERMITTED]
    assert left.observations == ()


def test_the_same_over_udp(tmp_path: Path) -> None:
    async def run() -> tuple[Left, Datagram, int]:
        async with answering(refusing) as server:
            where = f"coap://{server.host}:{server.port}"
            left = await look_at(where, Level.LOOK, tmp_path / "look")
            contacts = server.contacts
            await look_at(where, Level.KNOCK, tmp_path / "knock")
            return left, server, contacts

    left, server, contacts = asyncio.run(run())
    assert (contacts, server.contacts) == (0, 1)
    assert [gap.cause for gap in left.gaps] == [Cause.NOT_PERMITTED]


@pytest.mark.parametrize(("level", "tries"), [(Level.KNOCK, [""]), (Level.USE, ["", "guest"])])
def test_the_published_password_is_a_log_in(level: Level, tries: list[str], tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def run() -> Left:
        async with serving(saying(start(b"", b"PLAIN"), heard)) as server:
            return await look_at(f"amqp://{server.at}", level, tmp_path)

    (seen,) = [one["seen"] for one in asyncio.run(run()).observations]
    assert [one["name"] for one in seen["tries"]] == tries
    assert (b"\0guest\0guest" in b"".join(heard)) is (level is Level.USE)


def test_what_is_said_to_mqtt_is_no_message_and_no_will(tmp_path: Path) -> None:
    """Everything we send is CONNECT and SUBSCRIBE; nothing is published, and nothing left behind."""
    heard: list[bytes] = []

    async def run() -> Left:
        async with serving(saying(b"\x20\x02\0\0", heard)) as server:
            return await look_at(f"mqtt://{server.at}", Level.USE, tmp_path)

    asyncio.run(run())
    kinds = [content[0] >> 4 for content in heard]
    assert kinds[0] == 1
    assert set(kinds) == {1, 8}
    assert heard[0][9] == 0x02
