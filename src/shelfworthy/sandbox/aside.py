"""A child of ours that lives beside this process and answers what it is asked, several things at a time.

For work that must not share an interpreter with this process: audits on a worker of a cluster, whose own
connections the fuse would have to tell from those of a look. It is trusted and not confined. It ends with the
process that started it, however that ends: then its standard input is at its end.
"""

import asyncio
import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from struct import pack, unpack
from typing import IO

from shelfworthy.sandbox.box import import_path

START = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n'); "
    "from shelfworthy.sandbox.aside import main; main(sys.argv[2])"
)
HEAD = "!QQ"  # number of the question, length of what follows

Answer = Callable[[bytes], Awaitable[bytes]]


class Ended(Exception):
    """The child ended before it answered."""


class Aside:
    """The parent's side. answer: `module:function` of the child, an `Answer`."""

    def __init__(self, answer: str) -> None:
        path = "\n".join(import_path())
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-S", "-c", START, path, answer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._lock = threading.Lock()
        self._asked: dict[int, Future[bytes]] = {}
        self._count = 0
        self._listener = threading.Thread(target=self._listen, name="aside", daemon=True)
        self._listener.start()

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def ask(self, question: bytes) -> bytes:
        """The answer; any number of threads may wait for theirs. Raises Ended."""
        answer: Future[bytes] = Future()
        with self._lock:
            self._count += 1
            number = self._count
            self._asked[number] = answer
            try:
                assert self._child.stdin is not None
                self._child.stdin.write(pack(HEAD, number, len(question)) + question)
                self._child.stdin.flush()
            except (OSError, ValueError):  # it ended, or we closed it
                self._asked.pop(number)
                raise Ended(f"it ended with {self._child.poll()}") from None
        return answer.result()

    def close(self) -> None:
        """End the child."""
        self._child.kill()
        self._listener.join()
        assert self._child.stdin is not None
        with suppress(OSError):  # what was still to be written has no reader
            self._child.stdin.close()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        while (frame := _frame(self._child.stdout)) is not None:
            number, content = frame
            self._asked.pop(number).set_result(content)
        self._child.stdout.close()
        code = self._child.wait()
        with self._lock:
            for answer in self._asked.values():
                answer.set_exception(Ended(f"it ended with {code}"))
            self._asked.clear()


def main(name: str) -> None:
    """The child's side: answer until there is nobody left to ask."""
    module, _, inside = name.partition(":")
    answer: Answer = getattr(importlib.import_module(module), inside)
    out = os.dup(1)
    os.dup2(2, 1)  # what somebody prints is no frame
    asyncio.run(_serve(answer, out))


async def _serve(answer: Answer, out: int) -> None:
    loop = asyncio.get_running_loop()
    under_way: set[asyncio.Task[None]] = set()

    async def one(number: int, question: bytes) -> None:
        try:
            content = await answer(question)
        except BaseException:  # who asked must not wait for ever: it hears that we ended
            os._exit(1)
        frame = memoryview(pack(HEAD, number, len(content)) + content)
        while frame:
            frame = frame[os.write(out, frame) :]

    def begin(number: int, question: bytes) -> None:
        task = asyncio.create_task(one(number, question))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    def listen() -> None:
        with suppress(RuntimeError):  # the loop is closed
            while (frame := _frame(sys.stdin.buffer)) is not None:
                loop.call_soon_threadsafe(begin, *frame)
        os._exit(0)  # whoever asked is gone: nobody is looked at any more

    threading.Thread(target=listen, name="aside", daemon=True).start()
    await loop.create_future()


def _frame(source: IO[bytes]) -> tuple[int, bytes] | None:
    """The next frame; None at the end, also in the middle of one."""
    head = source.read(16)
    if len(head) < 16:
        return None
    number, length = unpack(HEAD, head)
    content = source.read(length)
    return (number, content) if len(content) == length else None
