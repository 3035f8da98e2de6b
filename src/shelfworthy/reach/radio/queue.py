"""Notifications that came and were not taken yet: bounded, whatever a device floods us with."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

MOST, LARGEST = 4096, 1 << 20  # values, and bytes of them all, that wait to be taken; more are only counted


class Arrivals:
    """What came by notification and indication in one connection, by handle."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[int, int]] = {}
        self._waiting: defaultdict[int, deque[bytes]] = defaultdict(deque)
        self._kept = 0
        self._size = 0
        self._news = asyncio.Event()
        self.total = 0  # bytes that came in all

    def add(self, handle: int, value: bytes) -> None:
        """One more came."""
        count, size = self._counts.get(handle, (0, 0))
        self._counts[handle] = count + 1, size + len(value)
        self.total += len(value)
        if self._kept < MOST and self._size + len(value) <= LARGEST:
            self._waiting[handle].append(value)
            self._kept += 1
            self._size += len(value)
            self._news.set()

    def so_far(self, handle: int) -> tuple[int, int]:
        """How many came on this handle, and bytes in all."""
        return self._counts.get(handle, (0, 0))

    def take(self, handle: int) -> bytes | None:
        """The oldest that was not taken; None if there is none."""
        queue = self._waiting.get(handle)
        if not queue:
            return None
        value = queue.popleft()
        self._kept -= 1
        self._size -= len(value)
        return value

    async def first(
        self, handles: Sequence[int], within: float, gone: "asyncio.Future[None]"
    ) -> tuple[int, bytes] | None:
        """The oldest one not taken of the first of these handles that has one, and which that is.

        Waited for so many seconds, or until the device is gone.
        """
        ends = asyncio.get_running_loop().time() + within
        while True:
            for handle in handles:
                if (value := self.take(handle)) is not None:
                    return handle, value
            left = ends - asyncio.get_running_loop().time()
            if left <= 0 or gone.done():
                return None
            self._news.clear()
            news = asyncio.ensure_future(self._news.wait())
            both: set[asyncio.Future[Any]] = {news, gone}
            try:
                await asyncio.wait(both, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                news.cancel()
