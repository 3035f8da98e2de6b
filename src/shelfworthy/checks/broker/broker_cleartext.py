"""Does the message broker speak only over encrypted connections?

Why it matters: in cleartext every network on the way can read the messages, and the password of whoever sends
them, and put words into a toy's mouth.

How we look (knock): we try to join in cleartext. If the broker hangs up on that, we try over TLS on the
same port, and if that is answered once more in cleartext, which has to be hung up on, too. A refusal in
cleartext counts as speaking: a customer's password would go the same way. A port of CoAP has nothing to
hang up: there, that it answers a hello of DTLS and drops every request in cleartext before and after is as
much as can be seen.

What it does not show: how good its TLS or DTLS is, whether clients check its certificate, and whether
another port of the same broker answers in cleartext.

If it fails: close the port for cleartext (1883, 5672, 5683) and offer TLS alone (8883, 5671, 5684).
"""

from collections.abc import Iterator

from shelfworthy.checks.broker._joining import spoken
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.broker import BrokerSeen

SAYS = {
    "cleartext": "The broker answers in cleartext.",
    "tls-only": "The broker hangs up on a stranger in cleartext and answers over TLS.",
    "dtls-only": "The server answers a hello of DTLS and drops every request in cleartext.",
    "silent": "The broker answers over TLS; in cleartext it kept silent, which is no refusal.",
    "asks-for-more": "The port speaks TLS, and hangs up on a stranger both ways.",
}


def judge(seen: BrokerSeen, about: About) -> Iterator[Answer]:
    clear, secret = next(spoken(seen, over_tls=False), None), next(spoken(seen, over_tls=True), None)
    came = {one.came for one in seen.tries if not one.over_tls}
    if clear is not None:
        yield fails("cleartext", field(f"tries.{clear}.came"), Severity.HIGH)
    elif secret is None:
        yield inconclusive("asks-for-more", Cause.REFUSED)
    elif came == {"hung up"}:
        yield passes("tls-only", field(f"tries.{secret}.came"))
    elif seen.tries[secret].came == "handshake":
        yield passes("dtls-only", field(f"tries.{secret}.came"), confidence=Confidence.PROBABLE)
    else:
        yield inconclusive("silent", Cause.SILENT)


CHECK = Check(
    id="broker-cleartext", version=1, level=Level.KNOCK, judge=judge, reads=(BrokerSeen,), says=SAYS
)
