"""The bench's radio as one look has it: listen, and be as many strangers as it takes, one after the other."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

from shelfworthy.model import Cause, Level
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.bearers import At, Bearers
from shelfworthy.reach.radio.classic import ClassicLink
from shelfworthy.reach.radio.link import Link
from shelfworthy.reach.radio.records import Heard
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import NoLink, NotHeard, NotSeen
from shelfworthy.seen.advertising import Advert, address_kind, masked_name, read_advert

if TYPE_CHECKING:  # bumble weighs
    from shelfworthy.reach.radio.air import Air
    from shelfworthy.reach.radio.phone import Phone
    from shelfworthy.reach.radio.wire import LeWire

HEAR = 6.0  # seconds a device may let us wait for an advertisement
DOUBT = 2.0  # seconds more, to find out whether two devices bear its name
SETTLE = 0.5  # seconds in which a second bearer of a name would show
CONNECT = 4.0
CALL = 1.0  # seconds in which one that was heard before usually takes a connection
PAGE = 6.0  # Core Specification, volume 4, part E, section 6.6: 5.12 s by default
TICK = 0.01


class Radio:
    """One adapter, ours until the look lets go of it."""

    def __init__(
        self,
        air: "Air",
        bearers: Bearers,
        by_name: bool,
        meter: Meter,
        recording: Recording,
        check: Callable[[Level], None],
    ) -> None:
        self._air = air
        self._bearers = bearers
        self._by_name = by_name
        self._meter = meter
        self._recording = recording
        self._check = check
        self._phone: Phone | None = None
        self._configurations: set[int] = set()
        self._settled: set[str] = set()  # addresses that were told from other bearers before

    async def listen(self, seconds: float) -> Heard:
        """Hear what is advertised, without sending anything (level look).

        Where the product file gives a name, and nobody bears it, or two do, raises NotSeen (unreachable,
        contradictory); where it gives an address, `adverts` is 0 if nothing came from there.
        """
        self._check(Level.LOOK)
        bearers = Bearers(self._bearers.where, by_name=self._by_name)
        adverts = 0
        connectable = False
        named: dict[str, None] = {}
        told: list[Advert] = []

        def hear(address: str, random: bool, can: bool, data: bytes) -> None:
            nonlocal adverts, connectable
            self._note(address, random, data)
            if bearers.hear(address, data, random=random, now=time.monotonic()):
                adverts += 1
                connectable = connectable or can
                advert = read_advert(data)
                if advert.name:
                    named.setdefault(advert.name)
                if len(told) < 64 and advert not in told:
                    told.append(advert)

        began = time.monotonic()
        async with self._some_phone() as one, self._air.scanning(one, hear):
            await asyncio.sleep(self._meter.patience(seconds))
        watched = int(time.monotonic() - began)
        at = bearers.now()
        if at is None and self._by_name:
            raise NotHeard(Cause.UNREACHABLE, self._nobody())
        if at is not None and watched >= SETTLE:
            self._settled.add(at.address)
        self._recording.count("radio heard", self._bearers.where, adverts)
        return Heard(
            name=masked_name(next(reversed(named), "")),
            address_kind=address_kind(at.address, random=at.random) if at else "public",
            flags=next((one.flags for one in told if one.flags >= 0), -1),
            services=tuple(dict.fromkeys(uuid for one in told for uuid in one.services))[:64],
            companies=tuple(dict.fromkeys(company for one in told for company in one.companies))[:64],
            connectable=connectable,
            addresses=len(bearers.places),
            watched=watched,
            adverts=adverts,
            others=len(bearers.others),
        )

    @asynccontextmanager
    async def stranger(self) -> AsyncIterator[Link]:
        """A connection of somebody the device never met (level knock).

        Raises NotSeen: unreachable (not heard), contradictory (two bear its name); and NoLink where it was
        heard, and did not take the connection (silent, refused).
        """
        self._check(Level.KNOCK)
        async with self._air.phone() as one, AsyncExitStack() as leaving:
            self._phone = one
            try:
                wire = await self._called(one, leaving)
                yield Link(wire, self._meter, self._check, self._configurations)
            finally:
                self._phone = None

    @asynccontextmanager
    async def classic(self) -> AsyncIterator[ClassicLink]:
        """A connection of another fresh phone over BR/EDR (level knock).

        Only by address: a Classic device tells its name to whoever asks, and everybody would have to be
        asked. Raises NotSeen, NoLink.
        """
        self._check(Level.KNOCK)
        if self._by_name:
            words = f'A Classic radio is found by its address only, and "{self._bearers.where}" is a name.'
            raise NotSeen(Cause.NOT_SUPPLIED, f'{words} Write where = "bluetooth:…" with its address.')
        async with self._air.classic(self._bearers.where, self._meter.patience(PAGE)) as wire:
            yield ClassicLink(wire, self._meter, self._check)

    @asynccontextmanager
    async def _some_phone(self) -> AsyncIterator["Phone"]:
        if self._phone is not None:
            yield self._phone
            return
        async with self._air.phone() as one:
            yield one

    async def _called(self, one: "Phone", leaving: AsyncExitStack) -> "LeWire":
        """A connection, until `leaving`. One with an address of its own is called where it was heard before.

        If it does not come, it is listened for like any other: that says whether it is there at all.
        """
        before = None if self._by_name else self._bearers.now()
        if before is not None:
            with suppress(NoLink):
                return await leaving.enter_async_context(
                    self._air.connected(one, before, self._meter.patience(CALL))
                )
        at = await self._whereabouts(one)
        return await leaving.enter_async_context(self._air.connected(one, at, self._meter.patience(CONNECT)))

    def _note(self, address: str, random: bool, data: bytes) -> bool:
        return self._bearers.hear(address, data, random=random, now=time.monotonic())

    async def _whereabouts(self, one: "Phone") -> At:
        """Where our device is heard now. Raises NotSeen."""
        news = asyncio.Event()
        began = time.monotonic()

        def hear(address: str, random: bool, can: bool, data: bytes) -> None:
            if self._note(address, random, data):
                news.set()

        async with self._air.scanning(one, hear):
            await self._until(news, HEAR)
            if not news.is_set():
                raise NotHeard(Cause.UNREACHABLE, self._nobody())
            doubt_ends = time.monotonic() + DOUBT
            while True:
                try:
                    at = self._bearers.now()
                except NotSeen:
                    if time.monotonic() > doubt_ends or self._meter.seconds_left < 1:
                        raise
                    at = None
                if at is not None and at.last >= began:
                    settled = not self._by_name or at.address in self._settled
                    if settled or time.monotonic() - max(began, at.first) >= SETTLE:
                        self._settled.add(at.address)
                        return at
                await asyncio.sleep(self._meter.patience(TICK))

    async def _until(self, news: asyncio.Event, most: float) -> None:
        try:
            async with asyncio.timeout(self._meter.patience(most)):
                await news.wait()
        except TimeoutError:
            return

    def _nobody(self) -> str:
        called = f'called "{self._bearers.where}"' if self._by_name else f"at {self._bearers.where}"
        return (
            f"No Bluetooth device {called} was heard. Is it on, near, and not connected to a phone? One that"
            " tells its name only when it is asked needs to be named by its address."
        )
