"""Use a service as two customers of our own would, after its recipe, and leave nothing behind.

1. Knock with an address that has no account: who lets that in, or says nothing clear, is not touched.
2. Make our accounts while asking which passwords are taken. 3. Ask who is told about accounts.
4. Put something there; ask who may read it. 5. End a session; let one run out. 6. Guess.
7. Delete, and ask what is left. 8. Whatever went wrong: delete what is still there.
"""

import time
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from shelfworthy.model import Account, Cause
from shelfworthy.probes.account.access import created, ids, reading
from shelfworthy.probes.account.deletion import deletion, media_at
from shelfworthy.probes.account.guessing import guesses, telling
from shelfworthy.probes.account.replay import expiry, log_out
from shelfworthy.probes.account.stranger import Stop, Stranger, Took
from shelfworthy.probes.account.strength import strength
from shelfworthy.probes.account.tidying import tidy
from shelfworthy.probes.filling import Value
from shelfworthy.reach import NotSeen, Reach
from shelfworthy.seen.account import (
    AccountDeletion,
    AccountLogIn,
    AccountObjects,
    AccountReplay,
    AccountStrength,
    Deletion,
    Expiry,
    Guesses,
    Ids,
    Left,
    LogOut,
    Reading,
    Stopped,
    Strength,
    Telling,
)

NO_RECIPE = (
    "Nothing says how accounts are made here. Write a [surface.recipe] as docs/account-recipe.md says."
)

T = TypeVar("T")
AnyAccountSeen = AccountStrength | AccountLogIn | AccountObjects | AccountReplay | AccountDeletion


async def observe(account: Account, reach: Reach) -> AsyncIterator[AnyAccountSeen]:
    if account.recipe is None:
        raise NotSeen(Cause.NOT_SUPPLIED, NO_RECIPE)
    stranger = Stranger(account.recipe, reach, account.name)
    visit = Visit(stranger)
    went = False
    try:
        await visit.go()
        went = True
    finally:  # also when we are stopped: nothing of ours is to stay
        visit.left = await leave(stranger)
        if visit.left and not went:  # then nothing else would say so
            raise NotSeen(Cause.NEEDS_A_PERSON, left_behind(visit.left))
    for seen in visit.seen():
        yield seen


async def leave(stranger: Stranger) -> tuple[Left, ...]:
    """Tidy up; who is stopped over it begins once more."""
    try:
        return await tidy(stranger)
    except BaseException:
        await tidy(stranger)
        raise


def left_behind(left: tuple[Left, ...]) -> str:
    """What people must delete, where the look was stopped."""
    handles = ", ".join(one.handle for one in left)
    return f"The look was stopped, and accounts of ours may still be there: {handles} is in their address."


class Visit:
    """One visit: what was seen so far. Until it is asked, a question is stopped by what stopped the visit."""

    def __init__(self, stranger: Stranger) -> None:
        self.stranger = stranger
        stopped = Stopped(Cause.NOBODY_LOOKED, "It was not asked.")
        self.strength: Strength | Stopped = stopped
        self.telling: Telling | Stopped = stopped
        self.reading: Reading | Stopped = stopped
        self.ids: Ids | Stopped = stopped
        self.log_out: LogOut | Stopped = stopped
        self.expiry: Expiry | Stopped = stopped
        self.guesses: Guesses | Stopped = stopped
        self.deletion: Deletion | Stopped = stopped
        self.thing: dict[str, Value] = {}  # an object of ours
        self.left: tuple[Left, ...] = ()
        self.media_at = ""

    async def go(self) -> None:
        """Ask everything. Raises NotSeen if nobody answers at all; nothing was made then."""
        try:
            without = await arrive(self.stranger)
            self.strength = await strength(self.stranger)
            if not self.stranger.first.made:
                raise Stop(Cause.REFUSED, f"We got no account. {self.strength.why_open}".rstrip())
            await self.stranger.in_session(self.stranger.first)
        except Stop as stop:
            self._stopped(Stopped(stop.cause, stop.words))
            return
        self.telling = await asked(telling(self.stranger, without))
        if isinstance(self.telling, Telling) and self.telling.with_account.meaning == "accepted":
            words = "A wrong password was let in like the right one: what this service answers means nothing."
            self.strength = Stopped(Cause.CONTRADICTORY, words)
            self._stopped(self.strength)
            return
        await self._with_objects()
        if self.stranger.second.made:
            await self._delete()
            self.guesses = await asked(guesses(self.stranger, self.stranger.second))
        else:  # who guesses may be locked out, and could not delete then
            self.guesses = await asked(guesses(self.stranger, self.stranger.first))
            await self._delete()

    async def _with_objects(self) -> None:
        """What needs something of ours to be there."""
        took = await asked(created(self.stranger))
        if isinstance(took, Stopped):
            self.reading = self.ids = self.log_out = self.expiry = self.deletion = took
            return
        self.thing = thing = dict(took[0].said)
        self.ids = ids([one.said["id"] for one in took], self.stranger.first, time.time())
        self.reading = await asked(reading(self.stranger, thing))
        details = await asked(self.stranger.details(self.stranger.first, thing))
        if not isinstance(details, Stopped):
            self.thing = thing = details
        self.log_out = await asked(log_out(self.stranger, thing))
        self.expiry = await asked(expiry(self.stranger))
        self.media_at = media_at(self.stranger, thing)

    async def _delete(self) -> None:
        if self.thing:
            self.deletion = await asked(deletion(self.stranger, self.thing))

    def _stopped(self, by: Stopped) -> None:
        if isinstance(self.strength, Stopped):
            self.strength = by
        self.telling = self.reading = self.ids = self.log_out = self.expiry = by
        self.guesses = self.deletion = by

    def seen(self) -> tuple[AnyAccountSeen, ...]:
        """Everything, with what stopped us where something was not asked."""
        return (
            AccountStrength(asked=self.strength),
            AccountLogIn(guesses=self.guesses, telling=self.telling),
            AccountObjects(reading=self.reading, ids=self.ids),
            AccountReplay(log_out=self.log_out, expiry=self.expiry),
            AccountDeletion(
                deletion=self.deletion,
                accounts=len(tuple(self.stranger.accounts())),
                left=self.left,
                media_at=self.media_at,
            ),
        )


async def arrive(stranger: Stranger) -> Took:
    """A log-in that must be refused: the control of everything that follows. Raises Stop, NotSeen."""
    took = await stranger.wrong_log_in(stranger.nobody)
    match took.answer.meaning:
        case "refused":
            return took
        case "unanswered":
            assert took.cause is not None
            raise NotSeen(took.cause, took.answer.why)
        case "accepted":
            words = "An address that has no account was let in: what this service answers means nothing."
            raise Stop(Cause.CONTRADICTORY, words)
        case "slowed":
            raise Stop(Cause.REFUSED, "The first log-in was told to come back later; nothing more was asked.")
    words = f"A log-in without an account was neither let in nor refused. {took.answer.why}"
    raise Stop(Cause.NOT_UNDERSTOOD, words)


async def asked(question: Awaitable[T]) -> T | Stopped:
    """What came of a question, or what stopped us."""
    try:
        return await question
    except Stop as stop:
        return Stopped(stop.cause, stop.words)
