"""bumble as a guest: it logs nothing, and its tasks that fail do not speak to the operator.

What went wrong shows in what did not come; its own words are for people who write Bluetooth stacks.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def quiet() -> Iterator[None]:
    """While the block runs, bumble says nothing on this loop."""
    logger = logging.getLogger("bumble")
    before = logger.level, logger.propagate
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    loop = asyncio.get_running_loop()
    usual = loop.get_exception_handler()

    def handler(at: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if _is_theirs(context):
            return
        if usual is not None:
            usual(at, context)
        else:
            at.default_exception_handler(context)

    loop.set_exception_handler(handler)
    try:
        yield
    finally:
        loop.set_exception_handler(usual)
        logger.setLevel(before[0])
        logger.propagate = before[1]


def _is_theirs(context: dict[str, Any]) -> bool:
    """Whether what failed was begun by bumble, or came out of it."""
    code = getattr(getattr(context.get("future"), "get_coro", lambda: None)(), "cr_code", None)
    if code is not None and "/bumble/" in code.co_filename:
        return True
    trace = getattr(context.get("exception"), "__traceback__", None)
    while trace is not None:
        if "/bumble/" in trace.tb_frame.f_code.co_filename:
            return True
        trace = trace.tb_next
    return type(context.get("exception")).__module__.startswith("bumble")
