"""A page in the browser's room contacts nobody, ends in time, and is shown as it became."""

import asyncio
import os
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from msgspec import structs
from playwright.async_api import Error, Route, async_playwright

from shelfworthy.model import Cause, NotSeen
from shelfworthy.sandbox import browser
from shelfworthy.sandbox.browser import Answered, Asked, Bounds, Shown
from shelfworthy.sandbox.limits import MIB
from tests.needs import missing

HOME = "http://maker.example/"
QUICK = Bounds(time=60, load=3, settle=2, read=10, axe=20)
PLAIN = "<!doctype html><html lang=en><title>Privacy</title><main><h1>Privacy</h1>{}</main>"


@pytest.fixture(autouse=True, scope="module")
def chromium() -> None:
    if not Path(browser.CHROMIUM).is_file():
        missing("the Debian package chromium")


class Site:
    """Answers for pages it has; keeps what was asked for."""

    def __init__(self, **pages: str) -> None:
        self.pages = {HOME + path: body for path, body in pages.items()}
        self.asked: list[str] = []

    async def answer(self, asked: Asked) -> Answered | Cause:
        self.asked.append(asked.url)
        if asked.url not in self.pages:
            return Cause.NOT_PERMITTED
        kind = "text/javascript" if asked.part == "script" else "text/html; charset=utf-8"
        return Answered(asked.url, 200, (("content-type", kind),), self.pages[asked.url].encode())


def shown(site: Site, bounds: Bounds = QUICK, url: str = HOME) -> Shown:
    return asyncio.run(browser.show(url, site.answer, bounds, patience=60))


def stopped(site: Site, bounds: Bounds = QUICK) -> NotSeen:
    with pytest.raises(NotSeen) as caught:
        shown(site, bounds)
    return caught.value


def home(body: str) -> Site:
    return Site(**{"": PLAIN.format(body)})


# -- what it shows -----------------------------------------------------------------------------------------


def test_a_page_made_by_a_script_is_there() -> None:
    site = Site(
        **{
            "": PLAIN.format("<script src=make.js></script>"),
            "make.js": "fetch('text').then(it => it.text()).then(it => document.body.append(it))",
            "text": "We keep voices for thirty days.",
        }
    )
    seen = shown(site)
    assert site.asked == [HOME, HOME + "make.js", HOME + "text"]
    assert "We keep voices for thirty days." in seen.page.became.html
    assert seen.page.loaded
    assert seen.lacks == ()
    for what in ("no network", "own processes", "landlock", "chromium's sandbox"):
        assert what in seen.held


def test_axe_says_what_is_wrong_and_what_is_not() -> None:
    good = shown(home("<p>We keep voices for thirty days.</p>")).page
    assert good.axe is not None
    assert good.axe.broken == ()
    assert good.axe.passes > 10
    bad = shown(home("<p style='color:#ddd;background:#fff'>We keep voices.</p><a href=/x></a>")).page
    assert bad.axe is not None
    told = {one.rule: (one.impact, one.places) for one in bad.axe.broken}
    assert told == {"color-contrast": ("serious", 1), "link-name": ("serious", 1)}


def test_a_page_cannot_talk_axe_round() -> None:
    """It redefines what axe is made of; our own scripts run in a world of their own."""
    lie = "<script>document.querySelectorAll = () => []; window.axe = {run: () => Promise.resolve('')};"
    lie += "JSON.stringify = () => '{}'; Element.prototype.getAttribute = () => 'fine';</script>"
    page = shown(home(lie + "<a href=/x></a>")).page
    assert page.axe is not None
    assert [one.rule for one in page.axe.broken] == ["link-name"]


def test_letters_headings_pictures_and_frames_are_counted() -> None:
    body = (
        "<p>abcde</p><p hidden>unseen</p><nav>navigation</nav><footer>foot <nav>inside</nav></footer>"
        "<svg width=400 height=300></svg><svg width=40 height=30></svg>"
        "<iframe title=x srcdoc='<p>more' width=400 height=200></iframe>"
    )
    became = shown(home(body)).page.became
    assert (became.letters, became.headings, became.pictures, became.frames) == (12, 1, 1, 1)


