"""Try everything there is on one connection: read, subscribe, and, where permitted, write what does no harm.

What is written, and nothing else: to what could be read, the value that was there; to what the product file
names as harmless, that value; to everything else a Prepare Write that is taken back before it takes effect.
Services that take firmware are written to by `updating`, never here.
"""

from collections.abc import Mapping

from shelfworthy.model import Bluetooth, Cause, Level
from shelfworthy.reach import Answered, Link, Reach, Table
from shelfworthy.seen.bluetooth import Attempt, Attribute, Visit
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
    """All attributes, tried in the order of their handles. Ends early at a device that went or fell mute."""
    here = Visiting(link, values, writing=reach.radio_permits(Level.USE))
    for attribute in table.attributes:
        await here.reads(attribute)
    for attribute in table.attributes:
        await here.subscribes(attribute)
    for attribute in table.attributes:
        await here.writes(attribute)
    attempts = await here.ended(reach)
    return Visit(
        encrypted=link.encrypted,
        authenticated=link.authenticated,
        attempts=attempts,
        whole=not table.truncated and all(one.came in SETTLED for one in attempts),
    )


class Visiting:
    """One visit under way."""

    def __init__(self, link: Link, values: Values, *, writing: bool) -> None:
        self._link = link
        self._values = values
        self._writing = writing
        self._read: dict[int, bytes] = {}
        self._tried: list[Attempt] = []
        self._subscribed: dict[int, Answered] = {}
        self._unanswered = 0
        self._gone = False

    async def reads(self, attribute: Attribute) -> None:
        if "read" not in attribute.properties:
            return
        if self._over:
            return self._left("read", attribute)
        answer = await self._link.read(attribute.handle)
        if answer.came == "done":
            self._read[attribute.handle] = answer.value
        self._note("read", attribute, answer, len(answer.value))

    async def subscribes(self, attribute: Attribute) -> None:
        if not {"notify", "indicate"}.intersection(attribute.properties):
            return
        if self._over:
            return self._left("subscribe", attribute)
        answer = await self._link.subscribe(attribute)
        self._watch(answer)
        self._subscribed[attribute.handle] = answer

    async def writes(self, attribute: Attribute) -> None:
        if not {"write", "write without response"}.intersection(attribute.properties):
            return
        if not self._writing:
            self._tried.append(Attempt(attribute.handle, "write", "not tried", why=Cause.NOT_PERMITTED))
            return
        if self._over:
            return self._left("write", attribute)
        handle = attribute.handle
        update = update_protocol(attribute.service) is not None
        answerless = "write" not in attribute.properties
        if handle in self._read and not update:
            value = self._read[handle]
            answer = await self._link.write(handle, value, answerless=answerless)
            self._note("write", attribute, shown(answer, answerless), len(value))
        elif attribute.uuid in self._values:
            value = self._values[attribute.uuid]
            answer = await self._link.write(handle, value, answerless=answerless)
            self._note("write", attribute, shown(answer, answerless), len(value), restored=False)
        else:
            answer = await self._link.prepare_write(handle, PREPARED)
            taken = Answered(came="accepted") if answer.came == "done" else answer
            self._note("prepare write", attribute, taken, 0)

    async def ended(self, reach: Reach) -> tuple[Attempt, ...]:
        """Everything that was tried. A subscription counts only where data came (`done`)."""
        if any(answer.came == "done" for answer in self._subscribed.values()):
            await reach.wait(LISTEN)
        for handle, answer in self._subscribed.items():
            values, size = self._link.arrived(handle)
            came = "accepted" if answer.came == "done" and not values else answer.came
            self._tried.append(Attempt(handle, "subscribe", came, answer.code, size))
        return tuple(sorted(self._tried, key=lambda one: (one.handle, one.asked)))

    @property
    def _over(self) -> bool:
        return self._gone or self._unanswered >= PATIENCE

    def _left(self, asked: str, attribute: Attribute) -> None:
        came = "gone" if self._gone else "silent"
        self._tried.append(Attempt(attribute.handle, asked, came))  # type: ignore[arg-type]

    def _watch(self, answer: Answered) -> None:
        self._gone = self._gone or answer.came == "gone"
        self._unanswered += answer.came == "silent"

    def _note(
        self, asked: str, attribute: Attribute, answer: Answered, length: int, *, restored: bool = True
    ) -> None:
        self._watch(answer)
        size = length if answer.came in ("done", "accepted") else 0
        self._tried.append(
            Attempt(attribute.handle, asked, answer.came, answer.code, size, restored)  # type: ignore[arg-type]
        )


def shown(answer: Answered, answerless: bool) -> Answered:
    """What a write shows: one that is never answered shows nothing by itself."""
    return Answered(came="accepted") if answerless and answer.came == "done" else answer
