"""Which passwords does the service take? A strong one first: that is the control, and our first account.

Weak ones are tried with the second address. Once one is accepted, that is our second account, and the rest
can be tried only by changing its password, where the recipe says how.
"""

import secrets
from collections.abc import Sequence

from shelfworthy.model import Cause
from shelfworthy.probes.account.stranger import Own, Stop, Stranger, Took
from shelfworthy.seen.account import Stopped, Strength, Tried

LONG, UNICODE, STRONG = "64 characters", "letters beyond ASCII", "24 random characters"
# What people choose, beside the product's name and their address. In the story `a` and `qwe` were taken.
COMMON = {
    "one letter": "a",
    "three letters in a row of keys": "qwe",
    "six digits in a row": "123456",
    "the word for it": "password",
    "eight digits in a row": "12345678",
    "eight common letters": "iloveyou",
    "eight letters in a row of keys": "qwertyui",
    "four letters and four digits in a row": "abcd1234",
}
NOT_ACCEPTED = Stopped(Cause.NOT_SUPPLIED, "It was not accepted.")

Password = tuple[str, str]  # its sort, and itself


class Trying:
    """The passwords tried so far."""

    def __init__(self, stranger: Stranger) -> None:
        self.stranger = stranger
        self.tried: list[Tried] = []

    async def sign_up(self, own: Own, password: Password, *, weak: bool) -> bool:
        """Whether the next password may be tried with this address: it was clearly refused."""
        took = await self.stranger.sign_up(own, password[1])
        await self._note(password[0], "sign_up", took, own, weak=weak)
        return took.answer.meaning == "refused"

    async def reset(self, own: Own, password: Password, *, weak: bool) -> bool:
        """Whether there is more to try: it was clearly accepted or refused."""
        stranger = self.stranger
        await stranger.in_session(own)
        own.other = password[1]  # from when it is sent it may be the right one
        took = await stranger.take("reset", own, {**own.values, "new_password": password[1]})
        if took.accepted:
            own.password, own.other = password[1], ""
        elif took.answer.meaning == "refused":
            own.other = ""
        await self._note(password[0], "reset", took, own, weak=weak)
        return took.answer.meaning in ("accepted", "refused")

    async def _note(self, what: str, step: str, took: Took, own: Own, *, weak: bool) -> None:
        works = (await self.stranger.log_in(own)).answer if took.accepted else NOT_ACCEPTED
        self.tried.append(Tried(what=what, weak=weak, step=step, answer=took.answer, works=works))


async def strength(stranger: Stranger) -> Strength:
    """Try them all, or as many as can be."""
    trying = Trying(stranger)
    waiting = [*weak(stranger), (UNICODE, beyond_ascii())]
    why = ""
    try:
        await _account(trying, stranger.first, ((LONG, long()), (STRONG, strong())))
        if not stranger.first.made:
            raise Stop(Cause.REFUSED, "A strong password was not accepted either.")
        for password in waiting[:-1]:
            if not await trying.sign_up(stranger.second, password, weak=True):
                await _by_reset(trying, waiting)
                break
        else:
            await _account(trying, stranger.second, (waiting[-1], (STRONG, strong())))
    except Stop as stop:
        why = stop.words
    tried = {one.what for one in trying.tried}
    open_ = tuple(what for what, _ in waiting if what not in tried)
    return Strength(tried=tuple(trying.tried), open=open_, why_open=why)


async def _by_reset(trying: Trying, waiting: Sequence[Password]) -> None:
    """Try what was not tried yet by changing the second account's password. Raises Stop."""
    second = trying.stranger.second
    if not second.made:
        raise Stop(Cause.NOT_UNDERSTOOD, "One of them was neither accepted nor refused.")
    tried = {one.what for one in trying.tried}
    for password in waiting:
        if password[0] not in tried and not await trying.reset(second, password, weak=password[0] != UNICODE):
            raise Stop(Cause.NOT_UNDERSTOOD, "One of them was neither accepted nor refused.")


async def _account(trying: Trying, own: Own, passwords: Sequence[Password]) -> None:
    """Make an account with the first of these that is accepted."""
    for password in passwords:
        if not await trying.sign_up(own, password, weak=False):
            return


def weak(stranger: Stranger) -> list[Password]:
    """The weak passwords, those that matter most first."""
    found = list(COMMON.items())
    name = "".join(c for c in stranger.reach.product.name.lower() if c.isalnum())
    if name:
        found.insert(4, ("the product's name", name))
    found.insert(4, ("the account's own address", stranger.second.email))
    return found


def long() -> str:
    """64 characters of every sort that rules ask for."""
    return "aA1!" + secrets.token_hex(30)


def strong() -> str:
    return "aA1!" + secrets.token_hex(10)


def beyond_ascii() -> str:
    """Letters of several scripts, and random ones behind."""
    return "Bär-мишка-熊-aA1!" + secrets.token_hex(8)
