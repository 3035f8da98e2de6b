"""A page as a browser shows it: Chromium without network, in a child's room, and we answer what it asks for.

Whoever calls decides about each request anew (`answer`), so that Chromium contacts nobody: where there is no
room without network for it, it is not started.
"""

import asyncio
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Awaitable, Callable
from html import escape
from importlib.util import find_spec
from pathlib import Path

import msgspec

from shelfworthy.model import Cause, NotSeen
from shelfworthy.sandbox.box import ended, import_path
from shelfworthy.sandbox.limits import MIB
from shelfworthy.sandbox.showing import (
    Answered,
    Asked,
    Bounds,
    Gives,
    Lack,
    Part,
    Said,
    Show,
    Shown,
    Shows,
    Wants,
)
from shelfworthy.sandbox.words import Began, Ended

# Debian's program itself, not the script in front of it, which adds what the machine's own files say.
CHROMIUM = "/usr/lib/chromium/chromium"
START = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n'); "
    "from shelfworthy.sandbox.room import main; main(sys.argv[2])"
)
SAID = msgspec.json.Decoder(Said)
LONGEST_LINE = 16 * MIB  # of what the child says
LONGEST_URL = 2000
MOST_LACKED = 1000  # parts that did not come and are told apart
SIDE_BY_SIDE = 4  # requests that are answered at once
# Of an answer's headers only what a page is made by; none that makes a browser contact somebody or remember.
KEPT = frozenset(
    {
        "access-control-allow-origin",
        "content-language",
        "content-security-policy",
        "content-type",
        "x-content-type-options",
    }
)

Answer = Callable[[Asked], Awaitable[Answered | Cause]]


def missing() -> str:
    """What has to be installed before a page can be shown, in words; "" if nothing."""
    lacks = []
    if not Path(CHROMIUM).is_file():
        lacks.append("Chromium (Debian: apt-get install chromium)")
    if not (find_spec("playwright") and find_spec("axe_playwright_python")):
        lacks.append("pip install 'shelfworthy[browser]'")
    return f"Showing a page as a browser does needs {' and '.join(lacks)}." if lacks else ""


async def show(url: str, answer: Answer, bounds: Bounds | None = None, *, patience: float) -> Shown:
    """Show one page, let its scripts run, try axe on it. Raises NotSeen.

    answer: what a request gets, or why nothing; asked for the page itself first. patience: seconds after
    which the caller's own time is over, if that comes before the page counts as endless.
    """
    bounds = bounds or Bounds()
    if lacks := missing():
        raise NotSeen(Cause.TOOL_MISSING, lacks)
    task = msgspec.json.encode(Show(url, CHROMIUM, bounds)).decode()
    child = await asyncio.create_subprocess_exec(  # noqa: TID251 - this is the sandbox
        *(sys.executable, "-I", "-S", "-c", START, "\n".join(import_path()), task),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE,
        env={},
        cwd="/",
        start_new_session=True,
    )
    showing = Showing(child, answer, bounds)
    try:
        async with asyncio.timeout(min(bounds.time, patience)):
            return await showing.run()
    except TimeoutError:
        if patience < bounds.time:
            raise NotSeen(Cause.NOBODY_LOOKED, "The time budget of the look was used up.") from None
        words = f"Showing the page in a browser took more than {bounds.time:g} s and was ended."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words) from None
    finally:
        await showing.stop()
        await ended(child)


