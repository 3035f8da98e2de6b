"""Does the message broker keep what it carries from strangers?

Why it matters: what toys and their app say to each other goes through it: recordings, names, where a child
is. The broker also keeps the last message of each topic for whoever comes next.

How we look (knock): a stranger who was let in subscribes to all topics, and to those about the broker
itself, and listens for one second. Messages are counted and dropped, and of a topic only generic words are
kept. That a subscription is granted proves nothing: a broker with access rules grants it, and delivers
nothing. Of CoAP resources the first sixteen bytes are asked for. In AMQP a subscription takes a queue of
our own, which we make from use on.

What it does not show: what is sent less often than once a second and not kept; topics that a stranger may
read by their exact name, where reading all of them is forbidden; and whether one may also send.

If it fails: let each client read its own topics only, and nobody without credentials any.
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
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.broker import BrokerSeen, Received

SAYS = {
    "readable": "A stranger was handed {messages} messages of {topics} topics, {size} bytes in all.",
    "readable-more": "A stranger was handed {messages} messages of {topics} topics, and there were more.",
    "subscription-refused": "The broker let a stranger in, and refused to let them read (code {code}).",
    "not-let-in": "The broker hands a stranger nothing, for it does not let them in: {reason}.",
    "nothing-arrived": "The broker let a stranger in, and neither handed them a message nor refused to.",
    "not-asked": "The broker let a stranger in; asking it for messages takes more permission.",
    "published-untried": "The broker refused a stranger; nobody tried the published user name and password.",
    "published-unanswered": "The broker refused a stranger, and did not answer the published user name.",
    "not-known": "Whether a stranger would be let in is not known.",
    "dtls": "The port answers DTLS only, which we do not speak.",
}


def judge(seen: BrokerSeen, about: About) -> Iterator[Answer]:
    match seen.received:
        case Received() as received if received.messages:
            yield readable(received)
        case Received() as received if let_in(seen) is not None:
            yield nothing(received)
        case NotLooked() if let_in(seen) is not None:
            yield inconclusive("not-asked", Cause.NOT_PERMITTED)
        case _:
            yield outside(seen)


def readable(received: Received) -> Answer:
    """Something was received."""
    at = field("received.messages")
    if received.truncated:
        return fails(
            "readable-more", at, Severity.CRITICAL, messages=received.messages, topics=received.topics
        )
    return fails(
        "readable",
        at,
        Severity.CRITICAL,
        messages=received.messages,
        topics=received.topics,
        size=received.size,
    )


def nothing(received: Received) -> Answer:
    """Nothing was: because it was refused, or nobody knows why."""
    of_customers = [(place, one) for place, one in enumerate(received.asked) if not one.what.startswith("$")]
    if of_customers and all(one.granted is False for _, one in of_customers):
        place, one = of_customers[-1]
        return passes("subscription-refused", field(f"received.asked.{place}.granted"), code=one.code)
    return inconclusive("nothing-arrived", Cause.SILENT)


def outside(seen: BrokerSeen) -> Answer:
    """Nobody was let in."""
    if (turned_away := refused(seen)) is not None:
        if published_open(seen) and published_tried(seen):
            return inconclusive("published-unanswered", Cause.SILENT)
        if published_open(seen):
            return inconclusive("published-untried", Cause.NOT_PERMITTED)
        place, one = turned_away
        return passes("not-let-in", field(f"tries.{place}.came"), reason=REASONS.get(one.code, one.code))
    if left_open(seen) is None and any(one.came == "handshake" for one in seen.tries):
        return inconclusive("dtls", Cause.TOOL_MISSING)
    return inconclusive("not-known", Cause.REFUSED)


CHECK = Check(id="broker-readable", version=1, level=Level.KNOCK, judge=judge, reads=(BrokerSeen,), says=SAYS)
