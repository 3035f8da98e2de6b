"""Bounds of every look: what a hostile or broken peer can cost us, and what we may cost anybody."""

import asyncio
import time

from shelfworthy.model import Record


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
        self.open = asyncio.Semaphore(limits.together)

    async def wait(self) -> None:
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
