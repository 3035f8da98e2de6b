"""One look at a Bluetooth Classic device: two phones, one after the other, neither of which anybody let in.

1. A stranger's phone connects, asks what there is (SDP), and uses what it can without pairing.
2. [use] It pairs: without anybody's consent; with the PINs that are printed on everything; after its owner
   was asked to open it.
3. [use] It leaves, and another phone comes that never paired: may it use what the first one could?
"""

from collections.abc import AsyncIterator

from shelfworthy.model import Bluetooth, Cause, Level, NotLooked, Seen, Transport
from shelfworthy.reach import ClassicLink, NoLink, Radio, Reach
from shelfworthy.seen.bluetooth import BluetoothClassic, BluetoothNoLe, ClassicPairing, ClassicService

PINS = ("0000", "1234")
AGAIN = 0.05  # seconds between two attempts while a person is on the way to the button


async def observe(surface: Bluetooth, reach: Reach) -> AsyncIterator[Seen]:
    """All of the look that is permitted. Raises NotSeen."""
    async with reach.radio() as radio:
        if surface.transport is Transport.CLASSIC:
            heard = await radio.listen(surface.watch_s)
            yield BluetoothNoLe(heard=heard.adverts, listened=heard.watched)
        if reach.radio_permits(Level.KNOCK):
            yield await ClassicLook(surface, reach, radio).through()


class ClassicLook:
    """The connections of one look, in order."""

    def __init__(self, surface: Bluetooth, reach: Reach, radio: Radio) -> None:
        self._surface = surface
        self._reach = reach
        self._radio = radio
        self._using = reach.radio_permits(Level.USE)
        self._pairings: list[ClassicPairing] = []

    async def through(self) -> BluetoothClassic:
        """Steps 1 to 3."""
        async with self._radio.classic() as link:
            name = link.name
            services = await self._used(link)
        second: tuple[ClassicService, ...] | NotLooked = NotLooked()
        second_let_in = False
        if self._using and await self._owned():
            try:
                async with self._radio.classic() as link:
                    second_let_in = True
                    second = await self._used(link)
            except NoLink:
                second = ()  # it takes no connection of a stranger any more
        return BluetoothClassic(
            let_in=True,
            name=name,
            services=services,
            pairings=tuple(self._pairings),
            second_let_in=second_let_in,
            second=second,
        )

    async def _used(self, link: ClassicLink) -> tuple[ClassicService, ...]:
        """Every service it lists, and how using it went; nothing is used below `use`."""
        found = []
        for offered in await link.services():
            came, why = "not tried", Cause.NOT_PERMITTED
            if self._using:
                answer = await link.use(offered)
                came = answer.came
                why = Cause.NOBODY_LOOKED
            found.append(
                ClassicService(
                    uuid=offered.uuid,
                    name=offered.name,
                    channel=offered.channel,
                    psm=offered.psm,
                    came=came,  # type: ignore[arg-type]
                    encrypted=link.encrypted,
                    why=why if came == "not tried" else None,
                )
            )
        return tuple(found)

    async def _owned(self) -> bool:
        """Step 2; whether anybody could become its owner."""
        if await self._pair("", asked=False):
            return True
        for pin in PINS:
            if await self._pair(pin, asked=False):
                return True
        if not self._surface.button:
            return False
        self._reach.ask_person(f"{self._surface.id}: {self._surface.button}")
        until = self._reach.seconds_left - self._surface.window_s
        while self._reach.seconds_left > max(until, 1):
            if await self._pair("", asked=True):
                return True
            await self._reach.wait(AGAIN)
        return False

    async def _pair(self, pin: str, *, asked: bool) -> bool:
        try:
            async with self._radio.classic() as link:
                paired = await link.pair(pin)
                encrypted = link.encrypted
        except NoLink:
            return False
        one = ClassicPairing(
            pin=pin,
            asked_person=asked,
            came=paired.came,
            code=paired.code,
            io=paired.io,
            mitm=paired.mitm,
            encrypted=encrypted,
        )
        if one not in self._pairings:
            self._pairings.append(one)
        return paired.came == "done"
