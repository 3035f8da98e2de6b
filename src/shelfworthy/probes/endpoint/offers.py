"""Offer a server one version with some suites, and see what it makes of that. No handshake is completed."""

import secrets
from collections.abc import Callable, Sequence

from shelfworthy.model import Level, Record
from shelfworthy.probes.endpoint.answer import Answer, ServerHello
from shelfworthy.probes.endpoint.hello import RANDOM, SSL2, TLS13, client_hello, ssl2_hello
from shelfworthy.probes.endpoint.ssl2 import Ssl2Answer
from shelfworthy.reach import FellSilent, Line, Reach


class Reply(Record, frozen=True):
    """What came back on one offer. reply, alert: as in `VersionSeen`. suites: accepted by this answer, at
    most one but in SSL 2.0. hello: the ServerHello, if one came. chain: certificates in clear, leaf first,
    None if we did not wait for them or none came.
    """

    reply: str
    alert: int = -1
    suites: tuple[int, ...] = ()
    hello: ServerHello | None = None
    chain: tuple[bytes, ...] | None = None


async def offer(
    reach: Reach, level: Level, name: str, version: int, suites: Sequence[int], *, chain: bool = False
) -> Reply:
    """One hello, one answer, on a connection of its own. chain: wait for the certificates, too."""
    if version == SSL2:
        return await _offer_ssl2(reach, level, suites)
    answer = Answer()

    def enough() -> bool:
        if answer.hello is None or not chain or version == TLS13:
            return answer.ended or answer.hello is not None
        return answer.ended or answer.chain is not None or answer.done

    async with reach.tcp(level=level) as line:
        await line.send(client_hello(version, suites, name, secrets.token_bytes(RANDOM)))
        ended = await listen(line, answer, enough)
    return read(answer, ended, version, suites)


async def listen(line: Line, answer: Answer | Ssl2Answer, enough: Callable[[], bool]) -> str:
    """Feed what comes until it is enough: "", or how the peer ended it before: "closed", "silent"."""
    while not enough():
        try:
            piece = await line.receive_some()
        except FellSilent:
            return "silent"
        if not piece:
            return "closed"
        answer.feed(piece)
    return ""


def read(answer: Answer, ended: str, version: int, suites: Sequence[int]) -> Reply:
    """What an answer means for this offer. Pure."""
    hello = answer.hello
    if hello is None:
        broken = "http" if answer.http else "not understood"
        reply = broken if answer.broken else "alert" if answer.fatal else ended
        return Reply(reply=reply, alert=answer.alert)
    if hello.version == version and hello.suite in suites:
        return Reply(reply="accepted", suites=(hello.suite,), hello=hello, chain=answer.chain)
    older = 0x0300 <= hello.version < version
    return Reply(reply="other version" if older else "not understood", hello=hello, chain=answer.chain)


async def _offer_ssl2(reach: Reach, level: Level, kinds: Sequence[int]) -> Reply:
    answer = Ssl2Answer()
    async with reach.tcp(level=level) as line:
        await line.send(ssl2_hello(kinds, secrets.token_bytes(RANDOM)))
        ended = await listen(line, answer, lambda: answer.ended)
    if answer.kinds is None:
        reply = "not understood" if answer.broken else "alert" if answer.fatal else ended
        return Reply(reply=reply, alert=answer.alert)
    chain = (answer.certificate,) if answer.certificate else None
    return Reply(reply="accepted", suites=answer.kinds, chain=chain)
