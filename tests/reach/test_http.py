"""HTTP answers of every shape: what is taken, what is cut, what is refused."""

import asyncio
import gzip
import zlib

import h11
import pytest

from shelfworthy.model import Cause, Endpoint, Level
from shelfworthy.reach import Limits, NotHttp, NotSeen, Reply, leads_to, request
from tests.looking import allow, bench, door, product
from tests.servers import Reader, Writer, page, serving

OK = b"HTTP/1.1 200 OK\r\n"
LIMITS = Limits(body=1000, head=4096, silence=0.3, look=1)


def asked(said: bytes, method: str = "GET", path: str = "/", limits: Limits = LIMITS) -> tuple[Reply, bytes]:
    """The reply to one request, and the request as the server heard it."""
    heard = b""

    async def behave(reader: Reader, writer: Writer) -> None:
        nonlocal heard
        heard = await reader.readuntil(b"\r\n\r\n")
        writer.write(said)

    async def run() -> Reply:
        async with serving(behave) as server:
            it = product([Endpoint(id="site", where=f"http://{server.at}{path}")], [allow(server.at)])
            reach = door(it, bench(), limits).reach(it.surface[0])
            return await request(reach, reach.address, level=Level.LOOK, method=method)

    return asyncio.run(run()), heard


@pytest.mark.parametrize(
    ("said", "body", "whole"),
    [
        (page(b"hello"), b"hello", True),
        (page(b""), b"", True),
        (OK + b"\r\nhello", b"hello", True),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", b"hello", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", b"", True),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + page(b"hello"), b"hello", True),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n\r\n", b"hello", True),
        # Both ways to say the length: the chunks count (RFC 9112, section 6.3).
        (
            OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            b"hello",
            True,
        ),
        (OK + b"Content-Length: 50\r\n\r\nhello", b"hello", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n50\r\nhello", b"hello", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", b"hello", False),
        (page(b"x" * 1000), b"x" * 1000, True),
        (page(b"x" * 1001), b"x" * 1000, False),
        (OK + b"\r\n" + b"x" * 5000, b"x" * 1000, False),
        (page(gzip.compress(b"hello", mtime=0), headers=("Content-Encoding: gzip",)), b"hello", True),
        (page(gzip.compress(b"hello", mtime=0)[:-9], headers=("Content-Encoding: GZIP",)), b"hello", False),
        (page(zlib.compress(b"hello"), headers=("Content-Encoding: deflate",)), b"hello", True),
        (page(gzip.compress(bytes(5000)), headers=("Content-Encoding: gzip",)), bytes(1000), False),
        (page(gzip.compress(b"a", mtime=0) * 2, headers=("Content-Encoding: gzip",)), b"a", False),
        (page(b"hello", headers=("Content-Encoding: identity",)), b"hello", True),
    ],
)
def test_what_is_taken(said: bytes, body: bytes, whole: bool) -> None:
    reply, _ = asked(said)
    assert (reply.body, reply.whole) == (body, whole)


def test_of_a_body_in_pieces_without_end_so_many_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes alone would let it have two million of them, which is minutes of computing."""
    monkeypatch.setattr("shelfworthy.reach.http.PIECES", 100)
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    reply, _ = asked(chunked + b"1\r\nx\r\n" * 90 + b"0\r\n\r\n")
    assert (reply.body, reply.whole) == (b"x" * 90, True)
    reply, _ = asked(chunked + b"1\r\nx\r\n" * 900 + b"0\r\n\r\n")
    assert set(reply.body) == {ord("x")}
    assert 90 < len(reply.body) <= 100
    assert not reply.whole


def test_others_are_heard_while_thousands_of_small_pieces_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that says each byte by itself keeps no other look waiting."""
    said = OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 10_000 + b"0\r\n\r\n"
    alone: list[int] = [0]  # how many pieces were read between two moments at which others were heard
    following = h11.Connection.next_event

    def counted(peer: h11.Connection) -> object:
        alone[-1] += 1
        return following(peer)

    monkeypatch.setattr(h11.Connection, "next_event", counted)

    async def others() -> None:
        while True:
            alone.append(0)
            await asyncio.sleep(0)

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)

    async def run() -> Reply:
        async with serving(behave) as server:
            it = product([Endpoint(id="site", where=f"http://{server.at}/")], [allow(server.at)])
            reach = door(it, bench(), Limits()).reach(it.surface[0])
            beside = asyncio.create_task(others())
            try:
                return await request(reach, reach.address, level=Level.LOOK)
            finally:
                beside.cancel()

    assert asyncio.run(run()).body == b"x" * 10_000
    assert sum(alone) > 10_000
    assert max(alone) <= 1000


