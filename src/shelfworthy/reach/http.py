"""One HTTP/1.1 request through the door; redirects are reported, never followed.

What a peer sends never stands in the words of a gap: only what is wrong with it (law 8).
"""

import asyncio
import re
import zlib
from urllib.parse import quote, urljoin

import h11
import msgspec

from shelfworthy import __version__
from shelfworthy.model import Cause, Kind, Level, Record
from shelfworthy.product.address import Address, parse_where
from shelfworthy.reach.door import Counted, Reach
from shelfworthy.reach.line import Line
from shelfworthy.reach.words import FellSilent, NotHttp, NotSeen

AGENT = f"shelfworthy/{__version__}"
AT_ONCE = 500  # pieces of an answer that are gone through before anybody else is heard
PIECES = 20_000  # of a body that are gone through; there are servers that send each row as a chunk
INTERIM = 16  # answers of the 1xx sort that are read before the real one
AUTHORITY = re.compile(r"((?:[a-z]+://)?[^/?]*)(.*)", re.IGNORECASE | re.DOTALL)
# Browsers take `///host/` and `https:///host/` for `//host/`, other clients for a path.
SLASHES = re.compile(r"(?:[a-z]+:)?/{3}", re.IGNORECASE)
BLANKS = str.maketrans("", "", "\t\r\n")  # which browsers leave out wherever they stand
VISIBLE = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}"  # what `quote` leaves as it is, beside letters, digits and _.-~


class Reply(Record, frozen=True):
    """An HTTP answer.

    headers: names in lower case. whole: the body was received to its end, within the bounds. chain: the
    certificates shown, DER, leaf first; empty in cleartext.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    whole: bool
    chain: tuple[bytes, ...] = ()

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
    within: float | None = None,
    why: str = "",
    kept: bytes | None = None,
    counts_as: Counted = "pages",
) -> Reply:
    """Ask once, on a connection of its own. `at.path` is the target with its query. Raises NotSeen, NotHttp.

    name: the host to ask for (SNI and Host) where `at` is an address. within: see `exchange`. why, kept: see
    `Line.send`.
    """
    opened = (
        reach.tls(at, level=level, name=name, counts_as=counts_as)
        if at.scheme == "https"
        else reach.tcp(at, level=level, counts_as=counts_as)
    )
    async with opened as line:
        return await exchange(
            reach,
            line,
            at,
            method=method,
            headers=headers,
            body=body,
            name=name,
            within=within,
            why=why,
            kept=kept,
        )


async def exchange(
    reach: Reach,
    line: Line,
    at: Address,
    *,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    name: str = "",
    within: float | None = None,
    why: str = "",
    kept: bytes | None = None,
) -> Reply:
    """One request and its answer on an open connection. Raises NotSeen, NotHttp, FellSilent.

    within: seconds for the whole answer, where there is more to look at after it; None: as long as the look.
    why, kept: see `Line.send`.
    """
    peer = h11.Connection(h11.CLIENT, max_incomplete_event_size=reach.limits.head)
    sent = [
        ("Host", _host(at, name)),
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
    await line.send(question, why=why, kept=kept)
    try:
        async with asyncio.timeout(within):
            answer, content, whole = await _answer(line, peer, reach.limits.body)
    except TimeoutError as error:
        raise FellSilent(Cause.SILENT, f"{line.to} did not finish its answer within {within:g} s.") from error
    found = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in answer.headers)
    chain = line.handshake.chain if line.handshake else ()
    reply = Reply(status=answer.status_code, headers=found, body=content, whole=whole, chain=chain)
    return _unpacked(reply, line.to, reach.limits.body)


def leads_to(at: Address, reference: str) -> Address:
    """Where a reference (`Location`, a link) found at a page leads. To ask there is a new act.

    Raises NotSeen for what is no web address, one in disguise, or not the same one to all clients.
    """
    try:
        text = reference.strip().translate(BLANKS)
        if SLASHES.match(text):
            raise ValueError
        place = urljoin(f"{at.scheme}://{at.authority}{at.path}", text).partition("#")[0]
        to, path = AUTHORITY.fullmatch(place).groups()  # type: ignore[union-attr] # it matches anything
        return parse_where(Kind.ENDPOINT, to + quote(path, safe=VISIBLE))
    except ValueError as wrong:  # WrongAddress is one; urljoin's own is about brackets that do not match
        words = f"{at.authority} leads to a place that is no plain web address; nobody went there."
        raise NotSeen(Cause.NOT_PERMITTED, words) from wrong


def _host(at: Address, name: str) -> str:
    """The Host header: without the port where it is the scheme's own (RFC 9110, section 7.2)."""
    usual = 443 if at.scheme == "https" else 80
    authority = f"{name}:{at.port}" if name else at.authority
    return authority.removesuffix(f":{usual}") if at.port == usual else authority


