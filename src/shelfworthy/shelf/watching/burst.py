"""Many looks at once on the workers of a dask cluster (`audit/cluster.py`): for the day on which much is due.

Claims, host leases, taking in and planning are as in `worker`, here; only the looking is elsewhere. There a
product is looked at whole, and not only by what is due: what its product file permits is the same.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from django.db import connections

from shelfworthy.audit.cluster import Cluster, joined
from shelfworthy.audit.executor import Done, Job, Stop
from shelfworthy.record import load_evidence
from shelfworthy.shelf.watching.child import Reply, missed
from shelfworthy.shelf.watching.looking import Own, Way
from shelfworthy.shelf.watching.worker import BUDGET, Stopped, Worker

AT_ONCE = 32  # looks under way, at most; each has a thread here that mostly waits

log = logging.getLogger(__name__)


class Hand(Worker):
    """A worker whose looks a cluster does. loop: the one that the cluster is spoken to in."""

    def __init__(self, cluster: Cluster, loop: asyncio.AbstractEventLoop, stop: threading.Event) -> None:
        super().__init__()
        self.stop = stop  # of all hands
        self._cluster, self._loop = cluster, loop

    def step(self) -> bool:
        """Only looks: a worker beside it tells, plans and makes verdicts anew."""
        return self.look_again()

    def _look(self, papers: Own, worth: Iterable[Way], folder: Path) -> Reply:
        job = Job(
            line=0,
            folder=folder,
            product=papers.product,
            text=papers.text,
            supplied=papers.supplied,
            policy=papers.policy,
            budget=BUDGET.total_seconds(),
        )
        done = self._done(asyncio.run_coroutine_threadsafe(self._cluster.audit(job), self._loop))
        if not done.digest:
            return Reply(digest="", fault=done.trouble)
        return Reply(digest=done.digest, missed=missed(load_evidence(folder)))

    def _done(self, looking: "Future[Done]") -> Done:
        """How a look ended. Raises Stopped, where the cluster has gone as well."""
        while not looking.done() and not self.stop.is_set():
            wait([looking], timeout=0.2)
        if not looking.done():
            looking.cancel()
            raise Stopped
        try:
            return looking.result()
        except Stop as why:
            log.error("%s", why)
            self.stop.set()
            raise Stopped from None


def burst(address: str, *, resource: str = "", at_once: int = AT_ONCE) -> None:
    """Look at all that is due, on a cluster, until nothing is or SIGTERM. Raises Stop if it cannot be joined.

    address: of its scheduler, tls://HOST:PORT. resource: see `joined`. To be called in the main thread.
    """
    asyncio.run(_burst(address, resource, at_once))


async def _burst(address: str, resource: str, at_once: int) -> None:
    loop, stop = asyncio.get_running_loop(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with joined(address, resource=resource, at_once=at_once) as cluster:
        hands = [Hand(cluster, loop, stop) for _ in range(cluster.at_once)]
        with ThreadPoolExecutor(len(hands), thread_name_prefix="hand") as threads:
            await asyncio.gather(*(loop.run_in_executor(threads, _work, hand) for hand in hands))


def _work(hand: Hand) -> None:
    try:
        hand.work(once=True)
    finally:
        connections.close_all()