def test_a_head_has_no_body_whatever_it_announces() -> None:
    said = OK + b"Content-Length: 77\r\nContent-Encoding: gzip\r\n\r\n"
    reply, heard = asked(said, method="HEAD")
    assert (reply.status, reply.body, reply.whole) == (200, b"", True)
    assert heard.startswith(b"HEAD / HTTP/1.1\r\n")


def test_what_is_asked() -> None:
    _, heard = asked(page(), path="/%C3%BCberall?an=1&%41")
    lines = heard.decode().split("\r\n")
    assert lines[0] == "GET /%C3%BCberall?an=1&%41 HTTP/1.1"
    assert lines[1].startswith("Host: 127.0.0.5:")
    assert "Accept-Encoding: identity" in lines
    assert "Connection: close" in lines
    assert any(line.startswith("User-Agent: shelfworthy/") for line in lines)


@pytest.mark.parametrize(
    ("said", "cause", "words"),
    [
        (b"", Cause.SILENT, "hung up without an HTTP answer"),
        (OK + b"Cont", Cause.SILENT, "hung up without an HTTP answer"),
        (b"plumwhistle\r\n\r\n", Cause.NOT_UNDERSTOOD, "does not speak HTTP"),
        (b"SSH-2.0-plum\r\n\0\0\1", Cause.NOT_UNDERSTOOD, "does not speak HTTP"),
        (OK + b"X: " + b"x" * 9000, Cause.NOT_UNDERSTOOD, "header without end"),
        (OK + b"Content-Encoding: plumwhistle\r\n\r\nhello", Cause.NOT_UNDERSTOOD, "did not accept"),
        (OK + b"Content-Encoding: gzip\r\n\r\nhello", Cause.NOT_UNDERSTOOD, "cannot be unpacked"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 17 + page(), Cause.NOT_UNDERSTOOD, "interim"),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            Cause.NOT_UNDERSTOOD,
            "broke off into something else",
        ),
    ],
)
def test_what_is_refused(said: bytes, cause: Cause, words: str) -> None:
    with pytest.raises(NotSeen, match=words) as refused:
        asked(said)
    assert refused.value.cause is cause


@pytest.mark.parametrize(
    "said", [b"sesame-9041\r\n\r\n", OK + b"sesame-9041\r\n\r\n", b"HTTP/1.1 sesame-9041\r\n\r\n"]
)
def test_what_a_peer_says_never_stands_in_the_words(said: bytes) -> None:
    with pytest.raises(NotHttp) as refused:
        asked(said)
    assert "sesame" not in refused.value.words


AT = product([Endpoint(id="site", where="https://toy.test:8443/a/b?q")], []).surface[0]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("/c", "https://toy.test:8443/c"),
        ("c d", "https://toy.test:8443/a/c%20d"),
        ('/über?ä=%41&"', 'https://toy.test:8443/%C3%BCber?%C3%A4=%41&"'),
        ("//bücher.test/", "https://xn--bcher-kva.test:443/"),
        ("?r", "https://toy.test:8443/a/b?r"),
        ("#part", "https://toy.test:8443/a/b?q"),
        ("//other.test/", "https://other.test:443/"),
        ("/\t/other.\ntest/", "https://other.test:443/"),
        ("HTTP://OTHER.test.", "http://other.test:80/"),
    ],
)
def test_where_a_reference_leads(reference: str, expected: str) -> None:
    at = leads_to(door(product([AT], []), bench()).reach(AT).address, reference)
    assert f"{at.scheme}://{at.authority}{at.path}" == expected


@pytest.mark.parametrize(
    "reference",
    [
        "mailto:x@toy.test",
        "javascript:1",
        "http://[::1",
        "http://a@b/",
        "http://1/",
        "http://a\\@b/",
        "///other.test/",
        " /\t//other.test/",
        "https:///other.test/",
        "HTTP:////other.test/",
    ],
)
def test_a_reference_that_leads_nowhere(reference: str) -> None:
    with pytest.raises(NotSeen, match="no plain web address"):
        leads_to(door(product([AT], []), bench()).reach(AT).address, reference)
