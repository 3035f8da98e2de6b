"""A stranger's look tells the states of real brokers apart. RabbitMQ's: `tests/test_truth_matrix.py`."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path

import pytest

from shelfworthy.model import Broker, Level
from shelfworthy.reach import Limits
from shelfworthy_lab.home import CantRun
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing
from tests.probes.broker.brokers_told_apart import told_apart
from tests.probes.broker.states import MATRIX, running

pytestmark = pytest.mark.lab

LIMITS = Limits(silence=1.0)
OF_THE_TRUTH_MATRIX = "AMQP: RabbitMQ"  # looked at there, at the same level


@pytest.mark.parametrize("kind", [kind for kind in MATRIX if kind != OF_THE_TRUTH_MATRIX])
def test_states_are_told_apart(kind: str, tmp_path: Path) -> None:
    async def run() -> Left:
        async with running(kind, tmp_path / "servers") as places:
            return await look_at(places, tmp_path / "audit", Level.USE)

    told_apart(kind, run_lab(run))


async def look_at(places: Mapping[str, str], folder: Path, level: Level) -> Left:
    """One audit of all of them at once."""
    surfaces = [Broker(id=state, where=where) for state, where in places.items()]
    it = product(surfaces, [allow("127.0.0.0/8", level)])
    return await looked(it, door(it, bench(("127.0.0.0/8",)), LIMITS), folder)


def run_lab(run: Callable[[], Coroutine[object, object, Left]]) -> Left:
    """Run it, or skip where a real server is missing."""
    try:
        return asyncio.run(run())
    except CantRun as why:
        missing(str(why))
