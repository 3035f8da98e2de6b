"""Politeness towards everybody at once: one street for all audits of a process.

What it keeps, however many products name the same address: the pace and the open connections of `Limits` at
each address and port, so many looks under way at all, and so many of them at the same host, so that each has
a connection of its own to wait for and none runs out of its time in the queue of the others.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shelfworthy.model import Kind
from shelfworthy.product.address import IP, Address
from shelfworthy.reach.limits import Limits, Pace

LOOKS = 64  # under way at once in a process; each may hold eight connections, and files are few
CROWD = 1024  # paces kept before those nobody waits at are forgotten


class Street:
    """Where all doors of a process lead to. limits: those of every look."""

    def __init__(self, limits: Limits | None = None, looks: int = LOOKS) -> None:
        self.limits = limits or Limits()
        self._paces: dict[tuple[IP, int], Pace] = {}
        self._crowd = CROWD
        self._looks = asyncio.Semaphore(looks)
        self._lanes: dict[tuple[str, int], asyncio.Semaphore] = {}
        self._adapters: dict[str, asyncio.Lock] = {}
        self._in_lane: Counter[tuple[str, int]] = Counter()  # looks under way or waiting there

    def pace(self, address: IP, port: int) -> Pace:
        """The pace at an address. One that is idle as long as it takes to be new again is forgotten."""
        pace = self._paces.get((address, port))
        if pace is None:
            if len(self._paces) >= self._crowd:
                self._paces = {at: one for at, one in self._paces.items() if not one.as_new}
                self._crowd = max(CROWD, 2 * len(self._paces))
            pace = self._paces[address, port] = Pace(self.limits)
        return pace

    def adapter(self, spec: str) -> asyncio.Lock:
        """Whoever holds it has this Bluetooth adapter."""
        return self._adapters.setdefault(spec, asyncio.Lock())

    @asynccontextmanager
    async def look(self, at: Address) -> AsyncIterator[None]:
        """A look at this address may begin, and is under way until the end of the block."""
        radio = at.scheme == Kind.BLUETOOTH  # one adapter: a look's time begins when that is free
        host = (at.scheme, 0) if radio else (at.host, at.port)
        lane = self._lanes.setdefault(host, asyncio.Semaphore(1 if radio else self.limits.together))
        self._in_lane[host] += 1
        try:
            async with lane, self._looks:
                yield
        finally:
            self._in_lane[host] -= 1
            if not self._in_lane[host]:
                del self._in_lane[host], self._lanes[host]
