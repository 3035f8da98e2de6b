"""Try everything there is on one connection: read, subscribe, and, where permitted, write what does no harm.

What is written, and nothing else: to what could be read, the value that was there; to what the product file
names as harmless, that value; to everything else a Prepare Write that is taken back before it takes effect.
Services that take firmware are written to by `updating`, never here.
"""

from collections.abc import Iterator, Mapping

from shelfworthy.model import Bluetooth, Cause, Level
from shelfworthy.reach import Answered, Link, Reach, Table
from shelfworthy.seen.bluetooth import Asked, Attempt, Attribute, Came, Visit
from shelfworthy.seen.bluetooth_numbers import update_protocol

LISTEN = 0.1  # seconds data may take to come after a subscription
PATIENCE = 2  # unanswered requests after which a device that takes connections counts as mute
PREPARED = b"\0"
SETTLED = frozenset({"done", "refused", "closed", "accepted", "error"})

Values = Mapping[str, bytes]  # what may be written, by the UUID of the characteristic


def harmless(surface: Bluetooth) -> dict[str, bytes]:
    """What the product file says may be written without harm."""
    return {one.write.lower(): bytes.fromhex(one.value) for one in surface.harmless}


async def visit(link: Link, table: Table, reach: Reach, values: Values) -> Visit:
    """All attributes: first read, then subscribed to, then written. Ends early at a device that fell mute."""
    return await (await begun(link, table, reach, values)).ended()


async def begun(link: Link, table: Table, reach: Reach, values: Values) -> "Visiting":
    """A visit in which everything was tried, and data may still come after subscriptions."""
    here = Visiting(link, table, reach, values)
    for asked, attribute in everything(table.attributes):
        await here.tries(asked, attribute)
    return here


def everything(attributes: tuple[Attribute, ...]) -> Iterator[tuple[Asked, Attribute]]:
    """What can be tried, by what each attribute says of itself."""
    yield from (("read", one) for one in attributes if "read" in one.properties)
    yield from (("subscribe", one) for one in attributes if {"notify", "indicate"} & set(one.properties))
    writable = {"write", "write without response"}
    yield from (("write", one) for one in attributes if writable & set(one.properties))


class Visiting:
    """One visit under way."""

    def __init__(self, link: Link, table: Table, reach: Reach, values: Values) -> None:
        self._link = link
        self._table = table
        self._reach = reach
        self._values = values
        self._writing = reach.radio_permits(Level.USE)
        self._read: dict[int, bytes] = {}
        self._tried: list[Attempt] = []
        self._subscribed: dict[int, Answered] = {}
        self._listens_until = 0.0  # in seconds left of the look
        self._unanswered = 0
        self._gone = False

    async def tries(self, asked: Asked, attribute: Attribute) -> None:
        """One thing at one attribute."""
        if asked == "write" and not self._writing:
            self._tried.append(Attempt(attribute.handle, asked, "not tried", why=Cause.NOT_PERMITTED))
        elif self._gone or self._unanswered >= PATIENCE:
            self._tried.append(Attempt(attribute.handle, asked, "gone" if self._gone else "silent"))
        elif asked == "read":
            await self._reads(attribute)
        elif asked == "subscribe":
            self._subscribed[attribute.handle] = self._watched(await self._link.subscribe(attribute))
            self._listens_until = self._reach.seconds_left - LISTEN
        else:
            await self._writes(attribute)

    async def ended(self) -> Visit:
        """Everything that was tried, by handle. A subscription is `done` only where data came.

        While one is silent, it is listened to for its whole time; what else was done in that counts.
        """
        if any(
            answer.came == "done" and not self._link.arrived(handle)[1]
            for handle, answer in self._subscribed.items()
        ):
            await self._reach.wait(max(0.0, self._reach.seconds_left - self._listens_until))
        for handle, answer in self._subscribed.items():
            values, size = self._link.arrived(handle)
            came: Came = "accepted" if answer.came == "done" and not values else answer.came
            self._tried.append(Attempt(handle, "subscribe", came, answer.code, size))
        attempts = tuple(sorted(self._tried, key=lambda one: (one.handle, one.asked)))
        return Visit(
            encrypted=self._link.encrypted,
            authenticated=self._link.authenticated,
            attempts=attempts,
            whole=not self._table.truncated and all(one.came in SETTLED for one in attempts),
        )

    async def _reads(self, attribute: Attribute) -> None:
        answer = self._watched(await self._link.read(attribute.handle))
        if answer.came == "done" and answer.whole:  # a part of it, written back, would cut it short
            self._read[attribute.handle] = answer.value
        self._tried.append(Attempt(attribute.handle, "read", answer.came, answer.code, len(answer.value)))

    async def _writes(self, attribute: Attribute) -> None:
        handle = attribute.handle
        back = self._read.get(handle) if update_protocol(attribute.service) is None else None
        value = self._values.get(attribute.uuid) if back is None else back
        if value is None:
            answer = self._watched(await self._link.prepare_write(handle, PREPARED))
            self._tried.append(Attempt(handle, "prepare write", answer.came, answer.code))
            return
        answerless = "write" not in attribute.properties
        answer = self._watched(await self._link.write(handle, value, answerless=answerless))
        came = shown(answer, answerless=answerless)
        length = len(value) if came in ("done", "accepted") else 0
        self._tried.append(Attempt(handle, "write", came, answer.code, length, restored=back is not None))

    def _watched(self, answer: Answered) -> Answered:
        self._gone = self._gone or answer.came == "gone"
        self._unanswered += answer.came == "silent"
        return answer


def shown(answer: Answered, *, answerless: bool) -> Came:
    """What a write shows: one that is never answered shows nothing by itself."""
    return "accepted" if answerless and answer.came == "done" else answer.came
