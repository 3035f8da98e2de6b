"""One HTTP/1.1 request through the door; redirects are reported, never followed."""

import zlib

import h11

from shelfworthy import __version__
from shelfworthy.model import Cause, Level, Record
from shelfworthy.product.address import Address
from shelfworthy.reach.door import Reach
from shelfworthy.reach.line import Line
from shelfworthy.reach.words import NotSeen

AGENT = f"shelfworthy/{__version__}"


class Reply(Record, frozen=True):
    """An HTTP answer. whole: the body was received to its end within the bounds.

    headers: names in lower case.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    whole: bool

    def header(self, name: str) -> str:
        """The first header of this name, or ""."""
        return next((value for key, value in self.headers if key == name), "")


async def request(
    reach: Reach,
    at: Address,
    *,
    level: Level,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    name: str = "",
) -> Reply:
    """Ask once, on a connection of its own. `at.path` is the target with its query. Raises NotSeen."""
    opened = (
        reach.tls(at, level=level, name=name, counts_as="pages")
        if at.scheme.endswith("https")
        else reach.tcp(at, level=level, counts_as="pages")
    )
    async with opened as line:
        return await exchange(reach, line, at, method=method, headers=headers, body=body, name=name)


async def exchange(
    reach: Reach,
    line: Line,
    at: Address,
    *,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    name: str = "",
) -> Reply:
    """One request and its answer on an open connection. Raises NotSeen."""
    peer = h11.Connection(h11.CLIENT, max_incomplete_event_size=reach.limits.head)
    sent = [
        ("Host", name or _host(at)),
        ("User-Agent", AGENT),
        ("Accept", "*/*"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        *headers,
    ]
    if body or method in {"PUT", "POST"}:
        sent.append(("Content-Length", str(len(body))))
    question = peer.send(h11.Request(method=method, target=at.path or "/", headers=sent)) or b""
    question += (peer.send(h11.Data(data=body)) or b"") if body else b""
    question += peer.send(h11.EndOfMessage()) or b""
    await line.send(question)
    try:
        answer, content, whole = await _answer(reach, line, peer)
    except h11.RemoteProtocolError as error:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{line.to} does not speak HTTP ({error}).") from error
    found = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in answer.headers)
    reply = Reply(status=answer.status_code, headers=found, body=content, whole=whole)
    return _unpacked(reply, reach.limits.body)


def _host(at: Address) -> str:
    """The Host header: without the port where it is the scheme's own (RFC 9110, section 7.2)."""
    usual = 443 if at.scheme.endswith("https") else 80
    return at.authority.removesuffix(f":{usual}") if at.port == usual else at.authority


async def _answer(reach: Reach, line: Line, peer: h11.Connection) -> tuple[h11.Response, bytes, bool]:
    answer: h11.Response | None = None
    content = bytearray()
    while True:
        event = peer.next_event()
        if event is h11.NEED_DATA:
            peer.receive_data(await line.receive_some())
        elif isinstance(event, h11.Response):
            answer = event
        elif isinstance(event, h11.Data):
            content += event.data
            if len(content) > reach.limits.body:
                break
        elif isinstance(event, h11.EndOfMessage):
            assert answer is not None  # h11 gives no end without a response
            return answer, bytes(content), True
        elif isinstance(event, h11.ConnectionClosed):
            raise NotSeen(Cause.SILENT, f"{line.to} hung up without an HTTP answer.")
    assert answer is not None  # h11 gives no data without a response
    return answer, bytes(content[: reach.limits.body]), False


def _unpacked(reply: Reply, most: int) -> Reply:
    """A body that came compressed although we asked for it plain, unpacked up to the bound."""
    coding = reply.header("content-encoding").lower()
    if coding in {"", "identity"}:
        return reply
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"The answer is packed as {coding!r}, which we did not accept.")
    unpacker = zlib.decompressobj(wbits=47)  # 32 + 15: gzip or zlib, told by the header
    try:
        body = unpacker.decompress(reply.body, most)
    except zlib.error as error:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"The answer cannot be unpacked ({error}).") from error
    whole = reply.whole and unpacker.eof
    return Reply(status=reply.status, headers=reply.headers, body=body, whole=whole)
