"""The Attribute Protocol as a client speaks it (Core Specification, volume 3, part F), one request at a time.

Ours, since the other side may answer with anything, at any length, late, twice, or for ever.

- A late answer is never taken for that to a later question: as long as one is owed, nothing is asked.
- What a device asks of us in its turn is refused; it gets so many answers and no more.
"""

import asyncio
from collections.abc import Callable

from shelfworthy.model import Record
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.queue import Arrivals
from shelfworthy.seen.bluetooth import Came

ERROR, MTU_ASKED, MTU_TOLD = 0x01, 0x02, 0x03
NOTIFIED, INDICATED, CONFIRMED = 0x1B, 0x1D, 0x1E
COMMAND = 0x40  # bit of operations that nobody answers
UNSUPPORTED = 0x06  # request not supported
REFUSED = frozenset({0x05, 0x08, 0x0C, 0x0F})
CLOSED = frozenset({0x02, 0x03})
SMALLEST, OURS = 23, 247  # bytes of one unit: before anything is agreed on, and what we offer
COURTESY = 4096  # answers a device gets from us in one connection

Say = Callable[[str, bytes], None]  # event and unit, for the transcript


class Told(Record, frozen=True):
    """What became of a request. body: of the answer, without its operation."""

    came: Came
    code: int = 0
    body: bytes = b""
    handle: int = 0  # that an error is about


def came_of(code: int) -> Came:
    """The house's word for an ATT error."""
    return "refused" if code in REFUSED else "closed" if code in CLOSED else "error"


class Att:
    """The attribute channel of one connection. put: sends a unit. gone: done when the device hung up."""

    def __init__(
        self,
        put: Callable[[bytes], None],
        gone: "asyncio.Future[None]",
        meter: Meter,
        say: Say,
        alive: Callable[[], None],
    ) -> None:
        """alive: raises NotSeen where our own adapter went away, so that its silence is not the device's."""
        self.mtu = SMALLEST
        self.arrivals = Arrivals()
        self.gone = gone
        self._put = put
        self._meter = meter
        self._say = say
        self._alive = alive
        self._turn = asyncio.Lock()
        self._asked = b""  # what is unanswered, if anything is
        self._owed = False
        self._answer: bytes | None = None
        self._waiting: asyncio.Future[None] | None = None
        gone.add_done_callback(self._wake)
        self._dead = False  # it kept us waiting twice: nothing is asked any more
        self._courtesies = COURTESY

    async def ask(self, unit: bytes, within: float | None = None) -> Told:
        """Send a request and wait for its answer. Raises NotSeen past the look's deadline."""
        async with self._turn:
            if self.gone.done():
                return Told(came="gone")
            if self._dead or (self._owed and await self._came(self._meter.limits.silence) is None):
                self._dead = not self.gone.done()
                return Told(came="silent" if self._dead else "gone")
            self._asked, self._owed = unit, True
            self._say("sent", unit)
            self._put(unit)
            answer = await self._came(self._meter.limits.silence if within is None else within)
            if answer is None:
                return Told(came="gone" if self.gone.done() else "silent")
            self._say("received", answer)
            return _told(answer)

    def tell(self, unit: bytes) -> Came:
        """Send what nobody answers; "done": it was sent."""
        if self.gone.done():
            return "gone"
        self._say("sent", unit)
        self._put(unit)
        return "done"

    async def agree_on_size(self) -> None:
        """Ask once how long units may be (section 3.4.2)."""
        told = await self.ask(bytes([MTU_ASKED]) + OURS.to_bytes(2, "little"))
        if told.came == "done" and len(told.body) == 2:
            self.mtu = min(OURS, max(SMALLEST, int.from_bytes(told.body, "little")))

    def on_unit(self, unit: bytes) -> None:
        """What the device sent; never raises."""
        if not unit:
            return
        operation = unit[0]
        if operation in (NOTIFIED, INDICATED):
            if len(unit) >= 3:
                self.arrivals.add(int.from_bytes(unit[1:3], "little"), unit[3:])
            if operation == INDICATED:
                self._be_courteous(bytes([CONFIRMED]))
        elif operation % 2 == 0:
            if operation == MTU_ASKED:
                self._be_courteous(bytes([MTU_TOLD]) + OURS.to_bytes(2, "little"))
            elif not operation & COMMAND:
                self._be_courteous(bytes([ERROR, operation, 0, 0, UNSUPPORTED]))
        elif self._owed and self._answer is None and _answers(unit, self._asked):
            self._answer = unit
            self._wake()

    async def _came(self, within: float) -> bytes | None:
        """The answer that is owed, if it comes in time."""
        patience = self._meter.patience(within)
        if self._answer is None and not self.gone.done():
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            enough = loop.call_later(patience, self._wake)
            try:
                await self._waiting
            finally:
                enough.cancel()
                self._waiting = None
        answer = self._answer
        if answer is None:
            self._alive()
            return None
        self._answer, self._owed = None, False
        return answer

    def _wake(self, *_: object) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _be_courteous(self, unit: bytes) -> None:
        if self._courtesies and not self.gone.done():
            self._courtesies -= 1
            self._put(unit)


def _answers(unit: bytes, asked: bytes) -> bool:
    """Whether a unit is the answer to a request: its own operation, or an error that names it."""
    return unit[0] == asked[0] + 1 or (unit[0] == ERROR and unit[1:2] == asked[:1])


def _told(answer: bytes) -> Told:
    if answer[0] != ERROR:
        return Told(came="done", body=answer[1:])
    if len(answer) != 5:
        return Told(came="error")
    return Told(came=came_of(answer[4]), code=answer[4], handle=int.from_bytes(answer[2:4], "little"))
