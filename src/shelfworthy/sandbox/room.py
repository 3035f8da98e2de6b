"""The browser's side: a room without network, Chromium in it, one page, and what became of it.

The room is an unpacker's (`workshop`): nobody, namespaces, a work folder that ends with it, Landlock. Besides
it has a `/proc` of its own, for a browser cannot do without. Chromium's own sandbox stands inside. What the
page asks for is asked of whoever started us; Chromium itself would find no network. Which code the page runs
in which of Chromium's processes is not our business: all of them end with this one.
"""

import asyncio
import ctypes
import os
import resource
import sys
from contextlib import suppress
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any, get_args

import msgspec
from playwright._impl._driver import compute_driver_executable
from playwright.async_api import (
    BrowserContext,
    CDPSession,
    Dialog,
    Error,
    Page,
    Route,
    WebSocketRoute,
    async_playwright,
)

from shelfworthy.model import Cause
from shelfworthy.sandbox import confine, workshop
from shelfworthy.sandbox.child import say as say_frame
from shelfworthy.sandbox.limits import MIB, Limits
from shelfworthy.sandbox.showing import Axe, Became, Bounds, Gives, Part, Said, Show, Shows, Wants
from shelfworthy.sandbox.words import Began, Ended, crash

# Chromium's sandbox says in /proc who it is in namespaces of its own.
ALSO = {
    "/proc": workshop.READS | workshop.WRITES_FILE,
    "/sys/devices/system/cpu": workshop.READS,
    "/etc/fonts": workshop.READS,
    workshop.FOLDER: workshop.MAKES_SOCKETS,
}
LONGEST_LINE = 8 * MIB
FLOOD = 4  # times as many requests as are answered: what comes after is not even asked for
ANSWER = msgspec.json.Decoder(Gives)
PARTS = frozenset(get_args(Part))
# Nothing of the browser's own: no look for updates, no reports, no first visit.
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-crash-reporter",
    "--disable-breakpad",
    "--no-pings",
    "--mute-audio",
    "--js-flags=--max-old-space-size=512",
)
# A page in a browser without these is asked whether it may open windows; here nobody says yes.
NOT_OURS = ["--disable-popup-blocking"]

BECAME = """(() => {
  const all = (names) => [...document.querySelectorAll(names)];
  const letters = (one) => (((one && one.innerText) || "").match(/\\p{L}/gu) || []).length;
  const frame = all("nav, footer").filter((one) => !one.parentElement.closest("nav, footer"));
  const seen = (wide, high) => (one) => {
    const box = one.getBoundingClientRect();
    return box.width >= wide && box.height >= high && one.checkVisibility({visibilityProperty: true});
  };
  const html = document.documentElement ? document.documentElement.outerHTML : "";
  return JSON.stringify({
    html: html.slice(0, MOST).toWellFormed(),
    size: html.length,
    letters: Math.max(0, frame.reduce((left, one) => left - letters(one), letters(document.body))),
    headings: all("h1, h2, h3, h4, h5, h6, [role=heading]").filter(seen(1, 1)).length,
    pictures: all("img, svg, canvas, object, embed").filter(seen(300, 150)).length,
    frames: all("iframe, frame").filter(seen(200, 100)).length,
    shadows: all("*").filter((one) => one.shadowRoot).length,
  });
})()"""
AXE = """axe.run(document, {iframes: false, resultTypes: ["violations", "incomplete"]}).then((told) => {
  const rule = (one) => ({rule: one.id, impact: one.impact || "", places: one.nodes.length});
  return JSON.stringify({
    version: axe.version,
    broken: told.violations.map(rule),
    undecided: told.incomplete.map(rule),
    passes: told.passes.length,
  });
})"""


def main(told: str) -> None:
    """Show one page, and end the process without any of Python's own endings."""
    task = msgspec.json.decode(told, type=Show)
    axe = (files("axe_playwright_python") / "axe.min.js").read_text()
    try:
        held = enter(task.bounds)
    except workshop.Lacking as lacking:
        say(Began(()))
        say(Ended("stopped", cause=Cause.TOOL_MISSING, words=f"No browser was started: {lacking}"))
        os._exit(0)
    say(Began(held))
    try:
        asyncio.run(showing(task, axe))
    except Stopped as trouble:
        say(Ended("stopped", cause=Cause.NOT_UNDERSTOOD, words=str(trouble)))
    except Exception as fault:
        say(Ended("crashed", words=crash(fault)))
    os._exit(0)


