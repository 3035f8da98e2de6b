"""Delete what we made: always, whatever else went wrong, and say what could not be deleted."""

from shelfworthy.model import Cause
from shelfworthy.probes.account.stranger import Own, Stop, Stranger, Took
from shelfworthy.reach import NotSeen
from shelfworthy.seen.account import Left, Replied

LONGEST_WAIT = 5.0  # seconds for a locked account to open again
UNSURE = "Its deletion was accepted, as that of another one was that is still there."


async def tidy(stranger: Stranger) -> tuple[Left, ...]:
    """Delete every account of ours that is or may be there; those that may still be."""
    stranger.tidying = True
    found = [await _removed(stranger, own) for own in stranger.accounts()]
    if any(own.stays for own in stranger.accounts()):  # then a deletion that nobody could confirm is none
        found += [
            Left(own.handle, False, UNSURE) for own in stranger.accounts() if own.deleted and own.unsure
        ]
    return tuple(left for left in found if left is not None)


async def delete(stranger: Stranger, own: Own) -> Took:
    """Delete an account in its session. What is accepted counts as done until a log-in shows otherwise."""
    took = await stranger.take("delete", own, own.values)
    if took.accepted:
        own.deleted = own.unsure = True
    return took


async def confirm(stranger: Stranger, own: Own) -> Took:
    """Log in once more to an account whose deletion was accepted."""
    after = await stranger.log_in(own)
    own.deleted, own.stays = not after.accepted, after.accepted
    own.unsure = after.answer.meaning != "refused"
    return after


async def _removed(stranger: Stranger, own: Own) -> Left | None:
    """None once its deletion was accepted and no log-in shows otherwise."""
    try:
        if not own.deleted and not own.stays:
            if own.over():
                await _back_in(stranger, own)
            took = await delete(stranger, own)
            if not took.accepted:  # perhaps its session was over: once more, with a new one
                await _back_in(stranger, own)
                took = await delete(stranger, own)
            if not took.accepted:
                return Left(own.handle, own.made, f"Its deletion was {_said(took.answer)}")
        if own.deleted and own.unsure:
            await confirm(stranger, own)
    except Stop as stop:
        return None if own.deleted else Left(own.handle, own.made, stop.words)
    except NotSeen as trouble:  # the last of the look's time is over
        return None if own.deleted else Left(own.handle, own.made, trouble.words)
    return (
        Left(own.handle, True, "Its deletion was accepted, and a log-in still works.") if own.stays else None
    )


async def _back_in(stranger: Stranger, own: Own) -> None:
    """A new session. Raises Stop, and NotSeen when there is no time left to wait for a lock to open."""
    took = await stranger.log_in(own)
    if took.answer.meaning == "slowed":
        await stranger.reach.wait(min(LONGEST_WAIT, stranger.reach.seconds_left / 4))
        took = await stranger.log_in(own)
    if not took.accepted and own.other:
        own.password, own.other = own.other, own.password
        took = await stranger.log_in(own)
    if not took.accepted:
        words = f"The log-in to delete it was {_said(took.answer)}"
        raise Stop(took.cause or Cause.REFUSED, words)


def _said(answer: Replied) -> str:
    return f"{answer.meaning}: {answer.why}" if answer.why else f"{answer.meaning} (status {answer.status})."
