"""One heartbeat that claims one byte more than it sends (CVE-2014-0160). Only at `use`: it may read memory.

A server that has the flaw returns our bytes and one of its own; we keep that there was one, and drop it
unread. Right behind the heartbeat goes a close_notify. Records are read in order, so a server that ends the
connection without an echo has read the heartbeat and passed over it, as RFC 6520 section 4 asks.
"""

import secrets

from shelfworthy.model import Cause, Level, NotLooked
from shelfworthy.probes.endpoint.answer import Answer
from shelfworthy.probes.endpoint.enumeration import Asked
from shelfworthy.probes.endpoint.hello import (
    CLOSE_NOTIFY,
    MOST_SUITES,
    RANDOM,
    SSL3,
    TLS12,
    client_hello,
    heartbeat_request,
)
from shelfworthy.probes.endpoint.offers import listen
from shelfworthy.probes.endpoint.plan import NUMBERS, first
from shelfworthy.reach import Reach
from shelfworthy.seen.endpoint import Heartbeat

PAYLOAD = b"one byte too many"


async def heartbeat(reach: Reach, name: str, found: tuple[Asked, ...]) -> Heartbeat | NotLooked:
    """Ask in the newest version, up to TLS 1.2, that the server accepted. Raises NotSeen."""
    able = [asked.seen for asked in found if SSL3 < NUMBERS[asked.seen.version] <= TLS12]
    accepted = [seen for seen in able if seen.suites]
    if not accepted:
        refused = all(seen.unknown is None for seen in able)
        # Heartbeats are agreed on in hellos up to TLS 1.2; the flawed OpenSSL 1.0.1 knew no later version.
        return Heartbeat(offered=False, over_read=0, ended="") if refused else NotLooked(Cause.REFUSED)
    version = NUMBERS[accepted[-1].version]
    usual = tuple(suite for suite in accepted[-1].suites if suite in first(version))
    suites = (usual or accepted[-1].suites)[:MOST_SUITES]
    hello = client_hello(version, suites, name, secrets.token_bytes(RANDOM), heartbeat=True)
    answer = Answer()
    async with reach.tcp(level=Level.USE) as line:
        await line.send(hello)
        ended = await listen(line, answer, lambda: answer.done or answer.ended)
        if answer.hello is None or not answer.done:
            return NotLooked(Cause.SILENT if ended else Cause.NOT_UNDERSTOOD)
        if not answer.hello.heartbeat:
            return Heartbeat(offered=False, over_read=0, ended="")
        await line.send(heartbeat_request(PAYLOAD, len(PAYLOAD) + 1) + CLOSE_NOTIFY)
        ended = await listen(line, answer, lambda: bool(answer.echoed) or answer.ended)
    over_read = max(0, max(answer.echoed, default=0) - len(PAYLOAD))
    return Heartbeat(offered=True, over_read=over_read, ended=ended or ("alert" if answer.fatal else ""))
