"""When customers delete their account, is it gone, and what was in it?

Why it matters: a family that stops using a toy wants the recordings of its child gone. In the story files
stayed where they were, open to anyone who had the address.

How we look (use): an account of our own holds a random text, and its file where the service names one. We
read both, delete the account by the recipe, log in once more, and ask again for the text and for the file.
Whatever else happened, both our accounts are deleted; what could not be deleted is listed.

What it does not show: copies, backups, and what was handed to others; whether a text that is refused was
deleted or only hidden; ways of deletion by post or by a support desk.

If it fails: delete what belongs to an account together with it, files and their copies in other storage
too.
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
from shelfworthy.seen.account import AccountDeletion, Deletion, Media, Replied, Shown, Stopped

GONE = frozenset({404, 410})

SAYS = {
    "still-lets-in": "The deletion was accepted, and the account still lets its owner in.",
    "still-shown": "The deletion was accepted, and what was in the account is still shown.",
    "file-stays": "The deletion was accepted, and the file is still served to {who}.",
    "gone": "After the deletion no log-in works, and what was in the account is no longer given out.",
    "not-accepted": "The deletion was not accepted: {why}.",
    "no-control": "What was in the account could not be read before its deletion either.",
    "file-open": "Whether the file is gone as well is not known: {why}.",
    "unclear": "After the deletion the answers were neither yes nor no: {why}.",
    "left-behind": "{accounts} of our accounts could not be deleted: {handles} is in their address.",
    "stopped": "The question could not be asked: {why}.",
}


def judge(seen: AccountDeletion, about: About) -> Iterator[Answer]:
    match seen.deletion:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, why=because(why))
        case Deletion(delete=Replied(meaning=meaning) as answer) if meaning != "accepted":
            yield inconclusive("not-accepted", Cause.REFUSED, why=told(answer))
        case Deletion() as it:
            yield from list(stays(it)) or [after(it)]
    if seen.left:
        handles = tuple(left.handle for left in seen.left)
        count = len(seen.left)
        yield inconclusive(
            "left-behind", Cause.NEEDS_A_PERSON, subject="ours", accounts=count, handles=handles
        )


def stays(it: Deletion) -> Iterator[Answer]:
    """What is still there."""
    if it.log_in_after.meaning == "accepted":
        yield fails("still-lets-in", field("deletion.log_in_after"), Severity.HIGH, subject="account")
    if isinstance(it.read_after, Shown) and it.read_after.ours:
        yield fails("still-shown", field("deletion.read_after"), Severity.HIGH, subject="object")
    if isinstance(it.media, Media) and it.media.same:
        severity = Severity.CRITICAL if it.media.by == "anyone" else Severity.HIGH
        yield fails("file-stays", field("deletion.media"), severity, subject="file", who=it.media.by)


def after(it: Deletion) -> Answer:
    """What there is to say where nothing was seen to stay."""
    if not (isinstance(it.read_before, Shown) and it.read_before.ours):
        return inconclusive("no-control", Cause.NOT_UNDERSTOOD)
    if isinstance(it.read_after, Stopped):
        return inconclusive("unclear", it.read_after.cause, why=because(it.read_after.words))
    for answer in (it.log_in_after, it.read_after.answer):
        if answer.meaning != "refused":
            return inconclusive("unclear", Cause.NOT_UNDERSTOOD, why=told(answer))
    statuses = {it.read_after.answer.status}
    match it.media:
        case Stopped(cause=cause, words=why) if cause is not Cause.NOT_SUPPLIED:
            return inconclusive("file-open", cause, why=because(why))
        case Media(after=answer) if answer.meaning != "refused":
            return inconclusive("file-open", Cause.NOT_UNDERSTOOD, why=told(answer))
        case Media(after=answer):
            statuses.add(answer.status)
    confidence = Confidence.CERTAIN if statuses <= GONE else Confidence.PROBABLE
    return passes("gone", field("deletion"), confidence=confidence)


CHECK = Check(
    id="data-deletion", version=1, level=Level.USE, judge=judge, reads=(AccountDeletion,), says=SAYS
)
