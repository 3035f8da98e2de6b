"""Several contacts of one look at once: all, or the first that stopped it; and answers with a bound."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from shelfworthy.model import Cause, Endpoint, Level
from shelfworthy.reach import FellSilent, Limits, NotHttp, NotSeen, Reach, exchange, together
from tests.looking import allow, bench, door, product
from tests.probes.endpoint import peers
from tests.servers import Behaviour, page, saying, serving


async def said(word: str, after: float = 0) -> str:
    await asyncio.sleep(after)
    return word


async def stopped(cause: Cause) -> str:
    raise NotSeen(cause, "It stopped.")


def test_results_come_in_the_order_of_the_parts() -> None:
    assert asyncio.run(together([said("a", 0.02), said("b"), said("c", 0.01)])) == ("a", "b", "c")
    assert asyncio.run(together([])) == ()


def test_what_stops_one_part_stops_all_and_comes_out_as_it_is() -> None:
    ended = []

    async def patient() -> str:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)
        return ""

    with pytest.raises(NotSeen) as trouble:
        asyncio.run(together([patient(), stopped(Cause.UNREACHABLE)]))
    assert trouble.value.cause is Cause.UNREACHABLE
    assert ended == [True]


def asked(behaviour: Behaviour, ask: Callable[[Reach], Awaitable[object]]) -> object:
    async def run() -> object:
        async with serving(behaviour) as server:
            surface = Endpoint(id="it", where=f"http://{server.at}/")
            it = product([surface], [allow(server.at)])
            return await ask(door(it, bench(), Limits(silence=0.5, look=5)).reach(surface))

    return asyncio.run(run())


async def quickly(reach: Reach) -> object:
    async with reach.tcp(level=Level.LOOK) as line:
        return await exchange(reach, line, reach.address, within=0.6)


def test_an_answer_within_the_bound_is_whole() -> None:
    assert asked(saying(page(b"here")), quickly)


def test_an_answer_that_drips_beyond_the_bound_is_silence() -> None:
    with pytest.raises(FellSilent) as trouble:
        asked(peers.dripping(page(b"here"), 0.1), quickly)
    assert trouble.value.cause is Cause.SILENT


def test_what_is_not_http_is_told_apart() -> None:
    with pytest.raises(NotHttp):
        asked(saying(b"SSH-2.0-x\r\n\r\n"), quickly)