def test_where_a_redirect_leads_the_browser_goes_as_well() -> None:
    site = home("here")

    async def answer(asked: Asked) -> Answered | Cause:
        came = await site.answer(asked)
        if asked.url == HOME + "old":
            return Answered(HOME, 200, (("content-type", "text/html"),), b"<a id=x href=terms>x</a>")
        return came

    seen = asyncio.run(browser.show(HOME + "old", answer, QUICK, patience=60))
    assert seen.page.url == HOME
    assert 'href="terms"' in seen.page.became.html


def test_a_page_stays_where_it_is_when_it_may_not_go_elsewhere() -> None:
    seen = shown(home("We stay. <script>location = 'http://elsewhere.example/'</script>"))
    assert seen.page.url == HOME
    assert "We stay." in seen.page.became.html
    assert [(one.part, one.cause, one.number) for one in seen.lacks] == [("document", Cause.NOT_PERMITTED, 1)]


# -- whom it contacts --------------------------------------------------------------------------------------

CONTACTS = {
    "fetch": "fetch('http://AT/')",
    "image": "new Image().src = 'http://AT/'",
    "beacon": "navigator.sendBeacon('http://AT/', 'x')",
    "websocket": "new WebSocket('ws://AT/')",
    "events": "new EventSource('http://AT/')",
    "worker": "new Worker(URL.createObjectURL(new Blob([\"fetch('http://AT/')\"])))",
    "frame": "document.body.insertAdjacentHTML('beforeend', '<iframe src=\"http://AT/\"></iframe>')",
    "style": "document.head.insertAdjacentHTML('beforeend', '<style>@import \"http://AT/x.css\"</style>')",
    "redirect": "location = 'http://AT/'",
    "form": (
        "document.body.insertAdjacentHTML('beforeend', '<form method=post action=\"http://AT/\">');"
        "document.forms[0].submit()"
    ),
    "download": (
        "document.body.insertAdjacentHTML('beforeend', '<a download href=\"http://AT/\">');"
        "document.links[0].click()"
    ),
    "service worker": "navigator.serviceWorker.register('/sw.js')",
    "webrtc": (
        "var p = new RTCPeerConnection({iceServers: [{urls: 'stun:AT'}]}); p.createDataChannel('x');"
        "p.createOffer().then(o => p.setLocalDescription(o))"
    ),
}


class Ear:
    """A TCP and a UDP port that answer whoever comes, and count them."""

    def __init__(self) -> None:
        self.heard = threading.Event()
        self.tcp = socket.create_server(("127.0.0.5", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.5", self.port))
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._accept, self._receive)]
        for one in self._threads:
            one.start()

    @property
    def at(self) -> str:
        return f"127.0.0.5:{self.port}"

    def close(self) -> None:
        for one in (self.tcp, self.udp):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(2)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self.tcp.accept()
                self.heard.set()
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                peer.close()

    def _receive(self) -> None:
        with suppress(OSError):
            while self.udp.recv(2048):
                self.heard.set()


async def free(at: str, body: str) -> None:
    """Show a page in the same browser outside of the room, as a browser usually is."""

    async def route(asked: Route) -> None:
        if asked.request.url == at and asked.request.is_navigation_request():
            await asked.fulfill(status=200, content_type="text/html", body=body)
        else:
            await asked.continue_()

    async with async_playwright() as driver:
        running = await driver.chromium.launch(
            executable_path=browser.CHROMIUM, args=["--no-sandbox", "--allow-loopback-in-peer-connection"]
        )
        page = await running.new_page()
        await page.route(at, route, times=1)
        with suppress(Error):
            await page.goto(at, timeout=3000)
        await page.wait_for_timeout(500)
        await running.close()


ALONE = ("redirect", "form", "download", "service worker")  # the page goes, or has to be from here


