"""Does a wrong log-in keep to itself whether the address has an account?

Why it matters: who learns which addresses have an account knows which families own the toy, and whose
password is worth guessing.

How we look (use): one wrong log-in at an address of ours that has an account, and two at made-up ones of
ours that have none. Status and words are compared, without what is new in each answer.

What it does not show: whether sign-up, a forgotten password, or the time an answer takes gives it away.

If it fails: answer every wrong log-in alike.
"""

from collections.abc import Iterator

from shelfworthy.checks.account._why import because
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
from shelfworthy.seen.account import AccountLogIn, Stopped, Telling

SAYS = {
    "told-by-status": "With an account a wrong log-in gets status {there}, without one {status}.",
    "told-by-words": "With an account a wrong log-in gets other words than without (both status {status}).",
    "alike": "With and without an account a wrong log-in gets the same answer (status {status}).",
    "not-comparable": "Two addresses without an account got different answers: nothing can be compared.",
    "unclear": "A wrong log-in was not simply refused (status {status}).",
    "stopped": "The question could not be asked: {why}.",
}


def judge(seen: AccountLogIn, about: About) -> Iterator[Answer]:
    at = field("telling")
    match seen.telling:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, why=because(why))
        case Telling(with_account=told, without=other) if (
            told.meaning != "refused" or other.meaning != "refused"
        ):
            strange = told if told.meaning != "refused" else other
            yield inconclusive("unclear", Cause.NOT_UNDERSTOOD, status=strange.status)
        case Telling(comparable=False):
            yield inconclusive("not-comparable", Cause.CONTRADICTORY)
        case Telling(with_account=told, without=other) if told.status != other.status:
            yield fails("told-by-status", at, Severity.MEDIUM, there=told.status, status=other.status)
        case Telling(same_words=False, without=other):
            confidence = Confidence.PROBABLE
            yield fails("told-by-words", at, Severity.MEDIUM, confidence=confidence, status=other.status)
        case Telling(without=other):
            yield passes("alike", at, status=other.status)


CHECK = Check(
    id="account-enumeration", version=1, level=Level.USE, judge=judge, reads=(AccountLogIn,), says=SAYS
)
