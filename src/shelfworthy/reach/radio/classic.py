"""One connection over BR/EDR: what is offered, whether it may be used, and how the device pairs."""

from collections.abc import Callable
from typing import Protocol

from shelfworthy.model import Level
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.records import Answered, ClassicPaired, Offered

PATIENCE = 6.0  # seconds for one thing that is tried
PAIRING = 10.0
RFCOMM_USES = frozenset({"1101", "1108", "1112", "111e", "111f"})  # serial port, headsets, hands-free
STREAM_USES = frozenset({"110a", "110b"})  # A2DP source, sink


class ClassicStands(Protocol):
    """What a Classic link stands on; only what is behind it knows bumble."""

    name: str

    @property
    def encrypted(self) -> bool:
        """Whether the link is encrypted now."""
        ...

    async def services(self, seconds: float) -> tuple[Offered, ...]:
        """What it lists."""
        ...

    async def open_channel(self, channel: int, seconds: float) -> Answered:
        """Use an RFCOMM channel."""
        ...

    async def stream_ends(self, seconds: float) -> Answered:
        """Ask for its stream end points."""
        ...

    async def pair(self, pin: str, person: bool, seconds: float) -> ClassicPaired:
        """Try to pair."""
        ...


class ClassicLink:
    """A connection to the device over BR/EDR."""

    def __init__(self, wire: ClassicStands, meter: Meter, check: Callable[[Level], None]) -> None:
        self._wire = wire
        self._meter = meter
        self._check = check

    @property
    def name(self) -> str:
        """As the device tells it, what looks like a person's part in it as "•"; "" if it does not."""
        return self._wire.name

    @property
    def encrypted(self) -> bool:
        """Whether the link is encrypted now."""
        return self._wire.encrypted

    async def services(self) -> tuple[Offered, ...]:
        """What it lists to whoever asks (SDP)."""
        return await self._wire.services(self._meter.patience(PATIENCE))

    async def use(self, offered: Offered) -> Answered:
        """Use a service as a phone would (level use): one AT command, or asking for the stream end points."""
        self._check(Level.USE)
        if offered.channel and offered.uuid in RFCOMM_USES:
            return await self._wire.open_channel(offered.channel, self._meter.patience(PATIENCE))
        if offered.uuid in STREAM_USES:
            return await self._wire.stream_ends(self._meter.patience(PATIENCE))
        return Answered(came="not tried")

    async def pair(self, pin: str = "", person: bool = False) -> ClassicPaired:
        """Try to pair (level use): as a phone without display and keys, or with a fixed PIN.

        person: somebody is there who says yes at our side.
        """
        self._check(Level.USE)
        return await self._wire.pair(pin, person, self._meter.patience(PAIRING))
