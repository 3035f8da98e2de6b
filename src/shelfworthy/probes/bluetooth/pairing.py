"""Pair with the device as different partners, and be its owner for a while.

1. As the weakest partner, then as the strongest, as the device was found: nobody has touched it.
2. If it refuses and the product file says how its owner opens it, that person is asked, and both are tried
   again, as often as the time for it allows, until the strongest is answered otherwise.
3. Where it wants a passkey, the three that are printed on everything are tried.
4. Who paired first is its owner: what an owner may do is looked at on that connection.
5. While it is open the weakest partner tries once more: a window must not let everybody in.
"""

from collections.abc import Awaitable, Callable

from shelfworthy.model import Bluetooth
from shelfworthy.reach import Link, NoLink, Paired, Radio, Reach
from shelfworthy.seen.bluetooth import BluetoothPairing, PairingTry, Partner, Visit

PASSKEYS: tuple[Partner, ...] = ("000000", "123456", "111111")
PAUSE = 0.02  # seconds between two attempts while a person is on the way to the button
SETTLED = ("done", "error")  # the device went into pairing, however it ended


class Pairings:
    """All attempts to pair in one look."""

    def __init__(
        self, surface: Bluetooth, radio: Radio, reach: Reach, visit: Callable[[Link], Awaitable[Visit]]
    ) -> None:
        self._surface = surface
        self._radio = radio
        self._reach = reach
        self._visit = visit
        self.tries: list[PairingTry] = []
        self.device_asks = False
        self.owner: tuple[PairingTry, Visit] | None = None

    def note(self, partner: Partner, paired: Paired, link: Link, *, asked: bool = False) -> PairingTry:
        """Keep one attempt; those that went as one before are kept once."""
        self.device_asks = self.device_asks or link.device_asks
        one = PairingTry(
            partner=partner,
            asked_person=asked,
            came=paired.came,
            code=paired.code,
            io=paired.io,
            mitm=paired.mitm,
            secure_connections=paired.secure_connections,
            bonding=paired.bonding,
            method=paired.method,
            key_size=paired.key_size,
        )
        if one not in self.tries:
            self.tries.append(one)
        return one

    async def all(self) -> None:
        """Steps 1 to 5; the weakest partner's attempt of step 1 was made already."""
        strongest = await self._as("strongest")
        asked = False
        if self._surface.button and strongest.came not in SETTLED:
            asked = True
            self._reach.ask_person(f"{self._surface.id}: {self._surface.button}")
            strongest = await self._opened()
        if strongest.method == "passkey":
            for passkey in PASSKEYS:
                if self.owner is None:
                    await self._as(passkey, asked=asked)
        if asked and strongest.came in SETTLED:
            await self._as("weakest", asked=True)

    async def _opened(self) -> PairingTry:
        """Try until the device is open for pairing, or the time for it is over."""
        until = self._reach.seconds_left - self._surface.window_s
        while True:
            await self._as("weakest", asked=True)
            strongest = await self._as("strongest", asked=True)
            if strongest.came in SETTLED or self._reach.seconds_left <= max(until, 1):
                return strongest
            await self._reach.wait(PAUSE)

    async def _as(self, partner: Partner, *, asked: bool = False) -> PairingTry:
        """One attempt as another stranger; the first that is taken becomes the owner."""
        try:
            async with self._radio.stranger() as link:
                paired = await link.pair(partner)
                one = self.note(partner, paired, link, asked=asked)
                if paired.came == "done" and self.owner is None:
                    self.owner = one, await self._visit(link)
                return one
        except NoLink:  # it took no connection this time: that is what there is to know of this attempt
            one = PairingTry(partner, asked, "gone")
            if one not in self.tries:
                self.tries.append(one)
            return one

    def seen(self) -> BluetoothPairing:
        return BluetoothPairing(device_asks=self.device_asks, tries=tuple(self.tries))
