"""Ask a registry who holds a domain: RDAP (RFC 7480, 9082), and WHOIS (RFC 3912) where no RDAP is.

- Asked is the registry the operator's policy names for the domain's suffix; redirects lead to no others.
- A registry that asks us to come back later is asked again, twice, if that is within a few seconds.
- Its certificate is verified: here the answer counts, not the server.
"""

import asyncio
import ssl
from functools import cache

import certifi

from shelfworthy.model import Cause, Level, Record
from shelfworthy.product.address import Address
from shelfworthy.reach.door import Reach
from shelfworthy.reach.http import Reply, exchange, leads_to
from shelfworthy.reach.visit import REDIRECTS
from shelfworthy.reach.words import NotSeen

HOPS = 3
AGAIN = 2  # times a registry may ask us to come back
PATIENCE = 5  # seconds, the longest we wait to come back
WITHIN = 8.0  # seconds for one whole answer
LARGEST_WHOIS = 64 << 10  # bytes


class Registered(Record, frozen=True):
    """A registry's answer. protocol: "rdap" or "whois". at: `host:port`. found: False if it says 404.

    content: what it said, as bytes; not there with a 404.
    """

    protocol: str
    at: str
    found: bool
    content: bytes


async def ask_registry(reach: Reach, domain: str) -> Registered:
    """What the registry says of a domain. Raises NotSeen."""
    base = reach.registry(domain)
    if base is None:
        suffix = domain.rpartition(".")[2]
        words = (
            f"Which registry knows the domains under .{suffix} is not known here. Save IANA's list,"
            " https://data.iana.org/rdap/dns.json, beside the operator's policy and write into it:"
            ' bootstrap = "dns.json". Or name the registry itself in a [[registry]] with'
            f' suffixes = ["{suffix}"].'
        )
        raise NotSeen(Cause.DATA_MISSING, words)
    if base.scheme == "whois":
        return await _whois(reach, base, domain)
    path = f"{base.path.rstrip('/')}/domain/{domain}"  # RFC 9082, section 3.1.3
    reply, at = await _rdap(reach, Address(scheme=base.scheme, host=base.host, port=base.port, path=path))
    if reply.status == 404 and reply.header("content-type").lower().startswith("text/html"):
        # A proxy before the registry, or a path that is not the registry's: not its own "no" (RFC 7480, 5.3).
        words = f"The registry {at.authority} answered with a web page for people (status 404)."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    if reply.status == 404:
        return Registered(protocol="rdap", at=at.authority, found=False, content=b"")
    if reply.status != 200:
        words = f"The registry {at.authority} answered with status {reply.status}."
        raise NotSeen(Cause.REFUSED if reply.status in (401, 403, 429) else Cause.NOT_UNDERSTOOD, words)
    if not reply.whole:
        words = f"The registry {at.authority} sent an answer that is too long, or broke it off."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    return Registered(protocol="rdap", at=at.authority, found=True, content=reply.body)


async def _rdap(reach: Reach, at: Address) -> tuple[Reply, Address]:
    """The answer at the end of the redirects, and who gave it."""
    asked = {at}
    while True:
        reply = await _patiently(reach, at)
        if reply.status not in REDIRECTS or not reply.header("location"):
            return reply, at
        at = leads_to(at, reply.header("location"))
        if at in asked or len(asked) > HOPS:
            words = "The registry's redirects go round in a circle, or on for too long."
            raise NotSeen(Cause.NOT_UNDERSTOOD, words)
        asked.add(at)


async def _patiently(reach: Reach, at: Address) -> Reply:
    """Ask, and come back when asked to (429 with Retry-After in seconds; RFC 7480, section 5.5)."""
    for _ in range(AGAIN):
        reply = await _ask(reach, at)
        if reply.status not in (429, 503):
            return reply
        after = reply.header("retry-after")
        wait = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else PATIENCE + 1
        if wait > min(PATIENCE, reach.seconds_left - 1):
            words = f"The registry {at.authority} asks to be asked later (status {reply.status})."
            raise NotSeen(Cause.REFUSED, words)
        await asyncio.sleep(wait)
    return await _ask(reach, at)


async def _ask(reach: Reach, at: Address) -> Reply:
    asking = reach.asking()
    opened = (
        asking.tls(at, level=Level.LOOK, name=at.host, context=verifying(), counts_as="questions")
        if at.scheme == "https"
        else asking.tcp(at, level=Level.LOOK, counts_as="questions")
    )
    async with opened as line:
        return await exchange(asking, line, at, within=WITHIN)


@cache
def verifying() -> ssl.SSLContext:
    """A client that believes only the certificates everybody's browser believes."""
    return ssl.create_default_context(cafile=certifi.where())


async def _whois(reach: Reach, at: Address, domain: str) -> Registered:
    """A line out, text back until the server hangs up."""
    async with reach.asking().tcp(at, level=Level.LOOK, counts_as="questions") as line:
        await line.send(f"{domain}\r\n".encode("ascii"))
        try:
            async with asyncio.timeout(WITHIN):
                content = await line.receive(LARGEST_WHOIS)
        except TimeoutError as error:
            words = f"The registry {at.authority} did not finish its answer within {WITHIN:g} s."
            raise NotSeen(Cause.SILENT, words) from error
    if not content or len(content) == LARGEST_WHOIS:
        words = f"The registry {at.authority} sent an answer that is {'too long' if content else 'empty'}."
        raise NotSeen(Cause.NOT_UNDERSTOOD if content else Cause.SILENT, words)
    return Registered(protocol="whois", at=at.authority, found=True, content=content)
