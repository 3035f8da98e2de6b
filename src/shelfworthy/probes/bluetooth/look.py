"""One look at a Bluetooth LE device: as a stranger, as its owner, and as another stranger after that.

1. [look] Listen: what does it tell everybody?
2. [knock] A stranger connects: what is there, and what of it may be read and listened to? [use] or written?
3. [use] The stranger tries what the product file says the device can do; pairs as the weakest partner, with
   nobody's consent, and tries again.
4. [use] Who else may pair, and how? An owner pairs, sees what an owner may do, and leaves.
5. [use] Another stranger comes.
6. [risk] A changed image is sent.

Every stranger has a new address and no keys.
"""

from collections.abc import AsyncIterator

from msgspec import structs

from shelfworthy.model import Bluetooth, Level, NotLooked, Seen
from shelfworthy.probes.bluetooth import updating
from shelfworthy.probes.bluetooth.acting import Profile, as_seen
from shelfworthy.probes.bluetooth.pairing import Pairings, as_try
from shelfworthy.probes.bluetooth.visiting import begun, harmless, visit
from shelfworthy.reach import Heard, Link, NoLink, Radio, Reach, Table
from shelfworthy.seen.bluetooth import (
    Attempt,
    BluetoothAccess,
    BluetoothAdvert,
    BluetoothNoClassic,
    BluetoothOperations,
    BluetoothReturn,
    BluetoothUpdate,
    Came,
    PairingTry,
    Pushed,
    Visit,
)
from shelfworthy.seen.bluetooth_numbers import UpdateProtocol

NO_CLASSIC = 0x04  # flags, bit 2: BR/EDR not supported (Core Specification Supplement, part A, section 1.3)


async def observe(surface: Bluetooth, reach: Reach) -> AsyncIterator[Seen]:
    """All of the look that is permitted. Raises NotSeen."""
    async with reach.radio() as radio:
        heard = await radio.listen(surface.watch_s)
        yield _advert(heard)
        if heard.flags >= 0 and heard.flags & NO_CLASSIC:
            yield BluetoothNoClassic(flags=heard.flags)
        if not reach.radio_permits(Level.KNOCK):
            return
        look = Look(surface, reach, radio)
        async for seen in look.through():
            yield seen


