"""Can only its owner read what a customer put into the service?

Why it matters: where knowing a recording's number is enough, a child's voice is as private as a web page.
One toy's service let strangers read the profiles of children that way.

How we look (use): an account of our own puts a random text there and reads it; then we ask for it without
an account, and with a second account of ours. Only where our own text comes back was it readable. We ask
for nothing that is not ours.

What it does not show: whether it can be changed or deleted by others, other kinds of objects, and files
that lie in storage of their own.

If it fails: on every request, check on the server that the session belongs to the owner of what is asked
for.
"""

from collections.abc import Iterator

from shelfworthy.checks.account._why import because, told
from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.account import AccountObjects, Reading, Shown, Stopped

NOBODY, ANOTHER = "without an account", "with another account"

SAYS = {
    "by-anyone": "What a customer put there can be read without an account.",
    "by-others": "What a customer put there can be read with anyone's account.",
    "owner-only": "What a customer put there was refused without an account and with another one.",
    "no-control": "Not even its owner could read what had been put there, so a refusal shows nothing.",
    "unclear": "Asked {who}, the answer was neither the object nor a refusal: {why}.",
    "other-content": "Asked {who}, the service said yes and sent something else.",
    "stopped": "The question could not be asked: {why}.",
}


def judge(seen: AccountObjects, about: About) -> Iterator[Answer]:
    match seen.reading:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, why=because(why))
        case Reading(nobody=Shown(ours=True)):
            yield fails("by-anyone", field("reading.nobody"), Severity.CRITICAL)
        case Reading(another=Shown(ours=True)):
            yield fails("by-others", field("reading.another"), Severity.CRITICAL)
        case Reading(owner=Shown(ours=False)):
            yield inconclusive("no-control", Cause.NOT_UNDERSTOOD)
        case Reading() as it:
            open_ = [*unrefused(NOBODY, it.nobody), *unrefused(ANOTHER, it.another)]
            yield from open_ or [passes("owner-only", field("reading"))]


def unrefused(who: str, shown: Shown | Stopped) -> Iterator[Answer]:
    """What keeps the question open: anything but a refusal."""
    match shown:
        case Stopped(cause=cause, words=why):
            yield inconclusive("unclear", cause, who=who, why=because(why))
        case Shown(answer=answer) if answer.meaning == "accepted":
            yield inconclusive("other-content", Cause.CONTRADICTORY, who=who)
        case Shown(answer=answer) if answer.meaning != "refused":
            yield inconclusive("unclear", Cause.NOT_UNDERSTOOD, who=who, why=told(answer))


CHECK = Check(id="object-access", version=1, level=Level.USE, judge=judge, reads=(AccountObjects,), says=SAYS)
