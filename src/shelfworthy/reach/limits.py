"""Bounds of every look: what a hostile or broken peer can cost us, and what we may cost anybody."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shelfworthy.model import Cause, Record
from shelfworthy.reach.words import UsedUp


class Limits(Record, frozen=True):
    """Times in seconds, sizes in bytes.

    connect, silence: how long one connection attempt, one wait for the next byte may take. look: one probe
    at one surface. received: by one look in all. body, head: of one HTTP answer. handshakes, pages: contacts
    of one surface at level `look`. connections: of one surface at any level. rate, burst: connections a
    second to one address and port. together: open connections to one address and port.
    """

    connect: float = 4.0
    silence: float = 4.0
    look: float = 20.0
    received: int = 16 << 20
    body: int = 2 << 20
    head: int = 64 << 10
    handshakes: int = 8
    pages: int = 24
    connections: int = 600
    rate: float = 100.0
    burst: int = 100
    together: int = 8


class Pace:
    """Politeness towards one address and port: a token bucket and a ceiling on open connections."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tokens = float(limits.burst)
        self._filled = time.monotonic()
        self._open = asyncio.Semaphore(limits.together)

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Keep one of the connections open. Raises NotSeen when none was free within `patience` seconds.

        A probe that waits for its ninth connection while it holds eight is answered so, too.
        """
        ours = False
        try:
            try:
                async with asyncio.timeout(patience):
                    ours = await self._open.acquire()
                    await self._token()
            except TimeoutError as error:
                most = self._limits.together
                words = f"More than {most} connections at once would be impolite, and none came free."
                raise UsedUp(Cause.NOBODY_LOOKED, words) from error
            yield
        finally:
            if ours:
                self._open.release()

    async def _token(self) -> None:
        """Return when the next connection is polite."""
        while True:
            now = time.monotonic()
            earned = (now - self._filled) * self._limits.rate
            self._tokens = min(float(self._limits.burst), self._tokens + earned)
            self._filled = now
            if self._tokens >= 1:
                self._tokens -= 1
                return
            await asyncio.sleep((1 - self._tokens) / self._limits.rate)
