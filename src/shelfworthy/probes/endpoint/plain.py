"""Look at the plain port of an endpoint: one request in cleartext, as a forgotten `http://` would send it."""

import secrets
from collections.abc import AsyncIterator

from shelfworthy.model import Cause, Endpoint, Level
from shelfworthy.probes.elsewhere import origin, place
from shelfworthy.probes.endpoint.answer import Answer
from shelfworthy.probes.endpoint.hello import RANDOM, TLS10, TLS11, TLS12, TLS13, client_hello
from shelfworthy.probes.endpoint.led import asked_at
from shelfworthy.probes.endpoint.names import asked_name, server_name
from shelfworthy.probes.endpoint.offers import listen
from shelfworthy.probes.endpoint.plan import first
from shelfworthy.probes.masking import masked
from shelfworthy.reach import Address, FellSilent, NotHttp, NotSeen, PortRefused, Reach, Reply, exchange
from shelfworthy.seen.endpoint import EndpointPlain

MOST_COOKIES = 40


async def observe(endpoint: Endpoint, reach: Reach) -> AsyncIterator[EndpointPlain]:
    at = plain_address(endpoint, reach.address)
    try:
        async with reach.tcp(at, level=Level.LOOK, counts_as="pages") as line:
            answer = await exchange(reach, line, at, name=endpoint.name)
    except PortRefused:
        tls = await _tls_answers(endpoint, reach)
        yield _seen(endpoint, reach, at, reply="refused", tls_answered=tls)
    except FellSilent:
        yield _seen(endpoint, reach, at, reply="silent")
    except NotHttp as other:
        yield _seen(endpoint, reach, at, reply="closed" if other.cause is Cause.SILENT else "not http")
    else:
        yield _seen(endpoint, reach, at, reply="http", answer=answer)


def plain_address(endpoint: Endpoint, at: Address) -> Address:
    """Where the same service may answer in cleartext. Raises NotSeen if nobody said where that would be."""
    if at.scheme == "http":
        return at
    port = endpoint.plain_port or (80 if at.port == 443 else 0)
    if not port:
        words = (
            f"{endpoint.where} is not on port 443. Write `plain_port = …` into the product file; "
            "where there is none, begin one (`shelfworthy init`)."
        )
        raise NotSeen(Cause.NOT_SUPPLIED, words)
    return Address(scheme="http", host=at.host, port=port, path=at.path)


def _seen(
    endpoint: Endpoint,
    reach: Reach,
    at: Address,
    *,
    reply: str,
    answer: Reply | None = None,
    tls_answered: bool = False,
) -> EndpointPlain:
    host = asked_name(endpoint, reach.address)
    headers = answer.headers if answer else ()
    cookies = [masked(value.partition("=")[0].strip()) for key, value in headers if key == "set-cookie"]
    location = answer.header("location") if answer else ""
    to = place(location, asked_at(endpoint, at)) if location else None
    return EndpointPlain(
        host=host,
        port=at.port,
        reply=reply,
        status=answer.status if answer else 0,
        location=origin(to) if to else None,
        cookies=tuple(cookies[:MOST_COOKIES]),
        tls_answered=tls_answered,
    )


async def _tls_answers(endpoint: Endpoint, reach: Reach) -> bool:
    """The control: whether TLS of any version answers at the same address. One hello, nothing completed."""
    if reach.address.scheme != "https":
        return False
    suites = (*first(TLS13), *first(TLS12))
    hello = client_hello(
        TLS13,
        suites,
        server_name(endpoint, reach.address),
        secrets.token_bytes(RANDOM),
        older=(TLS12, TLS11, TLS10),
    )
    answer = Answer()
    async with reach.tcp(level=Level.LOOK) as line:
        await line.send(hello)
        await listen(line, answer, lambda: answer.ended or answer.hello is not None)
    return answer.hello is not None
