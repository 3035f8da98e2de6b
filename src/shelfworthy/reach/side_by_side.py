"""Several contacts of one look at once."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def together(parts: Iterable[Coroutine[Any, Any, T]]) -> tuple[T, ...]:
    """Run all parts side by side; their results in the order of the parts.

    The first part that raises ends the others, and what it raised comes out as it is: what stopped one part
    stopped the look, and `audit` reads its cause.
    """
    try:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(part) for part in parts]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return tuple(task.result() for task in running)