@pytest.mark.parametrize(
    "acts", [tuple(one for one in CONTACTS if one not in ALONE), *((one,) for one in ALONE)]
)
def test_whatever_a_page_does_nobody_is_contacted(acts: tuple[str, ...]) -> None:
    with ExitStack() as stack:
        ears = {act: stack.enter_context(closing(Ear())) for act in acts}
        scripts = [f"<script>{{{CONTACTS[act].replace('AT', ear.at)}}}</script>" for act, ear in ears.items()]
        at = f"http://{ears[acts[0]].at}/" if acts == ("service worker",) else HOME
        body = PLAIN.format(f"<p>text</p>{''.join(scripts)}")
        asyncio.run(free(at, body))
        assert {act for act, ear in ears.items() if ear.heard.is_set()} == set(acts), "so it does outside"
        for ear in ears.values():
            ear.heard.clear()

        site = Site()
        site.pages[at] = body
        seen = shown(site, url=at)
        assert seen.page.became.letters > 0
        time.sleep(0.3)
        assert not [act for act, ear in ears.items() if ear.heard.is_set()]
        hosts = {f"http://{ear.at}/" for ear in ears.values()}
        assert set(site.asked) <= {at, *hosts, *(f"{host}x.css" for host in hosts)}


# -- what it costs -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_endless_script_is_ended_and_said() -> None:
    trouble = stopped(home("text<script>while (true) {}</script>"))
    assert (trouble.cause, trouble.words) == (
        Cause.NOT_UNDERSTOOD,
        "The page's scripts do not come to an end.",
    )


@pytest.mark.slow
def test_a_storm_of_dialogs_is_ended_and_said() -> None:
    trouble = stopped(home("text<script>while (true) alert('Sign here')</script>"))
    assert trouble.words == "The page's scripts do not come to an end."


def test_dialogs_that_end_are_dismissed() -> None:
    page = shown(home("<p id=x></p><script>x.append(confirm('Agree?') ? 'yes' : 'no')</script>")).page
    assert '<p id="x">no</p>' in page.became.html


def test_windows_are_not_opened() -> None:
    script = (
        "for (let i = 0; i < 50; i++) window.open('/more' + i); document.querySelector('main').append('on')"
    )
    site = home(f"<script>{script}</script>")
    assert "on" in shown(site).page.became.html
    assert site.asked == [HOME]


@pytest.mark.slow
def test_endless_requests_are_bounded_and_said() -> None:
    site = home("text<script>let n = 0; setInterval(() => fetch('/x' + n++), 1)</script>")
    seen = shown(site)
    assert len(site.asked) == QUICK.requests
    assert not seen.page.loaded
    assert seen.page.axe is None
    assert ("fetch", Cause.NOBODY_LOOKED) in {(one.part, one.cause) for one in seen.lacks}


@pytest.mark.slow
def test_pictures_leave_requests_for_what_a_page_is_made_by() -> None:
    pictures = "".join(f"<img src=/p{number}>" for number in range(100))
    site = home(f"{pictures}<script src=/last.js></script>")
    shown(site)
    assert sum("/p" in url for url in site.asked) == QUICK.requests // 2
    assert HOME + "last.js" in site.asked


@pytest.mark.slow
def test_bytes_are_bounded_in_all() -> None:
    site = home("".join(f"<script src=s{number}.js></script>" for number in range(9)))
    site.pages |= {f"{HOME}s{number}.js": "/" * 1_000_000 for number in range(9)}
    seen = shown(site, structs.replace(QUICK, received=3_000_000))
    assert len(site.asked) < 9
    assert [(one.part, one.cause) for one in seen.lacks] == [("script", Cause.NOBODY_LOOKED)]


@pytest.mark.slow
def test_a_giant_page_is_cut_and_says_so() -> None:
    script = "document.querySelector('main').append('x'.repeat(5_000_000))"
    became = shown(home(f"<script>{script}</script>")).page.became
    assert len(became.html) == QUICK.page
    assert became.size > 5_000_000


