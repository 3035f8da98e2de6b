"""What the protocols have in common: a way to join, and what came of trying it."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from shelfworthy.model import Cause, NotLooked
from shelfworthy.reach import Line, NotSeen
from shelfworthy.seen.broker import Came, Received

LISTEN = 1.0  # seconds for which a stranger who was let in listens
PATIENCE = 3.0  # seconds to be told whether one may

SPOKE: frozenset[Came] = frozenset({"let in", "refused", "answered"})  # in the protocol it was asked in


class Garbled(NotSeen):
    """What came is no answer to what was asked. Once somebody was let in it ends the listening, no more."""


class Way(Struct, frozen=True):
    """A version of the protocol, and who we say we are: nobody, or a user everybody knows the password of."""

    version: str
    name: str = ""
    password: str = ""


class Told(Struct, frozen=True):
    """What came of one attempt. product, mechanisms: as in `BrokerSeen`."""

    came: Came
    code: str = ""
    received: Received | NotLooked = NotLooked(Cause.REFUSED)
    product: str = ""
    mechanisms: tuple[str, ...] = ()


class Protocol(Struct, frozen=True):
    """One that is spoken over TCP. name: for people.

    join: tries one way on an open line; told whether it may write. ways: in the order in which they are
    tried; those with a name only where the permission covers log-ins.
    """

    name: str
    ways: tuple[Way, ...]
    join: Callable[[Line, Way, bool], Awaitable[Told]]