class Stopped(Exception):
    """The page was not shown, in words."""


def enter(bounds: Bounds) -> tuple[str, ...]:
    """Go into the room. Names what holds. Raises Lacking."""
    if sys.platform != "linux":
        raise workshop.Lacking("a browser is confined by Linux only.")
    node, script = compute_driver_executable()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(confine.SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    held = []
    if os.geteuid() == 0:
        confine.become_nobody()
        held.append("nobody")
    if not (os.access(node, os.X_OK) and os.access(script, os.R_OK)):
        raise workshop.Lacking("its driver lies where only root may go; install shelfworthy elsewhere.")
    workshop.separate(libc)
    workshop.within(libc)
    workshop.folder(libc, Limits(disk=bounds.disk, inodes=20_000))
    if libc.mount(b"proc", b"/proc", b"proc", workshop.NOSUID | workshop.NODEV | workshop.NOEXEC, None) != 0:
        raise workshop.Lacking("this machine lets nobody mount a /proc of its own.")
    os.environ["OPENSSL_CONF"] = os.devnull  # the driver would rather not start than go without its own
    version = workshop.landlock(libc, ALSO)
    workshop.speak_apart()
    libc.prctl(confine.SET_DUMPABLE, 0, 0, 0, 0)
    limit(bounds)
    work = f"work folder of {bounds.disk >> 20} MiB"
    return (*held, "no network", "own processes", work, f"landlock {version}", "limits", "chromium's sandbox")


def limit(bounds: Bounds) -> None:
    """The kernel's own limits, of every process from here on. Address space is none: a browser reserves more
    of it than there is memory; what its processes hold together is measured (`watch`)."""
    most = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: bounds.disk,
        resource.RLIMIT_NPROC: 600,
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_DATA: bounds.data,
    }
    for what, number in most.items():
        resource.setrlimit(what, (number, number))


def say(frame: Said) -> None:
    say_frame(frame)  # type: ignore[arg-type] # it writes any frame


async def watch(most: int) -> None:
    """End everything once all processes together hold more memory than they may."""
    size = os.sysconf("SC_PAGE_SIZE")
    while True:
        held = 0
        for process in Path("/proc").glob("[0-9]*/statm"):
            with suppress(OSError):
                _, resident, shared, *_ = map(int, process.read_text().split())
                held += (resident - shared) * size
        if held > most:
            say(Ended("too big"))
            os._exit(0)
        await asyncio.sleep(0.1)


async def showing(task: Show, axe: str) -> None:
    """Start the browser, show the page, say what it is."""
    watching = asyncio.create_task(watch(task.bounds.memory))
    asking = Asking(task.bounds.requests * FLOOD)
    listening = asyncio.create_task(asking.listen())
    async with async_playwright() as driver:
        try:
            browser = await driver.chromium.launch(
                executable_path=task.program,
                chromium_sandbox=True,
                args=QUIET,
                ignore_default_args=NOT_OURS,
                env={"HOME": workshop.FOLDER, "TMPDIR": workshop.FOLDER, "LC_ALL": "C.UTF-8"},
            )
        except Error:
            raise Stopped("Chromium did not start.") from None
        context = await browser.new_context(service_workers="block", accept_downloads=False)
        page = await only(context, asking)
        say(await shown(page, task, axe, browser.version, asking))
        # Nobody waits for the browser to close: it ends with this process.
        watching.cancel()
        listening.cancel()
        say(Ended("whole"))
        os._exit(0)