@pytest.mark.slow
def test_a_page_that_takes_all_memory_is_ended_and_said() -> None:
    hog = "setInterval(() => { for (let i = 0; i < 20; i++) all.push(new Uint8Array(1 << 24).fill(1)) }, 1)"
    trouble = stopped(
        home(f"text<script>const all = []; {hog}</script>"), structs.replace(QUICK, memory=700 * MIB)
    )
    assert trouble.words == "Showing the page took more than 700 MiB of memory."


@pytest.mark.slow
def test_all_of_it_is_ended_in_time() -> None:
    async def never(asked: Asked) -> Answered | Cause:
        await asyncio.sleep(60)
        return Cause.SILENT

    bounds = structs.replace(QUICK, time=3, load=60)
    with pytest.raises(NotSeen, match="took more than 3 s and was ended") as caught:
        asyncio.run(browser.show(HOME, never, bounds, patience=60))
    assert caught.value.cause is Cause.NOT_UNDERSTOOD
    with pytest.raises(NotSeen, match="time budget") as caught:
        asyncio.run(browser.show(HOME, never, bounds, patience=0.5))
    assert caught.value.cause is Cause.NOBODY_LOOKED


@pytest.mark.parametrize("how", ["cancelled", "whole"])
def test_nothing_of_it_is_left(how: str) -> None:
    site = home("text")
    before = set(descendants())

    async def run() -> None:
        asked = asyncio.Event()

        async def answer(it: Asked) -> Answered | Cause:
            asked.set()
            during.extend(descendants())
            if how == "cancelled":
                await asyncio.sleep(60)
            return await site.answer(it)

        task = asyncio.create_task(browser.show(HOME, answer, QUICK, patience=60))
        await asked.wait()
        if how == "cancelled":
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            await task

    during: list[int] = []
    asyncio.run(run())
    started = set(during) - before
    assert len(started) > 5
    for _ in range(100):  # they are killed; the kernel takes its time to bury them
        if not any(Path(f"/proc/{one}").exists() for one in started):
            return
        time.sleep(0.05)
    pytest.fail("something of it is left")


def descendants(of: int | None = None) -> list[int]:
    """All processes below this one."""
    below: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            below.setdefault(parent, []).append(int(status.parent.name))
    found, left = [], [of or os.getpid()]
    while left:
        children = below.get(left.pop(), [])
        found += children
        left += children
    return found


# -- where it cannot be had --------------------------------------------------------------------------------


def test_without_chromium_the_tool_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "CHROMIUM", "/nowhere/chromium")
    site = home("text")
    trouble = stopped(site)
    assert trouble.cause is Cause.TOOL_MISSING
    assert "apt-get install chromium" in trouble.words
    assert site.asked == []


def test_without_the_extra_the_tool_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: None)
    trouble = stopped(home("text"))
    assert trouble.cause is Cause.TOOL_MISSING
    assert "pip install 'shelfworthy[browser]'" in trouble.words


@pytest.mark.parametrize("call", ["separate", "landlock"])
def test_without_a_room_no_browser_is_started(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that gives no namespaces, or has no Landlock: refused in words, never shown with network."""
    lacking = (
        "import sys; sys.path[:] = sys.argv[1].split('\\n'); from shelfworthy.sandbox import room, workshop\n"
        "def no(*_): raise workshop.Lacking('this machine gives none.')\n"
        f"workshop.{call} = no; room.main(sys.argv[2])"
    )
    monkeypatch.setattr(browser, "START", lacking)
    site = home("text")
    trouble = stopped(site)
    assert (trouble.cause, trouble.words) == (
        Cause.TOOL_MISSING,
        "No browser was started: this machine gives none.",
    )
    assert site.asked == []


@pytest.mark.parametrize(
    ("say", "words"),
    [
        ("print('{}')", "said something it cannot have seen"),
        ("print('x' * 40_000_000)", "said something it cannot have seen"),
        ('print(\'{"frame":"ended","how":"whole"}\')', "ended before it had shown the page"),
        ("sys.exit(3)", "died before it came to an end"),
    ],
)
def test_a_child_that_lies_is_not_believed(say: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "START", f"import sys; {say}")
    trouble = stopped(home("text"))
    assert trouble.cause is Cause.OUR_FAULT
    assert words in trouble.words
