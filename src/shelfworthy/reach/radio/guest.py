"""Call bumble: bounded in time, and what it raises comes out as one word.

It also ends what waits with a cancellation when a device hangs up, which must not look as if somebody had
stopped the audit: each call runs in a task of its own.
"""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


class Failed(Exception):
    """A call of bumble's that raised; the cause is what it raised, None where it was broken off.

    code: of HCI or the protocol spoken, -1 if there is none.
    """

    def __init__(self, error: BaseException | None) -> None:
        super().__init__(type(error).__name__ if error else "broken off")
        self.error = error
        code = getattr(error, "error_code", None)
        self.code = int(code) if isinstance(code, int) else -1


async def bounded(call: Coroutine[object, object, T], seconds: float) -> T:
    """What a call gives. Raises Failed, TimeoutError."""
    task = asyncio.ensure_future(call)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.add_done_callback(_taken)
            task.cancel()
    if not task.done():
        raise TimeoutError
    if task.cancelled():
        raise Failed(None)
    if (error := task.exception()) is not None:
        raise Failed(error) from error
    return task.result()


def _taken(task: "asyncio.Task[T]") -> None:
    """What it raises now interests nobody."""
    if not task.cancelled():
        task.exception()
