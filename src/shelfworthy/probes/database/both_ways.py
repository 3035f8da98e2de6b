"""Ask in cleartext, and over TLS if the server hangs up on that: which of the two it serves."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from msgspec import Struct

from shelfworthy.model import Cause, NotLooked
from shelfworthy.reach import NoTls, NotSeen

T = TypeVar("T")
Asked = Callable[[], Awaitable[T | None]]  # None: it hung up, or would not go on this way


class Ways(Struct, Generic[T], frozen=True):
    """What came of both. told: the answer, None if it gave none either way."""

    plain: bool
    tls: bool | NotLooked
    told: T | None


async def both_ways(plain: Asked[T], secret: Asked[T], *, again: bool) -> Ways[T]:
    """Ask both ways. again: once more in cleartext after an answer over TLS. Raises NotSeen.

    To hang up once is no refusal: it may have been tired of us. It answers again, so it is asked again.
    """
    told = await plain()
    if told is not None:
        # In cleartext it answers: whether it would over TLS as well changes nothing, so nobody asks.
        return Ways(plain=True, tls=NotLooked(Cause.NOBODY_LOOKED), told=told)
    try:
        told = await secret()
    except NoTls as error:
        words = f"It did not answer in cleartext, and {error.words}"
        raise NotSeen(Cause.SILENT, words) from error
    if told is None:
        return Ways(plain=False, tls=False, told=None)
    answers = again and await plain() is not None
    return Ways(plain=answers, tls=True, told=told)
