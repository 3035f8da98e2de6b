"""Does the message broker ask everyone for credentials of their own?

Why it matters: whoever may join may listen to every child's recordings and speak through every toy. A
password that nobody asks for, or that everybody knows, protects nobody.

How we look (knock): we join without user name and password, in MQTT 3.1.1 and 5, or in AMQP 0-9-1 with the
mechanism ANONYMOUS, in cleartext and over TLS. An AMQP broker that names only mechanisms asking for
credentials has refused; from use on it is also asked with guest and guest, which come with RabbitMQ and
stand in its manual. CoAP knows no joining: there the question is whether a stranger is handed any resource
of the server's own list.

What it does not show: whether a customer with a password may read the messages of another customer; other
weak or shared passwords; resources and versions of the protocol that nobody asked for. Over DTLS we cannot
ask.

If it fails: require credentials from every client, one set per device, and remove the user guest.
"""

from collections.abc import Iterator

from shelfworthy.checks.broker._joining import (
    REASONS,
    left_open,
    let_in,
    published_open,
    published_tried,
    refused,
)
from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.broker import BrokerSeen

SAYS = {
    "let-in": "The broker let a client in without any credentials.",
    "published": "The broker let a client in as {name}, with the password everybody can read in the manual.",
    "refused": "The broker refused a stranger: {reason}.",
    "published-untried": "The broker refused a stranger; nobody tried the published user name and password.",
    "published-unanswered": "The broker refused a stranger, and did not answer the published user name.",
    "other-code": "The broker answered a stranger with neither yes nor no (code {code}).",
    "hung-up": "The port speaks TLS, and hangs up on a stranger both ways.",
    "dtls": "The port answers DTLS only, which we do not speak.",
}


def judge(seen: BrokerSeen, about: About) -> Iterator[Answer]:
    if (joined := let_in(seen)) is not None:
        place, one = joined
        at = field(f"tries.{place}.came")
        if one.name:
            yield fails("published", at, Severity.CRITICAL, name=one.name)
        else:
            yield fails("let-in", at, Severity.CRITICAL)
    elif (turned_away := refused(seen)) is not None:
        if published_open(seen) and published_tried(seen):
            yield inconclusive("published-unanswered", Cause.SILENT)
        elif published_open(seen):
            yield inconclusive("published-untried", Cause.NOT_PERMITTED)
        else:
            place, one = turned_away
            yield passes("refused", field(f"tries.{place}.came"), reason=REASONS.get(one.code, one.code))
    elif (other := left_open(seen)) is not None:
        yield inconclusive("other-code", Cause.NOT_UNDERSTOOD, code=other.code or "none")
    elif any(one.came == "handshake" for one in seen.tries):
        yield inconclusive("dtls", Cause.TOOL_MISSING)
    else:
        yield inconclusive("hung-up", Cause.REFUSED)


CHECK = Check(
    id="broker-anonymous", version=1, level=Level.KNOCK, judge=judge, reads=(BrokerSeen,), says=SAYS
)
