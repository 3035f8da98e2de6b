"""What does the service do about wrong passwords: tell who has an account, and let one go on without end?"""

from shelfworthy.model import Cause
from shelfworthy.probes.account.stranger import MOST_WRONG, Own, Stop, Stranger, Took
from shelfworthy.probes.filling import wording
from shelfworthy.seen.account import Guesses, Stopped, Telling

MUCH_LONGER = 4  # times the slowest of the first three
LONG = 1000  # ms: an answer that took less was not delayed on purpose
NOT_NEEDED = Stopped(Cause.NOT_SUPPLIED, "The last answer said it.")


async def telling(stranger: Stranger, without: Took) -> Telling:
    """Compare a wrong log-in at an address with an account to one without. without: made on arrival."""
    nobody, own = stranger.nobody, stranger.first
    other = Own(0, stranger.recipe)
    again = await stranger.wrong_log_in(other)
    took = await stranger.wrong_log_in(own)
    words = wording(without.body, nobody.email)
    return Telling(
        without=without.answer,
        with_account=took.answer,
        same_words=words == wording(took.body, own.email),
        comparable=words == wording(again.body, other.email) and without.answer == again.answer,
    )


async def guesses(stranger: Stranger, own: Own) -> Guesses:
    """Guess until it is slowed, answered otherwise, or often enough. Raises Stop without a right log-in."""
    before = await stranger.log_in(own)
    if not before.accepted:
        raise Stop(Cause.REFUSED, "The right password did not log in, so wrong ones would show nothing.")
    if own.wrong >= MOST_WRONG:
        raise Stop(Cause.NOBODY_LOOKED, f"{MOST_WRONG} log-ins had been refused before.")
    took: list[Took] = []
    while own.wrong < MOST_WRONG:
        took.append(await stranger.wrong_log_in(own))
        if took[-1].answer != took[0].answer or took[-1].answer.meaning != "refused" or delayed(took):
            break
    last = took[-1].answer
    says_it = last.meaning in ("slowed", "accepted")
    return Guesses(
        before=before.answer,
        wrong=own.wrong,
        first=took[0].answer,
        last=last,
        first_ms=took[0].ms,
        last_ms=took[-1].ms,
        delayed=delayed(took),
        after=NOT_NEEDED if says_it else (await stranger.log_in(own)).answer,
    )


def delayed(took: list[Took]) -> bool:
    """Whether the last two answers took much longer than the first three."""
    if len(took) < 5:
        return False
    usual = max(one.ms for one in took[:3])
    return all(one.ms >= max(LONG, MUCH_LONGER * usual) for one in took[-2:])
