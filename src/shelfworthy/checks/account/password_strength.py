"""Does the service refuse weak passwords, and take long ones and those in any script?

Why it matters: in the story the password `a` opened the recordings of a child, and `qwe`, `123456` and the
product's own name opened thousands more. A rule that only the app knows protects nobody who asks the
server.

How we look (use): we sign up with an address of our own and 64 random characters; then, with a second
address, with one letter, `qwe`, `123456`, `password`, the product's name, the address itself and four
common ones of eight characters; last with letters of several scripts. What is accepted must let us log in.
There are never more than two accounts: once a weak password made the second, the others are tried by
changing its password, where the recipe says how. Both accounts are deleted.

What it does not show: which other weak passwords are accepted; whether a longer least length is asked for
than eight; whether passwords known from leaks are refused.

If it fails: let the server refuse what is shorter than eight characters, common, or made of the product's
name or the address, and let it take at least 64 characters of any script.
"""

from collections.abc import Iterator

from shelfworthy.checks.account._why import because
from shelfworthy.model import About, Answer, Cause, Check, Level, Severity, fails, field, inconclusive, passes
from shelfworthy.seen.account import AccountStrength, Replied, Stopped, Strength, Tried

SAYS = {
    "weak-accepted": "The service takes weak passwords: {passwords}.",
    "strong-refused": "The service refuses passwords that are strong: {passwords}.",
    "ruled": "{passwords} weak passwords were refused, and 64 characters and letters of any script taken.",
    "no-use": "The service took {passwords}, and no log-in with it worked: perhaps a person must confirm it.",
    "no-control": "Weak passwords were refused, and a strong one was not accepted in the same way.",
    "open": "Not every password could be tried: {passwords} stayed open: {why}.",
    "unclear": "What was answered to {passwords} was neither yes nor no.",
    "stopped": "The question could not be asked: {why}.",
}


def judge(seen: AccountStrength, about: About) -> Iterator[Answer]:
    at = field("asked.tried")
    match seen.asked:
        case Stopped(cause=cause, words=why):
            yield inconclusive("stopped", cause, why=because(why))
        case Strength(tried=tried) as asked:
            weak = [one for one in tried if one.weak]
            if works := [one.what for one in weak if in_use(one)]:
                yield fails("weak-accepted", at, Severity.HIGH, passwords=tuple(works))
                return
            if not asked.open and (refused := refused_strong(tried)):
                yield fails("strong-refused", at, Severity.LOW, passwords=refused)
                return
            yield from undecided(asked, weak)


def undecided(asked: Strength, weak: list[Tried]) -> Iterator[Answer]:
    """A pass, if nothing stands against it."""
    no_use = [one.what for one in asked.tried if one.answer.meaning == "accepted" and not in_use(one)]
    unclear = [one.what for one in asked.tried if one.answer.meaning not in ("accepted", "refused")]
    steps = {one.step for one in weak}
    controlled = {one.step for one in asked.tried if not one.weak and in_use(one)}
    if no_use:
        yield inconclusive("no-use", Cause.NEEDS_A_PERSON, passwords=tuple(no_use))
    elif unclear:
        yield inconclusive("unclear", Cause.NOT_UNDERSTOOD, passwords=tuple(unclear))
    elif asked.open:
        yield inconclusive("open", Cause.NOBODY_LOOKED, passwords=asked.open, why=because(asked.why_open))
    elif not weak or not steps <= controlled or not last_worked(asked.tried):
        yield inconclusive("no-control", Cause.REFUSED)
    else:
        yield passes("ruled", field("asked.tried"), passwords=len(weak))


def in_use(one: Tried) -> bool:
    """Whether a log-in with it worked."""
    return (
        one.answer.meaning == "accepted"
        and isinstance(one.works, Replied)
        and one.works.meaning == "accepted"
    )


def last_worked(tried: tuple[Tried, ...]) -> bool:
    """Whether the service still took a strong one after it had refused the weak ones."""
    return not tried[-1].weak and in_use(tried[-1])


def refused_strong(tried: tuple[Tried, ...]) -> tuple[str, ...]:
    """Strong ones that were refused where a plainer strong one was accepted in the same way after them."""
    found = []
    for place, one in enumerate(tried):
        later = (other for other in tried[place + 1 :] if other.step == one.step and not other.weak)
        if not one.weak and one.answer.meaning == "refused" and any(map(in_use, later)):
            found.append(one.what)
    return tuple(found)


CHECK = Check(
    id="password-strength", version=1, level=Level.USE, judge=judge, reads=(AccountStrength,), says=SAYS
)
