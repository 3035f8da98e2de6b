"""Whatever a broker does, the look at it ends in time, in bounded memory, and says what it could not see."""

import asyncio
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shelfworthy.audit.judge import judge_folder
from shelfworthy.model import Broker, Cause, Outcome
from shelfworthy.probes.broker import BROKER
from shelfworthy.probes.broker.topics import MOST_MESSAGES
from shelfworthy.reach import Limits
from tests import clock
from tests.hostile.brokers import AMQP, COAP, FLOODS, MQTT
from tests.hostile.servers import ANY
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.broker.peers import Answer, answering
from tests.servers import Behaviour, serving

QUICK = Limits(connect=0.5, silence=0.2, look=3.0)
LONGER = Limits(silence=0.2, look=6.0)  # some of it is kept for the end; the rest is to ask for resources
IN_TIME = 12.0  # two tries take 6 s; the rest is for a busy machine
MEMORY = 24 << 20  # bytes over what was there before, this test's own servers included
GREEDY = ("an answer of 256 MiB", "granted, and a message of 256 MiB", *FLOODS)


async def look_at(where: str, folder: Path, limits: Limits) -> Left:
    it = product([Broker(id="messages", where=where)], [allow("127.0.0.5")])
    return await looked(it, door(it, bench(), limits), folder, [BROKER])


async def over_tcp(behaviour: Behaviour, scheme: str, folder: Path, limits: Limits = QUICK) -> Left:
    async with serving(behaviour) as server:
        left = await look_at(f"{scheme}://{server.at}", folder, limits)
        assert server.contacts
        return left


async def over_udp(answer: Answer, folder: Path) -> Left:
    async with answering(answer) as server:
        left = await look_at(f"coap://{server.host}:{server.port}", folder, LONGER)
        assert server.contacts
        assert left.dialled <= {f"{server.host}:{server.port}"}
        return left


def survived(left: Left, began: float) -> None:
    """In time, without a fault of ours, and clearing nothing (law 1)."""
    assert clock.now() - began < IN_TIME
    assert not [gap.words for gap in left.gaps if gap.cause is Cause.OUR_FAULT]
    assert len(left.observations) + len(left.gaps) == 1
    judgement = judge_folder(left.folder, datetime(2026, 11, 22, tzinfo=UTC))
    assert not [f.says for f in judgement.findings if f.outcome in (Outcome.PASS, Outcome.MOOT)]


@pytest.mark.parametrize("name", [*ANY, *MQTT, *FLOODS])
def test_mqtt(name: str, tmp_path: Path) -> None:
    began = clock.now()
    survived(asyncio.run(over_tcp((ANY | MQTT | FLOODS)[name], "mqtt", tmp_path)), began)


@pytest.mark.parametrize("name", [*ANY, *AMQP])
def test_amqp(name: str, tmp_path: Path) -> None:
    began = clock.now()
    survived(asyncio.run(over_tcp((ANY | AMQP)[name], "amqp", tmp_path)), began)


@pytest.mark.parametrize("name", COAP)
def test_coap(name: str, tmp_path: Path) -> None:
    began = clock.now()
    survived(asyncio.run(over_udp(COAP[name], tmp_path)), began)


@pytest.mark.parametrize("name", GREEDY)
def test_memory_is_bounded(name: str, tmp_path: Path) -> None:
    """With the limits of production."""
    tracemalloc.start()
    try:
        left = asyncio.run(over_tcp((MQTT | FLOODS)[name], "mqtt", tmp_path, Limits()))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY
    if name in FLOODS:
        (seen,) = [one["seen"] for one in left.observations]
        messages = seen["received"]["messages"]
        assert 0 < messages <= MOST_MESSAGES
        assert seen["received"]["truncated"] or messages < MOST_MESSAGES  # on a busy machine fewer came
        assert seen["received"]["topics"] <= 1000
        assert len(seen["received"]["shapes"]) <= 51
        assert sum(entry.length for entry in left.transcripts[0].entries) < 8 << 20
