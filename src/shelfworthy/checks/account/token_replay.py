"""Is a session over after its log-out, and when its own time has run out?

Why it matters: what was once sent can be sent again by whoever recorded it, on a shared network or from an
old telephone. One smart toy's service took the same request with the same token for ever.

How we look (use): in a session of our own we read an object of ours and make one, log out, and send the
same two requests again, word for word. Then we log in anew, wait until one second past the end that the
service itself names for the session, if that is within half a minute, and send a request again. Each time
a new session shows that the service was there.

What it does not show: whether a request can be sent twice within its session; whether tokens can be
forged; a session whose end the service does not tell.

If it fails: end sessions on the server, not only in the app, and check their age with every request.
"""

from collections.abc import Iterator

from shelfworthy.checks.account._why import because, told
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
from shelfworthy.seen.account import AccountReplay, Expiry, LogOut, Replied, Shown, Stopped

LOG_OUT, EXPIRY = "log-out", "expiry"

SAYS = {
    "read-after": "After its log-out a session still reads what the customer put there.",
    "sent-again": "After its log-out a recorded request of the session is accepted again.",
    "ended": "After its log-out a session is refused (status {status}), and a new one is let in.",
    "after-its-time": "A session that lasts {seconds} s by its own word is accepted after {waited} s.",
    "expired": "A session that lasts {seconds} s is refused after {waited} s (status {status}).",
    "log-out-refused": "The log-out was not accepted: {why}.",
    "no-control": "The session did not work before either, or a new one not after: a refusal shows nothing.",
    "unclear": "The answer to a request that was sent again was neither yes nor no: {why}.",
    "stopped": "Whether a session ends by {what} could not be asked: {why}.",
}


def judge(seen: AccountReplay, about: About) -> Iterator[Answer]:
    match seen.log_out:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, subject=LOG_OUT, what=LOG_OUT, why=because(why))
        case LogOut() as it:
            yield from after_log_out(it)
    match seen.expiry:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, subject=EXPIRY, what=EXPIRY, why=because(why))
        case Expiry() as over:
            yield from after_its_time(over)


def after_log_out(it: LogOut) -> Iterator[Answer]:
    controlled = "accepted" == it.create_before.meaning == it.again.meaning
    match it:
        case LogOut(log_out=answer) if answer.meaning != "accepted":
            yield inconclusive("log-out-refused", Cause.REFUSED, subject=LOG_OUT, why=told(answer))
        case LogOut(read_after=Shown(ours=True), read_by_nobody=Shown(ours=False)):
            yield fails("read-after", field("log_out.read_after"), Severity.HIGH, subject=LOG_OUT)
        case LogOut(create_after=Replied(meaning="accepted")):
            yield fails("sent-again", field("log_out.create_after"), Severity.HIGH, subject=LOG_OUT)
        case _ if not controlled:
            yield inconclusive("no-control", Cause.CONTRADICTORY, subject=LOG_OUT)
        case LogOut(create_after=Replied(meaning="refused", status=status)) if not read_open(it):
            yield passes("ended", field("log_out.create_after"), subject=LOG_OUT, status=status)
        case LogOut(create_after=answer):
            yield inconclusive("unclear", Cause.NOT_UNDERSTOOD, subject=LOG_OUT, why=told(answer))


def read_open(it: LogOut) -> bool:
    """Whether reading worked before for the session alone, and was not refused after the log-out."""
    before = isinstance(it.read_before, Shown) and it.read_before.ours
    if isinstance(it.read_by_nobody, Shown) and it.read_by_nobody.ours:
        return False
    refused = isinstance(it.read_after, Shown) and it.read_after.answer.meaning == "refused"
    return before and not refused


def after_its_time(it: Expiry) -> Iterator[Answer]:
    at = field("expiry.after")
    controlled = "accepted" == it.before.meaning == it.again.meaning
    match it.after:
        case Replied(meaning="accepted"):
            # Servers allow for clocks that differ, by up to a minute or so.
            confidence = Confidence.CERTAIN if it.waited - it.lifetime > 60 else Confidence.PROBABLE
            yield fails(
                "after-its-time",
                at,
                Severity.HIGH,
                confidence=confidence,
                subject=EXPIRY,
                seconds=it.lifetime,
                waited=it.waited,
            )
        case _ if not controlled:
            yield inconclusive("no-control", Cause.CONTRADICTORY, subject=EXPIRY)
        case Replied(meaning="refused", status=status):
            yield passes("expired", at, subject=EXPIRY, seconds=it.lifetime, waited=it.waited, status=status)
        case answer:
            yield inconclusive("unclear", Cause.NOT_UNDERSTOOD, subject=EXPIRY, why=told(answer))


CHECK = Check(id="token-replay", version=1, level=Level.USE, judge=judge, reads=(AccountReplay,), says=SAYS)
