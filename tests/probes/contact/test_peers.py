"""Sites that are broken, hostile, or lead elsewhere."""

import asyncio
from collections.abc import Callable

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Cause, Contact, Outcome
from shelfworthy.reach import Limits, NotSeen
from shelfworthy.seen.contact import ContactSeen
from tests import clock
from tests.bombs import gzip_of_zeros
from tests.probes.contact.looking import look
from tests.probes.contact.sites import TRUTH, txt
from tests.servers import Behaviour, Reader, Server, Writer, answers, page, saying, self_signed, serving
from tests.specimen import outcome

HTML = ("Content-Type: text/html; charset=utf-8",)
TEXT = ("Content-Type: text/plain; charset=utf-8",)
GONE = page(b"", "404 Not Found")
Answer = Callable[[str], bytes]  # of a path; b"" hangs up
ABOUT = About(surface=Contact(id="maker", where="contact:https://bears.test/"))


def site(answer: Answer) -> Behaviour:
    """Answers one request on each connection."""

    async def behave(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(head.split(b" ")[1].decode()))

    return behave


def pages(**said: bytes) -> Answer:
    """404 everywhere but at these paths (`home` is /, `txt` is security.txt)."""
    paths = {"/": "home", "/.well-known/security.txt": "txt"}
    return lambda path: said.get(paths.get(path, path.strip("/")), GONE)


def seen(answer: Answer, limits: Limits | None = None) -> ContactSeen:
    async def run() -> ContactSeen:
        async with serving(site(answer), tls=self_signed()) as server:
            return await look(f"contact:https://{server.at}/", limits=limits)

    return asyncio.run(run())


def said(it: ContactSeen) -> list[Outcome]:
    return [outcome(tuple(BY_ID[check].judge(it, ABOUT))) for check in TRUTH]


FAIL, OPEN, PASS = Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS
ABSENT = [FAIL] * 4
HOME = page(b"<html lang=en><p>Bears.</html>", headers=HTML)


def test_absence_needs_every_place() -> None:
    assert said(seen(pages(home=HOME))) == ABSENT


BROKEN = {
    "hangs up": b"",
    "refused": page(b"", "403 Forbidden"),
    "error": page(b"", "503 Service Unavailable"),
    "cut off": HOME.replace(b"Content-Length: 30", b"Content-Length: 99"),
    "redirect in a circle": page(b"", "302 Found", ("Location: ?",)),
    "packed and broken": page(b"hello", headers=("Content-Encoding: gzip", *HTML)),
    "a bomb": page(gzip_of_zeros(64), headers=("Content-Encoding: gzip", *HTML)),
    "an image": page(b"\x89PNG", headers=("Content-Type: image/png",)),
    "no Latin letter": page("<html><p>Мишка слушает</html>".encode(), headers=HTML),
    "made by scripts": page(b"<html lang=en><script></script><p>Loading", headers=HTML),
}


@pytest.mark.parametrize("how", BROKEN)
def test_one_place_that_cannot_be_read_is_enough_to_leave_absence_open(how: str) -> None:
    assert said(seen(pages(home=HOME, support=BROKEN[how]))) == [FAIL, OPEN, OPEN, OPEN]


@pytest.mark.parametrize("how", ["hangs up", "refused", "error", "cut off", "redirect in a circle", "a bomb"])
def test_security_txt_that_cannot_be_read_is_not_absent(how: str) -> None:
    assert said(seen(pages(home=HOME, txt=BROKEN[how]))) == [OPEN, FAIL, FAIL, FAIL]


def test_a_site_that_is_away_is_a_gap() -> None:
    with pytest.raises(NotSeen) as gap:
        asyncio.run(look("contact:https://127.0.0.5:1/"))
    assert gap.value.cause is Cause.REFUSED


def test_a_site_that_never_answers_is_a_gap() -> None:
    with pytest.raises(NotSeen) as gap:
        seen(lambda path: b"")
    assert gap.value.cause is Cause.SILENT


def test_a_redirect_to_a_place_that_is_not_permitted_is_not_followed() -> None:
    """It would have answered, with a page that passes."""

    async def run() -> tuple[ContactSeen, Server, int]:
        tempting = saying(page(b"<p>Report a vulnerability to a@b.test", headers=HTML))
        async with serving(tempting, "127.0.0.6") as victim:
            assert await answers(victim)
            before = victim.contacts
            there = f"http://{victim.at}/"
            leads = page(b"", "302 Found", (f"Location: {there}",))
            links = page(
                f'<html lang=en><a href="{there}report-vulnerability">Report</a>'.encode(), headers=HTML
            )
            named = page(txt(f"Policy: {there}policy").encode(), headers=TEXT)
            answer = pages(home=links, security=leads, txt=named)
            async with serving(site(answer), tls=self_signed()) as server:
                return await look(f"contact:https://{server.at}/"), victim, before

    it, victim, before = asyncio.run(run())
    assert victim.contacts == before
    refused = [one for one in it.pages if one.cause is Cause.NOT_PERMITTED]
    assert {one.role for one in refused} == {"place", "policy", "linked"}
    mentioned = {mention.what for mention in it.mentions()}
    assert {f"http://{victim.at}/policy", f"http://{victim.at}/report-vulnerability"} <= mentioned
    assert said(it) == [PASS, OPEN, OPEN, OPEN]


