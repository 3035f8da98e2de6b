"""Listening on an open line: whatever comes in so many seconds, and silence is no failure."""

import asyncio
import time

from shelfworthy.model import Endpoint, Level
from shelfworthy.reach import Limits
from tests.looking import QUICK, allow, bench, door, product
from tests.servers import Behaviour, Reader, Writer, serving


async def heard(behaviour: Behaviour, seconds: float, limits: Limits = QUICK) -> tuple[bytes, float]:
    """What came, and how long it took."""
    async with serving(behaviour) as server:
        it = product([Endpoint(id="site", where=f"http://{server.at}/")], [allow("127.0.0.5")])
        reach = door(it, bench(), limits).reach(it.surface[0])
        async with reach.tcp(level=Level.LOOK) as line:
            began = time.monotonic()
            content = b"".join([piece async for piece in line.listen(seconds)])
            took = time.monotonic() - began
        received = sum(entry.length for entry in reach.transcript().entries if entry.event == "received")
        assert received == len(content)
        return content, took


async def now_and_then(reader: Reader, writer: Writer) -> None:
    for number in range(100):
        writer.write(bytes([number]))
        await asyncio.sleep(0.05)


async def nothing(reader: Reader, writer: Writer) -> None:
    await asyncio.sleep(60)


async def something(reader: Reader, writer: Writer) -> None:
    writer.write(b"hello")


def test_it_ends_when_the_time_is_over() -> None:
    content, took = asyncio.run(heard(now_and_then, 0.5))
    assert 3 <= len(content) <= 12
    assert 0.4 < took < 0.9


def test_silence_is_no_failure_and_longer_than_one_wait() -> None:
    content, took = asyncio.run(heard(nothing, 0.7))
    assert content == b""
    assert 0.6 < took < 0.95  # QUICK waits 0.3 s for a byte


def test_it_ends_with_the_line() -> None:
    content, took = asyncio.run(heard(something, 5))
    assert content == b"hello"
    assert took < 1


def test_it_ends_with_the_look() -> None:
    content, took = asyncio.run(heard(nothing, 60, Limits(silence=0.4, look=0.6)))
    assert content == b""
    assert took < 0.9