async def _answer(line: Line, peer: h11.Connection, most: int) -> tuple[h11.Response, bytes, bool]:
    """The final answer, its body up to `most` bytes and `PIECES` pieces, and whether that is all of it."""
    answer: h11.Response | None = None
    content = bytearray()
    interim = pieces = 0
    ended = False
    while True:
        pieces += 1
        if pieces % AT_ONCE == 0:  # what comes at once may be twenty thousand of them
            await asyncio.sleep(0)
        try:
            event = peer.next_event()
        except h11.RemoteProtocolError as error:
            if ended and answer is not None:
                return answer, bytes(content), False  # it hung up before the end it had announced
            raise _broken(line.to, error, answer is not None) from error
        if event is h11.NEED_DATA:
            piece = await line.receive_some()
            ended = not piece
            if ended and answer is None and not b"HTTP/".startswith(peer.trailing_data[0][:5]):
                raise NotHttp(Cause.NOT_UNDERSTOOD, f"{line.to} does not speak HTTP.")
            if ended and answer is None:
                raise NotHttp(Cause.SILENT, f"{line.to} hung up without an HTTP answer.")
            peer.receive_data(piece)
        elif isinstance(event, h11.InformationalResponse):
            interim += 1
            if interim > INTERIM:
                words = f"{line.to} sent more than {INTERIM} interim answers and none that counts."
                raise NotSeen(Cause.NOT_UNDERSTOOD, words)
        elif isinstance(event, h11.Response):
            answer = event
        elif isinstance(event, h11.Data):
            content += event.data
            if len(content) > most or pieces > PIECES:
                assert answer is not None  # h11 gives no data without a response
                return answer, bytes(content[:most]), False
        else:
            assert isinstance(event, h11.EndOfMessage)  # what is left for the answer to our kind of request
            assert answer is not None
            return answer, bytes(content), True


def _broken(to: str, error: h11.RemoteProtocolError, answered: bool) -> NotSeen:
    """What broke HTTP's rules. h11's own words quote the peer and are not used."""
    if error.error_status_hint == 431:
        return NotHttp(Cause.NOT_UNDERSTOOD, f"{to} sent an HTTP header without end.")
    if answered:
        return NotSeen(Cause.NOT_UNDERSTOOD, f"{to} began an HTTP answer and broke off into something else.")
    return NotHttp(Cause.NOT_UNDERSTOOD, f"{to} does not speak HTTP.")


def _unpacked(reply: Reply, to: str, most: int) -> Reply:
    """A body that came compressed although we asked for it plain, unpacked up to the bound."""
    coding = reply.header("content-encoding").lower()
    if coding in {"", "identity"} or not reply.body:
        return reply
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{to} sent a packed answer in a way we did not accept.")
    unpacker = zlib.decompressobj(wbits=47)  # 32 + 15: gzip or zlib, told by the header
    try:
        body = unpacker.decompress(reply.body, most)
    except zlib.error as error:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{to} sent a packed answer that cannot be unpacked.") from error
    whole = reply.whole and unpacker.eof and not unpacker.unused_data
    return msgspec.structs.replace(reply, body=body, whole=whole)
