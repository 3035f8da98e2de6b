"""Look at the TLS side of an endpoint: one handshake like any client's, then hellos like nobody's."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from shelfworthy.model import Cause, Endpoint, Level, NotLooked
from shelfworthy.probes.endpoint.enumeration import Asked, Enumeration
from shelfworthy.probes.endpoint.heartbleed import heartbeat
from shelfworthy.probes.endpoint.led import asked_at, elsewhere
from shelfworthy.probes.endpoint.names import asked_name, server_name
from shelfworthy.reach import FellSilent, Line, NotHttp, NoTls, NotSeen, Reach, exchange
from shelfworthy.seen.endpoint import (
    EndpointCertificate,
    EndpointHttps,
    EndpointTls,
    Heartbeat,
)
from shelfworthy.seen.tls_suites import name as suite_name

MOST_CERTIFICATES = 16
LONGEST_HEADER = 256


async def observe(
    endpoint: Endpoint, reach: Reach
) -> AsyncIterator[EndpointCertificate | EndpointTls | EndpointHttps]:
    """The handshake first: a server that is away is found out with one connection, not with six."""
    opened = reach.tls(level=Level.LOOK, name=endpoint.name)
    try:
        line = await opened.__aenter__()
    except NoTls:
        async for seen in _without_handshake(endpoint, reach):
            yield seen
        return
    try:
        yield _completed(asked_name(endpoint, reach.address), line)
        yield await _https(endpoint, reach, line)
    finally:
        # Before the hellos: there are servers that talk to one client at a time.
        await opened.__aexit__(None, None, None)
    yield (await _enumerated(endpoint, reach))[0]


async def _without_handshake(
    endpoint: Endpoint, reach: Reach
) -> AsyncIterator[EndpointCertificate | EndpointTls]:
    """OpenSSL could not finish one. The hellos tell what is there, and show certificates up to TLS 1.2."""
    tls, found = await _enumerated(endpoint, reach)
    yield tls
    shown = [asked for asked in found if asked.first.reply == "accepted" and asked.first.chain is not None]
    if not shown:
        words = f"{endpoint.where} showed no certificate: it completes no handshake with us."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    newest = shown[-1]
    yield _certificate(
        asked_name(endpoint, reach.address),
        newest.first.chain or (),
        version=newest.seen.version,
        suite=suite_name(newest.first.suites[0]) if newest.first.suites else "",
        completed=False,
    )


async def _enumerated(endpoint: Endpoint, reach: Reach) -> tuple[EndpointTls, tuple[Asked, ...]]:
    deep = await reach.permits(Level.KNOCK)
    name = server_name(endpoint, reach.address)
    found = await Enumeration(reach, name, deep=deep).run()
    tried: Heartbeat | NotLooked = NotLooked(Cause.NOT_PERMITTED)
    if await reach.permits(Level.USE):
        tried = await heartbeat(reach, name, found)
    return EndpointTls(versions=tuple(asked.seen for asked in found), heartbeat=tried), found


def _completed(name: str, line: Line) -> EndpointCertificate:
    shown = line.handshake
    assert shown is not None  # reach gives no TLS line without it
    version = shown.version.replace("TLSv1.", "TLS 1.").replace("TLSv1", "TLS 1.0")
    return _certificate(name, shown.chain, version=version, suite=shown.suite, completed=True)


def _certificate(
    name: str, chain: tuple[bytes, ...], *, version: str, suite: str, completed: bool
) -> EndpointCertificate:
    return EndpointCertificate(
        name=name,
        at=datetime.now(UTC).replace(microsecond=0),
        chain=chain[:MOST_CERTIFICATES],
        shown=len(chain),
        completed=completed,
        version=version,
        suite=suite,
    )


async def _https(endpoint: Endpoint, reach: Reach, line: Line) -> EndpointHttps:
    """The answer to `GET` over the handshake we already have. Raises NotSeen."""
    patience = reach.limits.silence  # for all of it: the hellos are still to come
    try:
        reply = await exchange(reach, line, reach.address, name=endpoint.name, within=patience)
    except (NotHttp, FellSilent) as trouble:
        return EndpointHttps(status=0, hsts="", elsewhere=NotLooked(trouble.cause))
    return EndpointHttps(
        status=reply.status,
        hsts=reply.header("strict-transport-security")[:LONGEST_HEADER],
        elsewhere=elsewhere(reply, asked_at(endpoint, reach.address), reach.address),
    )
