"""What is left of an account, and of what was in it, when its owner deletes it?"""

from shelfworthy.model import Cause
from shelfworthy.probes.account.stranger import Own, Stop, Stranger, Took
from shelfworthy.probes.account.tidying import confirm, delete
from shelfworthy.probes.filling import Values
from shelfworthy.reach import destination
from shelfworthy.seen.account import Deletion, Media, Replied, Shown, Stopped

ANYONE, OWNER = "anyone", "the owner"
RAN_OUT = Stopped(
    Cause.NOBODY_LOOKED, "The session was over by its own time when it was asked for once more."
)
NOT_LOOKED = Replied("unanswered", 0, "Nobody asked.")
Fetched = tuple[str, Replied, str]  # by whom, the answer, the hash of what came


async def deletion(stranger: Stranger, thing: Values) -> Deletion:
    """Delete the first account and ask for what was in it. thing: an object of it. Raises Stop."""
    own = stranger.first
    read_before, media = await _all_before(stranger, thing)
    took = await _deleted(stranger)
    # With the session that was there before; then only is it the turn of a log-in, which may be slow. What a
    # session was refused that was over by its own time may still be there.
    read_after = await _read(stranger, thing)
    if own.over() and isinstance(read_after, Shown) and not read_after.ours:
        read_after = RAN_OUT
    media_after = await _after(stranger, thing, media)
    if own.over() and isinstance(media_after, Media) and media_after.by == OWNER and not media_after.same:
        media_after = RAN_OUT
    log_in = await confirm(stranger, own) if took.accepted else None
    return Deletion(
        read_before=read_before,
        delete=took.answer,
        log_in_after=log_in.answer if log_in else NOT_LOOKED,
        read_after=read_after,
        media=media_after,
    )


def media_at(stranger: Stranger, thing: Values) -> str:
    """Where the object's file lies, if elsewhere; "" if it does not, or if that name holds words of ours."""
    at = destination(stranger.reach.address, str(thing.get("media", "")))
    if "media" not in thing or at is None or stranger.at_home(at) or stranger.holds_ours(at.host):
        return ""
    return f"{at.scheme}://{at.authority}"


async def _all_before(stranger: Stranger, thing: Values) -> tuple[Shown | Stopped, Fetched | Stopped]:
    """What there is to be deleted. Once more where the session was over by its own time meanwhile: it may be
    short, and somebody may have been slow."""
    await stranger.in_session(stranger.first)
    found = await _read(stranger, thing), await _before(stranger, thing)
    if stranger.first.over():
        await stranger.in_session(stranger.first)
        found = await _read(stranger, thing), await _before(stranger, thing)
    return found


async def _deleted(stranger: Stranger) -> Took:
    """What the deletion was answered: in a session that has just begun, so that it outlasts what is asked
    next. Once more where that was over by its own time. Raises Stop."""
    own = stranger.first
    if own.ends is not None:
        await stranger.log_in(own)  # where that is refused, the session of before may still do
    await stranger.in_session(own)
    took = await delete(stranger, own)
    if own.over() and not took.accepted:
        await stranger.in_session(own)
        took = await delete(stranger, own)
    return took


async def _read(stranger: Stranger, thing: Values) -> Shown | Stopped:
    try:
        return await stranger.read(stranger.first, thing)
    except Stop as stop:
        return Stopped(stop.cause, stop.words)


async def _before(stranger: Stranger, thing: Values) -> Fetched | Stopped:
    """The file of the object: as anyone, else as its owner."""
    if "media" not in thing:
        if stranger.names_media:
            return Stopped(Cause.NOT_UNDERSTOOD, "No answer named the file of the object.")
        return Stopped(Cause.NOT_SUPPLIED, "The recipe names no file of the object.")
    try:
        for by, own in ((ANYONE, None), (OWNER, stranger.first)):
            if (came := await _fetched(stranger, thing, own)) and came[0].meaning == "accepted":
                return by, *came
    except Stop as stop:
        return Stopped(stop.cause, stop.words)
    return Stopped(Cause.REFUSED, "The file of the object was not given to us before its deletion either.")


async def _after(stranger: Stranger, thing: Values, before: Fetched | Stopped) -> Media | Stopped:
    if isinstance(before, Stopped):
        return before
    by, answer, content = before
    try:
        came = await _fetched(stranger, thing, stranger.first if by == OWNER else None)
    except Stop as stop:
        return Stopped(stop.cause, stop.words)
    after, now = came or (NOT_LOOKED, "")
    return Media(by=by, before=answer, after=after, same=after.meaning == "accepted" and now == content)


async def _fetched(stranger: Stranger, thing: Values, own: Own | None) -> tuple[Replied, str] | None:
    return await stranger.fetch(thing, own)
