"""Whatever answers where a store should be, its look ends in time, says why, and clears nothing."""

import asyncio
import re
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shelfworthy.audit.judge import judge_folder
from shelfworthy.model import Cause, Database, Level, Outcome
from shelfworthy.reach import Limits
from tests import clock
from tests.hostile.servers import ANY, HTTP
from tests.hostile.stores import STORES
from tests.looking import Left, allow, bench, door, looked, product
from tests.memory import grown
from tests.servers import Behaviour, serving

LIMITS = Limits(connect=0.5, silence=0.3, look=6.5)  # details are asked while more than 5 s are left
IN_TIME = 25.0  # two tries of the slowest; the rest is for a busy machine
MEMORY = 150 << 20  # bytes for all peers of one protocol at once, the peers' own among them
# They were let in, or shown a listing: a liar may well incriminate itself.
CLEARING = (Outcome.PASS, Outcome.MOOT)


@pytest.mark.parametrize("scheme", STORES)
def test_hostile_peers(scheme: str, tmp_path: Path) -> None:
    """All of them at once, in one audit."""
    web = HTTP if scheme == "elasticsearch+http" else {}  # the others speak HTTP by the same code
    peers = ANY | web | STORES[scheme]
    began = clock.now()
    with grown() as memory:  # tracing it would take three times as long, and time is looked at, too
        left = asyncio.run(look_at(scheme, peers, tmp_path))
    assert clock.now() - began < IN_TIME
    assert memory.peak < MEMORY
    assert not [(gap.surface, gap.words) for gap in left.gaps if gap.cause is Cause.OUR_FAULT]
    assert all(gap.words.endswith(".") for gap in left.gaps)
    explained = {(gap.surface, gap.by) for gap in left.gaps}
    assert {(look.surface, look.by) for look in left.looks if not look.complete} == explained
    assert {look.surface for look in left.looks} == set(map(slug, peers))


@pytest.mark.parametrize("scheme", STORES)
def test_they_clear_nothing(scheme: str, tmp_path: Path) -> None:
    """None of these refuses anybody, and none shows all it holds."""
    left = asyncio.run(look_at(scheme, STORES[scheme] | {"noise": ANY["noise at once"]}, tmp_path))
    judgement = judge_folder(left.folder, datetime(2026, 11, 23, tzinfo=UTC))
    cleared = [(one.surface, one.check, one.says) for one in judgement.findings if one.outcome in CLEARING]
    # What its own listing shows is judged by what is in it, and by that alone.
    told = {one["surface"] for one in left.observations if "listing" in str(one["seen"].get("answer"))}
    assert not [it for it in cleared if it[1] in ("database-open", "database-cleartext")]
    assert not [it for it in cleared if it[0] not in told]


async def look_at(scheme: str, peers: dict[str, Behaviour], folder: Path) -> Left:
    async with AsyncExitStack() as stack:
        servers = {name: await stack.enter_async_context(serving(one)) for name, one in peers.items()}
        surfaces = [Database(id=slug(name), where=f"{scheme}://{one.at}") for name, one in servers.items()]
        it = product(surfaces, [allow("127.0.0.5", Level.KNOCK)])
        left = await looked(it, door(it, bench(), LIMITS), folder)
        assert all(one.contacts for one in servers.values())
        return left


def slug(name: str) -> str:
    """As a product file wants it."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", name)