async def only(context: BrowserContext, asking: "Asking") -> Page:
    """The only page of the context: what it asks for is asked, what it opens is closed."""

    async def close(socket: WebSocketRoute) -> None:
        await socket.close()

    async def dismiss(dialog: Dialog) -> None:
        with suppress(Error):
            await dialog.dismiss()

    async def shut(other: Page) -> None:
        with suppress(Error):
            await other.close()

    await context.route("**/*", asking.route)
    await context.route_web_socket("**/*", close)
    page = await context.new_page()
    asking.session = await context.new_cdp_session(page)
    context.on("page", shut)
    page.on("dialog", dismiss)
    return page


async def shown(page: Page, task: Show, axe: str, version: str, asking: "Asking") -> Shows:
    """Load the page, wait until it asks for nothing more, and look. Raises Stopped."""
    bounds = task.bounds
    loaded = True
    try:
        await page.goto(task.url, wait_until="load", timeout=bounds.load * 1000)
        await page.wait_for_load_state("networkidle", timeout=bounds.settle * 1000)
    except Error as trouble:
        if trouble.name != "TimeoutError" and page.url != task.url:
            raise Stopped("The browser could not open the page.") from None
        loaded = False
    try:
        async with asyncio.timeout(bounds.read):
            world = await World.of(page)
            told = await world.run(BECAME.replace("MOST", str(bounds.page)))
        became = msgspec.json.decode(told, type=Became)
    except (Error, TimeoutError, msgspec.DecodeError):
        raise Stopped("The page's scripts do not come to an end.") from None
    found: Axe | None = None
    with suppress(Error, TimeoutError, msgspec.DecodeError):
        async with asyncio.timeout(0 if asking.flooded else bounds.axe):  # axe is a script of the page, too
            await world.run(axe)
            found = msgspec.json.decode(await world.run(AXE), type=Axe)
    loaded &= not asking.flooded  # then it asks for nothing more because its scripts were stopped
    return Shows(url=page.url, browser=version, loaded=loaded, became=became, axe=found)


class World:
    """Where our own scripts run: they share the page's elements, and none of what its scripts redefined."""

    def __init__(self, session: CDPSession, context: int) -> None:
        self._session = session
        self._context = context

    @staticmethod
    async def of(page: Page) -> "World":
        session = await page.context.new_cdp_session(page)
        tree = await session.send("Page.getFrameTree")
        made = await session.send(
            "Page.createIsolatedWorld",
            {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "shelfworthy"},
        )
        return World(session, made["executionContextId"])

    async def run(self, script: str) -> str:
        """The text a script gives; "" where it gives none."""
        did: dict[str, Any] = await self._session.send(
            "Runtime.evaluate",
            {
                "expression": script,
                "contextId": self._context,
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        value = did["result"].get("value")
        return value if isinstance(value, str) else ""


class Asking:
    """Requests of the page, as questions to whoever started us."""

    def __init__(self, most: int) -> None:
        self.session: CDPSession | None = None
        self._most = most
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Gives]] = {}

    @property
    def flooded(self) -> bool:
        """Whether the page asked for so much that its scripts were stopped."""
        return self.session is None

    async def listen(self) -> None:
        """Hear the answers; without anybody to ask all ends."""
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        while line := await reader.readline():
            answer = ANSWER.decode(line)
            if (waiting := self._waiting.pop(answer.number, None)) is not None and not waiting.done():
                waiting.set_result(answer)
        os._exit(0)

    async def _quiet(self, route: Route) -> None:
        """Abort a request of a flood, in which we would drown; the page's scripts run no more."""
        if self.session is not None:
            session, self.session = self.session, None
            await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        await route.abort("blockedbyclient")

    async def route(self, route: Route) -> None:
        """One request: never to a network, answered or aborted."""
        request = route.request
        with suppress(Error):  # the page went on meanwhile
            if request.method not in ("GET", "HEAD") or request.resource_type not in PARTS:
                await route.abort("blockedbyclient")
                return
            number = next(self._numbers)
            if number > self._most:  # who started us answers none of these any more, and has said so
                await self._quiet(route)
                return
            waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
            say(Wants(number, request.method, request.url, request.resource_type))  # type: ignore[arg-type]
            given = await waiting
            if given.status:
                await route.fulfill(status=given.status, headers=given.headers, body=given.body)
            else:  # "aborted" keeps a page that wanted to go elsewhere where it is
                await route.abort("aborted")