def test_the_path_of_the_product_file_is_asked_too() -> None:
    report = page(b"<html lang=en>Report a vulnerability: a@b.test", headers=HTML)

    async def run() -> ContactSeen:
        async with serving(site(pages(home=HOME, bears=report)), tls=self_signed()) as server:
            return await look(f"contact:https://{server.at}/bears")

    assert said(asyncio.run(run())) == [FAIL, PASS, FAIL, FAIL]


def test_redirects_end_after_five() -> None:
    asked = []

    def answer(path: str) -> bytes:
        if not path.startswith("/support"):
            return pages(home=HOME)(path)
        asked.append(path)
        return page(b"", "302 Found", (f"Location: {path}/on",))

    it = seen(answer)
    assert len(asked) == 6
    assert [one.cause for one in it.pages if one.url.endswith("/support")] == [Cause.NOT_UNDERSTOOD]


def test_redirects_within_the_site_are_followed() -> None:
    moved = page(b"", "301 Moved Permanently", ("Location: /security/",))
    report = page(b"<html lang=en>Report a vulnerability: a@b.test", headers=HTML)

    def answer(path: str) -> bytes:
        return report if path == "/security/" else pages(home=HOME, security=moved)(path)

    it = seen(answer)
    assert said(it) == [FAIL, PASS, FAIL, FAIL]
    assert [one.final.rpartition("/security")[2] for one in it.pages if one.url.endswith("/security")] == [
        "/"
    ]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html; charset=utf-8", b"\xff\xfe\xfd" * 1000),
        ("text/html; charset=utf-16", b"\x00\xd8" * 1000),
        ("text/html; charset=zip", b"hello"),
        ("text/html; charset=idna", b"x" * 5000),
        ('text/html; charset="', b"hello"),
        ("text/html; charset=unicode_escape", b"\\x"),
        (";;;===", b"\x00" * 1000),
    ],
)
def test_garbage_encodings_are_read_as_far_as_they_go(kind: str, content: bytes) -> None:
    everywhere = page(content, headers=(f"Content-Type: {kind}",))
    assert PASS not in said(seen(lambda path: everywhere))


def test_ten_megabytes_of_security_txt_are_not_one() -> None:
    huge = page(txt().encode() + b"# bears\n" * 1_300_000, headers=TEXT)
    it = seen(pages(home=HOME, txt=huge))
    assert said(it)[0] is OPEN
    assert it.security_txt is not None
    assert not it.security_txt.whole


def test_a_site_of_endless_pages_ends_in_time() -> None:
    endless = page(b"", headers=HTML).replace(b"Content-Length: 0\r\n", b"")

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(endless)
        while True:
            writer.write(b"<p>bears " * 1000)
            await writer.drain()

    async def run() -> ContactSeen:
        async with serving(behave, tls=self_signed()) as server:
            return await look(f"contact:https://{server.at}/", limits=Limits(look=3.0))

    began = clock.now()
    assert said(asyncio.run(run()))[1:] == [OPEN, OPEN, OPEN]
    assert clock.now() - began < 15


def test_over_clear_text_a_valid_file_is_not_one_to_rely_on() -> None:
    async def run() -> ContactSeen:
        named = page(txt().encode(), headers=TEXT)
        async with serving(site(pages(home=HOME, txt=named))) as server:
            return await look(f"contact:http://{server.at}/")

    (answer,) = BY_ID["contact-security-txt"].judge(asyncio.run(run()), ABOUT)
    assert (answer.outcome, answer.subject) == (FAIL, "no-https")


def test_no_more_pages_are_asked_for_than_level_look_allows() -> None:
    """Every page leads to two more by redirects and to ten by links; the site would answer for ever."""
    contacts = []

    def answer(path: str) -> bytes:
        contacts.append(path)
        if not path.endswith("/"):
            return page(b"", "302 Found", (f"Location: {path}/",))
        links = "".join(f'<a href="{path}vulnerability-{n}">x</a>' for n in range(10))
        return page(f"<html lang=en>{links}".encode(), headers=HTML)

    it = seen(answer)
    assert len(contacts) == Limits().pages
    assert said(it)[1:] == [OPEN, OPEN, OPEN]
