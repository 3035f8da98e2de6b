"""What a device does by the way, without making anybody wait for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Work:
    """Keeps tasks until they are done: the loop alone would forget them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def soon(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
