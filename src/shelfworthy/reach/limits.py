"""Bounds of every look: what a hostile or broken peer can cost us, and what we may cost anybody."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import structs

from shelfworthy.model import Cause, Record
from shelfworthy.reach.words import UsedUp


class Limits(Record, frozen=True):
    """Times in seconds, sizes in bytes.

    connect, silence: how long one connection attempt, one wait for the next byte may take. look: one probe
    at one surface. received: by one look in all. body, head: of one HTTP answer. handshakes, pages: contacts
    of one surface at level `look`, parts: of the pages that a browser shows. questions: about names, to
    resolvers and registries, on behalf of one surface. connections: of one surface at any level. rate, burst:
    connections a second to one address and port. together: open connections to one address and port.
    """

    connect: float = 4.0
    silence: float = 4.0
    look: float = 20.0
    received: int = 16 << 20
    body: int = 2 << 20
    head: int = 64 << 10
    handshakes: int = 8
    pages: int = 32
    parts: int = 160
    questions: int = 240
    connections: int = 600
    rate: float = 100.0
    burst: int = 100
    together: int = 8

    def shared(self, by: int) -> "Limits":
        """The part of our politeness towards each address that one of so many processes has.

        Two connections at least: a look may need a second one while it holds the first.
        """
        return structs.replace(
            self,
            rate=self.rate / by,
            burst=max(1, self.burst // by),
            together=max(min(2, self.together), self.together // by),
        )


class Pace:
    """Politeness towards one address and port: a token bucket and a ceiling on open connections."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tokens = float(limits.burst)
        self._filled = time.monotonic()
        self._open = asyncio.Semaphore(limits.together)
        self._inside = 0  # who has a turn, or waits for one

    @property
    def as_new(self) -> bool:
        """Nobody is here, and nobody was for as long as it takes to earn all there is to earn."""
        earned = (time.monotonic() - self._filled) * self._limits.rate
        return not self._inside and self._tokens + earned >= self._limits.burst

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Keep one of the connections open. Raises NotSeen when none was free within `patience` seconds.

        A probe that waits for its ninth connection while it holds eight is answered so, too.
        """
        ours = False
        self._inside += 1
        try:
            try:
                if not self._open.locked() and self._pays():
                    ours = await self._open.acquire()  # at once
                else:
                    async with asyncio.timeout(patience):
                        ours = await self._open.acquire()
                        await self._token()
            except TimeoutError as error:
                most = self._limits.together
                words = f"More than {most} connections at once would be impolite, and none came free."
                raise UsedUp(Cause.NOBODY_LOOKED, words) from error
            yield
        finally:
            self._inside -= 1
            if ours:
                self._open.release()

    async def _token(self) -> None:
        """Return when the next connection is polite."""
        while not self._pays():
            await asyncio.sleep((1 - self._tokens) / self._limits.rate)

    def _pays(self) -> bool:
        """Whether the next connection is polite by now, and is paid for."""
        now = time.monotonic()
        earned = (now - self._filled) * self._limits.rate
        self._tokens = min(float(self._limits.burst), self._tokens + earned)
        self._filled = now
        paid = self._tokens >= 1
        self._tokens -= paid
        return paid
