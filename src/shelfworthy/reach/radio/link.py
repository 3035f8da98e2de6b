"""One connection of a stranger: what it may do is what the permission's level says, checked for each act."""

from collections.abc import Callable
from typing import Protocol

from shelfworthy.model import Level
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.att import Att, Told
from shelfworthy.reach.radio.records import Answered, Paired, Table
from shelfworthy.reach.radio.table import list_table
from shelfworthy.seen.bluetooth import Attribute, Partner

LONGEST = 512  # bytes of a value (Core Specification, volume 3, part F, section 3.2.9)
PAIRING = 10.0  # seconds
READ, READ_ON, WRITE, COMMAND, PREPARE, EXECUTE = 0x0A, 0x0C, 0x12, 0x52, 0x16, 0x18
NO_MORE = frozenset({0x07, 0x0B})  # invalid offset, attribute not long: the value has ended before
NOTIFY, INDICATE = b"\x01\x00", b"\x02\x00"


class Wire(Protocol):
    """What a link stands on; only what is behind it knows bumble."""

    att: Att

    @property
    def encrypted(self) -> bool:
        """Whether the link is encrypted now."""
        ...

    @property
    def asked(self) -> bool:
        """Whether the device sent a Security Request."""
        ...

    async def pair(self, partner: Partner, seconds: float) -> Paired:
        """Try to pair."""
        ...

    async def drained(self) -> bool:
        """Whether the adapter took what was sent, in time."""
        ...


class Link:
    """A connection to the device. When it hangs up, everything comes as "gone" from then on."""

    def __init__(
        self, wire: Wire, meter: Meter, check: Callable[[Level], None], configurations: set[int]
    ) -> None:
        """check: raises NotSeen for a level that is not permitted. configurations: handles that subscribe."""
        self._wire = wire
        self._att = wire.att
        self._meter = meter
        self._check = check
        self._configurations = configurations
        self._protected = False
        self._sized = False

    @property
    def encrypted(self) -> bool:
        """Whether the link is encrypted now."""
        return self._wire.encrypted

    @property
    def authenticated(self) -> bool:
        """Whether it is, after pairing with protection against a man in the middle."""
        return self.encrypted and self._protected

    @property
    def device_asks(self) -> bool:
        """Whether the device sent a Security Request."""
        return self._wire.asked

    async def table(self, most: int = 2000) -> Table:
        """What the device says it has; at most half the time that is left goes into it."""
        if not self._sized:
            self._sized = True
            await self._att.agree_on_size()
        table = await list_table(self._att, most, max(0.1, self._meter.seconds_left / 2))
        self._configurations |= {one.configuration for one in table.attributes if one.configuration}
        return table

    async def read(self, handle: int) -> Answered:
        """Read a value, up to 512 bytes of it (section 3.4.4)."""
        told = await self._att.ask(_unit(READ, handle))
        value = told.body
        part = told
        while part.came == "done" and len(part.body) >= self._att.mtu - 1 and len(value) < LONGEST:
            part = await self._att.ask(_unit(READ_ON, handle, len(value).to_bytes(2, "little")))
            value += part.body if part.came == "done" else b""
        whole = part.came == "done" or part.code in NO_MORE
        return Answered(came=told.came, code=told.code, value=value[:LONGEST], whole=whole)

    async def write(
        self, handle: int, value: bytes, *, answerless: bool = False, level: Level = Level.USE
    ) -> Answered:
        """Write a value (level use; risk for firmware). Raises NotSeen.

        answerless: "done" means only that it was sent.
        """
        self._check(max(level, Level.USE, key=lambda one: one.rank))
        if answerless:
            came = self._att.tell(_unit(COMMAND, handle, value[: self._att.mtu - 3]))
            if came == "done" and not await self._wire.drained():
                came = "gone" if self._att.gone.done() else "silent"
            return Answered(came=came)
        if len(value) > self._att.mtu - 3:
            return await self._write_long(handle, value)
        return _answered(await self._att.ask(_unit(WRITE, handle, value)))

    async def prepare_write(self, handle: int, value: bytes) -> Answered:
        """Prepare a write, and call it off (level use). "accepted": it was taken, which shows nothing."""
        self._check(Level.USE)
        told = await self._prepared(handle, 0, value)
        await self._att.ask(bytes([EXECUTE, 0]))
        return Answered(came="accepted" if told.came == "done" else told.came, code=told.code)

    async def subscribe(self, attribute: Attribute) -> Answered:
        """Ask to be told of changes (level knock). "done": it was taken; what comes is in `arrived`."""
        handle = attribute.configuration
        if not handle or handle not in self._configurations:
            return Answered(came="error")
        only = "indicate" in attribute.properties and "notify" not in attribute.properties
        return _answered(await self._att.ask(_unit(WRITE, handle, INDICATE if only else NOTIFY)))

    def arrived(self, handle: int) -> tuple[int, int]:
        """How many notifications came on this handle so far, and bytes in all."""
        return self._att.arrivals.so_far(handle)

    def waiting(self, handle: int) -> bytes | None:
        """The oldest notification on this handle that was not taken yet; None if there is none now."""
        return self._att.arrivals.take(handle)

    async def next(self, handle: int, within: float) -> bytes | None:
        """The next notification that was not taken yet; None if none came in so many seconds."""
        came = await self.first((handle,), within)
        return came[1] if came else None

    async def first(self, handles: tuple[int, ...], within: float) -> tuple[int, bytes] | None:
        """The same of several handles, and which; what waits on an earlier one of them comes first."""
        return await self._att.arrivals.first(
            handles, min(within, self._meter.patience(within)), self._att.gone
        )

    async def pair(self, partner: Partner) -> Paired:
        """Try to pair (level use). Raises NotSeen where that is not permitted."""
        self._check(Level.USE)
        if self._att.gone.done():
            return Paired(came="gone")
        paired = await self._wire.pair(partner, self._meter.patience(PAIRING))
        if paired.came == "done":
            self._protected = paired.method not in ("", "just works")
        return paired

    async def _prepared(self, handle: int, at: int, part: bytes) -> Told:
        return await self._att.ask(
            _unit(PREPARE, handle, at.to_bytes(2, "little") + part[: self._att.mtu - 5])
        )

    async def _write_long(self, handle: int, value: bytes) -> Answered:
        """A value that does not fit into one unit (volume 3, part G, section 4.9.4)."""
        size = self._att.mtu - 5
        for at in range(0, min(len(value), LONGEST), size):
            told = await self._prepared(handle, at, value[at : at + size])
            if told.came != "done":
                await self._att.ask(bytes([EXECUTE, 0]))
                return _answered(told)
        return _answered(await self._att.ask(bytes([EXECUTE, 1])))


def _unit(operation: int, handle: int, rest: bytes = b"") -> bytes:
    return bytes([operation]) + handle.to_bytes(2, "little") + rest


def _answered(told: Told) -> Answered:
    return Answered(came=told.came, code=told.code)