class Showing:
    """One child and its questions."""

    def __init__(self, child: Process, answer: Answer, bounds: Bounds) -> None:
        self._child = child
        self._answer = answer
        self._bounds = bounds
        self._turns = asyncio.Semaphore(SIDE_BY_SIDE)
        self._lacks: Counter[tuple[Part, Cause]] = Counter()
        self._lacked: set[tuple[Part, str]] = set()
        self._led: dict[str, Answered] = {}  # where a redirect of the page led, which it asks for next
        self._requests = self._pictures = self._received = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> Shown:
        """Answer until the page was shown. Raises NotSeen."""
        held, page = "", None
        assert self._child.stdout is not None
        while True:
            try:
                line = await self._child.stdout.readline()
                said = SAID.decode(line) if line else None
            except (ValueError, msgspec.DecodeError):
                words = "The browser's child said something it cannot have seen; none of it is believed."
                raise NotSeen(Cause.OUR_FAULT, words) from None
            match said:
                case Began(held=by):
                    held = ", ".join(by)
                case Wants():
                    task = asyncio.create_task(self._give(said))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                case Shows():
                    page = said
                case Ended(how="whole") if page is not None:
                    lacks = tuple(Lack(*what, number) for what, number in sorted(self._lacks.items()))
                    return Shown(page=page, lacks=lacks, held=held)
                case _:
                    raise self._trouble(said)

    async def stop(self) -> None:
        """Nothing is answered any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        assert self._child.stdin is not None
        self._child.stdin.close()

    def _trouble(self, last: object) -> NotSeen:
        """Why the page was not shown."""
        match last:
            case Ended(how="stopped"):
                return NotSeen(last.cause or Cause.NOT_UNDERSTOOD, last.words)
            case Ended(how="too big"):
                words = f"Showing the page took more than {self._bounds.memory // MIB} MiB of memory."
                return NotSeen(Cause.NOT_UNDERSTOOD, words)
            case Ended(how="whole"):
                return NotSeen(Cause.OUR_FAULT, "The browser's child ended before it had shown the page.")
            case Ended():
                return NotSeen(Cause.OUR_FAULT, f"The browser's child crashed: {last.words[:200]}.")
        return NotSeen(Cause.OUR_FAULT, "The browser's child died before it came to an end.")

    async def _give(self, wants: Wants) -> None:
        """Answer one request."""
        async with self._turns:
            came = await self._came(wants)
        gives = Gives(wants.number)
        if isinstance(came, Cause):
            self._lack(wants, came)
        elif wants.part == "document" and came.url != wants.url.partition("#")[0]:
            self._led[came.url] = came
            onward = f'<meta http-equiv="refresh" content="0;url={escape(came.url)}">'
            gives = Gives(wants.number, 200, {"content-type": "text/html"}, onward.encode())
        else:
            headers = {key: value for key, value in came.headers if key in KEPT}
            gives = Gives(wants.number, came.status, headers, came.body)
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(msgspec.json.encode(gives) + b"\n")
            await self._child.stdin.drain()
        except OSError:
            pass  # it ended, which `run` hears

    def _lack(self, wants: Wants, why: Cause) -> None:
        """Count what did not come once: browsers try again."""
        one = (wants.part, wants.url)
        if one not in self._lacked:
            self._lacks[wants.part, why] += 1
        if len(self._lacked) < MOST_LACKED:
            self._lacked.add(one)

    async def _came(self, wants: Wants) -> Answered | Cause:
        """What a request gets, within the bounds."""
        if len(wants.url) > LONGEST_URL:
            return Cause.NOT_PERMITTED
        if (led := self._led.pop(wants.url, None)) is not None:
            return led
        self._requests += 1
        self._pictures += wants.part == "image"
        many = self._requests > self._bounds.requests or self._received > self._bounds.received
        if many or (wants.part == "image" and self._pictures > self._bounds.requests // 2):
            return Cause.NOBODY_LOOKED
        came = await self._answer(Asked(method=wants.method, url=wants.url, part=wants.part))
        if isinstance(came, Cause):
            return came
        self._received += len(came.body)
        return came if 200 <= came.status < 300 or 400 <= came.status < 600 else Cause.NOT_UNDERSTOOD


__all__ = ["CHROMIUM", "Answer", "Answered", "Asked", "Bounds", "Shown", "Shows", "missing", "show"]
