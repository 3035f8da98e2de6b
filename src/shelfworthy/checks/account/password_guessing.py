"""Is guessing a password slowed down or stopped by the twentieth try?

Why it matters: who may guess without end gets in, and needs no flaw for it. One talking doll let anyone
try passwords at its web service for as long as they liked.

How we look (use): after a right log-in to an account of our own, at most twenty wrong ones, each with a
random password, stopped at the first answer that is another one; then a right one. We never guess at an
account that is not ours.

What it does not show: whether guessing is slowed that comes from many addresses, or goes over many
accounts; how long it stays slow; whether a lock can be used to keep a customer out.

If it fails: answer with 429 and a growing pause after a few wrong tries, per account and per address.
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
from shelfworthy.seen.account import AccountLogIn, Guesses, Replied, Stopped

ENOUGH = 20  # tries after which guessing should have become hard

SAYS = {
    "slowed": "Guessing was told to slow down at wrong log-in {tries} (status {status}).",
    "locked": "After {tries} wrong log-ins the right password was not let in either (status {status}).",
    "delayed": "By wrong log-in {tries} answers took {milliseconds} ms instead of {before}.",
    "never": "{tries} wrong log-ins were answered alike, and the right password was let in behind them.",
    "let-in": "A wrong password was answered like the right one: what this service answers means nothing.",
    "changed": "Wrong log-in {tries} was answered otherwise than the first, and the right one still let in.",
    "unclear": "The answers to wrong log-ins stopped before anything could be said: {why}.",
    "stopped": "The question could not be asked: {why}.",
}


def judge(seen: AccountLogIn, about: About) -> Iterator[Answer]:
    at = field("guesses")
    match seen.guesses:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, why=because(why))
        case Guesses(last=Replied(meaning="accepted")):
            yield inconclusive("let-in", Cause.CONTRADICTORY)
        case Guesses(last=Replied(meaning="slowed", status=status), wrong=wrong):
            yield passes("slowed", at, tries=wrong, status=status)
        case Guesses(last=Replied(meaning="unanswered" | "unclear") as last):
            yield inconclusive("unclear", Cause.SILENT, why=told(last))
        case Guesses(after=Replied(meaning="refused" | "slowed", status=status), wrong=wrong):
            yield passes("locked", at, tries=wrong, status=status)
        case Guesses(delayed=True) as it:
            yield passes(
                "delayed",
                at,
                confidence=Confidence.PROBABLE,
                tries=it.wrong,
                milliseconds=it.last_ms,
                before=it.first_ms,
            )
        case Guesses(after=Replied(meaning="accepted"), wrong=wrong) if wrong >= ENOUGH:
            yield fails("never", at, Severity.HIGH, tries=wrong)
        case Guesses(after=Replied(meaning="accepted"), wrong=wrong):
            yield inconclusive("changed", Cause.NOT_UNDERSTOOD, tries=wrong)
        case Guesses(after=Replied(why=why) | Stopped(words=why)):
            yield inconclusive("unclear", Cause.SILENT, why=because(why))


CHECK = Check(
    id="password-guessing", version=1, level=Level.USE, judge=judge, reads=(AccountLogIn,), says=SAYS
)