class Look:
    """The connections of one look, in order."""

    def __init__(self, surface: Bluetooth, reach: Reach, radio: Radio) -> None:
        self._surface = surface
        self._reach = reach
        self._radio = radio
        self._values = harmless(surface)
        self._using = reach.radio_permits(Level.USE)
        self._table = Table(attributes=(), truncated=False, services=())
        self._shifts = False  # lists other services each time it is asked
        self._asked: dict[str, tuple[Attempt, ...]] = {}

    async def through(self) -> AsyncIterator[Seen]:
        """Steps 2 to 6."""
        try:
            yield await self._stranger()
        except NoLink:
            yield _not_let_in()
            raise
        found = updating.services(self._table)
        if not self._using:
            yield self._update(found, None, "not tried", NotLooked())
            return
        profile = Profile(self._surface, self._table, self._reach)
        pairings = Pairings(self._surface, self._radio, self._reach, self._visit)
        async with self._radio.stranger() as link:
            runs = [await profile.tried(link, paired=False)]
        paired: dict[str, tuple[Attempt, ...]] | None = None
        async with self._radio.stranger() as link:
            weakest = pairings.note("weakest", await link.pair("weakest"), link)
            if weakest.came == "done":
                pairings.owner = weakest, await self._visit(link)
                runs.append(await profile.tried(link, paired=True))
                paired = await self._questions(link, found, pairings.owner[1])
        yield BluetoothOperations(operations=as_seen(self._surface.operation, runs), pairing=weakest.came)
        pushing = bool(self._surface.image) and self._reach.radio_permits(Level.RISK)
        if not pushing:
            yield self._update(found, paired, weakest.came, NotLooked())
        await pairings.all()
        yield pairings.seen()
        yield await self._return(pairings)
        if pushing:  # told once: what it did with the image says more than that it answers
            image = self._reach.supplied(self._surface.image)
            unasked = weakest.came == "done"
            pushed = await updating.pushed(self._radio, self._table, image, unasked=unasked)
            yield self._update(found, paired, weakest.came, pushed)

    async def _visit(self, link: Link) -> Visit:
        return await visit(link, self._table, self._reach, self._values)

    async def _stranger(self) -> BluetoothAccess:
        async with self._radio.stranger() as link:
            self._table = await link.table()
            visiting = await begun(link, self._table, self._reach, self._values)
            again = await link.table()  # meanwhile data may come
            stranger = await visiting.ended()
            self._shifts = bool(again.services) and again.services != self._table.services
            self._asked = await self._questions(link, updating.services(self._table), stranger)
        return BluetoothAccess(
            let_in=True,
            attributes=self._table.attributes,
            truncated=self._table.truncated,
            changed=again.attributes != self._table.attributes and bool(again.attributes),
            stranger=stranger,
        )

    async def _questions(
        self, link: Link, found: dict[str, UpdateProtocol], visited: Visit
    ) -> dict[str, tuple[Attempt, ...]]:
        """What was tried on the services that take firmware; written to only at `use`."""
        if not self._using:
            of = {one.handle: one.service for one in self._table.attributes}
            return {
                service: tuple(one for one in visited.attempts if of.get(one.handle) == service)
                for service in found
            }
        return {
            service: await updating.asked(link, self._table, service, protocol, visited)
            for service, protocol in found.items()
        }

    async def _return(self, pairings: Pairings) -> BluetoothReturn:
        """Another stranger comes when the owner has left, and again once no window can be open any more."""
        if pairings.owner is None:
            nobody = PairingTry("strongest", False, "not tried")
            tried = pairings.tries[-1] if pairings.tries else nobody
            return BluetoothReturn(
                attributes=self._table.attributes,
                paired=tried,
                owner=NotLooked(),
                let_in=False,
                stranger=NotLooked(),
                stranger_pairing=NotLooked(),
            )
        paired, owner = pairings.owner
        stranger: Visit | NotLooked = NotLooked()
        pairing: PairingTry | NotLooked = NotLooked()
        let_in = False
        try:
            stranger, pairing = await self._another()
            let_in = True
            if pairing.came == "done" and paired.asked_person:
                await self._reach.wait(self._surface.window_s)
                stranger, pairing = await self._another()
        except NoLink:
            pass  # it takes no connection of a stranger any more: `let_in` says so
        return BluetoothReturn(
            attributes=self._table.attributes,
            paired=paired,
            owner=owner,
            let_in=let_in,
            stranger=stranger,
            stranger_pairing=pairing,
        )

    async def _another(self) -> tuple[Visit, PairingTry]:
        async with self._radio.stranger() as link:
            visited = await self._visit(link)
            paired = await link.pair("weakest")
        return visited, as_try("weakest", paired)

    def _update(
        self,
        found: dict[str, UpdateProtocol],
        paired: dict[str, tuple[Attempt, ...]] | None,
        pairing: Came,
        pushed: tuple[Pushed, ...] | NotLooked,
    ) -> BluetoothUpdate:
        return BluetoothUpdate(
            services=updating.as_seen(found, self._asked, paired),
            # A device that tells of no service at all has not been listed: the standard asks for two.
            whole=bool(self._table.services) and not self._table.truncated and not self._shifts,
            pairing=pairing,
            pushed=pushed,
        )


def _advert(heard: Heard) -> BluetoothAdvert:
    return BluetoothAdvert(**structs.asdict(heard))


def _not_let_in() -> BluetoothAccess:
    nothing = Visit(encrypted=False, authenticated=False, attempts=(), whole=False)
    return BluetoothAccess(let_in=False, attributes=(), truncated=False, changed=False, stranger=nothing)
