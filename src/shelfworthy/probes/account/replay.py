"""What is a session good for when it should be over: after its log-out, and beyond its own time?"""

from shelfworthy.model import Cause
from shelfworthy.probes.account.stranger import Stop, Stranger, Took, seconds
from shelfworthy.probes.filling import Values
from shelfworthy.seen.account import Expiry, LogOut, Shown, Stopped

BEYOND = 1  # seconds past its end
LONGEST_WAIT = 30  # seconds


class OverByItself(Stop):
    """The session ended before what was asked of it could be seen."""


async def log_out(stranger: Stranger, thing: Values) -> LogOut:
    """Use a session, end it, and use it again, word for word. thing: an object of ours. Raises Stop.

    Once more where its own time was over before: it may be short, and somebody may have been slow.
    """
    stranger.step("log_out")
    try:
        return await _logged_out(stranger, thing)
    except OverByItself:
        return await _logged_out(stranger, thing)


async def _logged_out(stranger: Stranger, thing: Values) -> LogOut:
    own = stranger.first
    await _new_session(stranger)
    session = dict(own.values)
    read_before, create_before = await _read(stranger, thing), await _create(stranger, session)
    ended = await stranger.take("log_out", own, session)
    read_after, create_after = await _read(stranger, thing), await _create(stranger, session)
    if own.over() and not create_after.accepted and not (isinstance(read_after, Shown) and read_after.ours):
        words = "The session was over by its own time before the log-out could be seen to end it."
        raise OverByItself(Cause.NOBODY_LOOKED, words)
    by_nobody = await _read(stranger, thing, nobody=True)
    await _new_session(stranger)
    return LogOut(
        log_out=ended.answer,
        read_before=read_before,
        read_after=read_after,
        read_by_nobody=by_nobody,
        create_before=create_before.answer,
        create_after=create_after.answer,
        again=(await _create(stranger, own.values)).answer,
    )


async def expiry(stranger: Stranger) -> Expiry:
    """Wait until a session is over by what the service says, and use it. Raises Stop."""
    own = stranger.first
    await _new_session(stranger)
    session = dict(own.values)
    lifetime = seconds(session.get("lifetime"))
    if lifetime is None:
        raise Stop(Cause.NOT_SUPPLIED, "No log-in said how long its session lasts.")
    wait = lifetime + BEYOND
    if wait > min(LONGEST_WAIT, stranger.reach.seconds_left / 2):
        words = f"A session lasts {lifetime} s by what the service says, and nobody waited for that."
        raise Stop(Cause.NOBODY_LOOKED, words)
    before = await _create(stranger, session)
    await stranger.reach.wait(wait)
    after = await _create(stranger, session)
    await _new_session(stranger)
    again = await _create(stranger, own.values)
    return Expiry(
        lifetime=lifetime, waited=wait, before=before.answer, after=after.answer, again=again.answer
    )


async def _new_session(stranger: Stranger) -> None:
    took = await stranger.log_in(stranger.first)
    if not took.accepted:
        raise Stop(took.cause or Cause.REFUSED, "The right password did not log in any more.")


async def _create(stranger: Stranger, session: Values) -> Took:
    return await stranger.take("create", stranger.first, {**session, "content": stranger.content})


async def _read(stranger: Stranger, thing: Values, *, nobody: bool = False) -> Shown | Stopped:
    try:
        return await stranger.read(stranger.nobody if nobody else stranger.first, thing)
    except Stop as stop:
        return Stopped(stop.cause, stop.words)
