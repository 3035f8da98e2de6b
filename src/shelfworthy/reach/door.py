"""The one door to the outside: resolves once, checks, hands out connections to checked addresses.

What the door keeps, always:
- nothing is contacted whose name *and* address the product file and the operator's policy both allow at the
  level of the act; every act is checked anew, also when it was a redirect or content that named it;
- a name is resolved once in a look, by the door; the address that was checked is the one dialled;
- a host in numeric disguise is not contacted at all;
- what was only seen on the way, and nobody declared, is never written to;
- about names nobody is asked but the resolvers and registries of the operator's policy, wherever the product
  file would like to send us;
- every contact is announced to the fuse, paced, bounded and written to the transcript.
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from msgspec import structs

from shelfworthy.model import AnySurface, Bluetooth, Cause, Identity, Level
from shelfworthy.product.address import IP, Address, parse_where
from shelfworthy.product.scope import Scope
from shelfworthy.reach.datagrams import Datagrams, datagram_socket
from shelfworthy.reach.dial import connected, shown_address
from shelfworthy.reach.limits import Limits, Pace
from shelfworthy.reach.line import Line, Meter
from shelfworthy.reach.names import Names, Resolver, system_nameservers, system_resolver
from shelfworthy.reach.radio.radio import Radio
from shelfworthy.reach.radio.taking import profile_values, taken
from shelfworthy.reach.streams import Streams, opened
from shelfworthy.reach.street import Street
from shelfworthy.reach.tls import shaken, upgraded
from shelfworthy.reach.transcript import Recording, Transcript
from shelfworthy.reach.words import NoTls, NotSeen, PortRefused, UsedUp

SEEN_AT_MOST = Level.KNOCK  # what content names may be listed; accounts and writing are for what people name
TRIES = 2  # addresses of a name that are tried before it counts as unreachable

Ask = Callable[[str], None]
Counted = Literal["handshakes", "pages", "parts", "questions"]  # which bound of level `look` a contact spends


class Door:
    """Shared by all looks of one audit."""

    def __init__(
        self,
        scope: Scope,
        limits: Limits | None = None,
        resolver: Resolver = system_resolver,
        supplied: Mapping[str, bytes] = MappingProxyType({}),
        street: Street | None = None,
    ) -> None:
        """supplied: the files the product file names, which a look may need (keys, trusted roots).

        street: shared with the audits of other products, and then its limits are ours; else one of our own.
        """
        self.scope = scope
        self.supplied = supplied
        self.street = street or Street(limits)
        self.limits = self.street.limits
        self.resolver = resolver
        self.asking = scope.asking
        self._spent: Counter[tuple[str, str]] = Counter()  # (surface, what) → contacts made

    def reach(
        self, surface: AnySurface, times: int = 1, ask: Ask | None = None, patience: int = 1
    ) -> "Reach":
        """The door as one look at one surface sees it; its time begins to run.

        times: how often the usual time of a look it may take. ask: how to ask a person to do something.
        patience: how often the usual time it may wait for the next byte.
        """
        longer = {"look": self.limits.look * times, "silence": self.limits.silence * patience}
        meter = Meter(structs.replace(self.limits, **longer))
        return Reach(self, surface, meter, ask=ask)

    @cached_property
    def resolvers(self) -> tuple[Address, ...]:
        """Who is asked about names: the policy's resolvers, else this machine's."""
        return self.asking.resolvers or system_nameservers()

    def why_not_ask(self, at: Address, address: IP) -> str:
        """What forbids asking about a name there; "" if nothing does."""
        known = {(one.host, one.port) for one in self.resolvers} | self.asking.places
        if (at.host, at.port) not in known:
            return (
                f"{at.authority} is no resolver or registry of the operator's policy. If it may be asked"
                f' about names, write into it a [[registry]] with to = "{at.scheme}://{at.authority}/".'
            )
        closed = self.scope.why_closed(address)
        return f"About names we ask {at.authority}. {closed}" if closed else ""

    def pace(self, address: IP, port: int) -> Pace:
        return self.street.pace(address, port)

    def spend(self, surface: str, level: Level, counts_as: Counted) -> None:
        """Count a contact against the bounds of its surface. Raises NotSeen when they are used up."""
        bounds = {"connections": self.limits.connections}
        if level is Level.LOOK:
            bounds[counts_as] = getattr(self.limits, counts_as)
        for what, bound in bounds.items():
            if self._spent[surface, what] >= bound:
                at = f" at level {level}" if what == counts_as else ""
                words = f"More than {bound} {what} at {surface} would be impolite{at}."
                raise UsedUp(Cause.NOT_PERMITTED, words)
        self._spent.update((surface, what) for what in bounds)


class Reach:
    """One look's way out: connections to where the permission allows, and the transcript of all of them."""

    def __init__(
        self,
        door: Door,
        surface: AnySurface,
        meter: Meter | None = None,
        recording: Recording | None = None,
        ask: Ask | None = None,
    ) -> None:
        self.surface = surface
        self._ask = ask
        self._door = door
        self._meter = meter or Meter(door.limits)
        self.limits = self._meter.limits
        self._recording = Recording() if recording is None else recording
        self._names = Names(door.scope, door.resolver, self._meter, self._recording)
        self._answered: set[IP] = set()  # addresses that accepted a connection in this look
        self._asking: Asking | None = None
        self._tapes: list[bytes] = []

    @property
    def address(self) -> Address:
        """Where the surface is."""
        return parse_where(self.surface.kind, self.surface.where)

    @property
    def resolvers(self) -> tuple[Address, ...]:
        """Who is asked about names, in order. Raises NotSeen if this bench knows nobody."""
        if not self._door.resolvers:
            words = 'This machine has no resolver. Write into the operator\'s policy: resolver = ["address"].'
            raise NotSeen(Cause.DATA_MISSING, words)
        return self._door.resolvers

    def registry(self, domain: str) -> Address | None:
        """Where the operator's policy says to ask who holds a domain, if it does."""
        return self._door.asking.registry(domain)

    def asking(self) -> "Asking":
        """This look's way to resolvers and registries, on the same transcript and within the same time."""
        if self._asking is None:
            self._asking = Asking(self._door, self.surface, self._meter, self._recording)
        return self._asking

    @property
    def contacts(self) -> int:
        """How many events the transcript holds: 0 when nothing was contacted or asked."""
        return len(self._recording)

    @property
    def seconds_left(self) -> float:
        """Until this look is ended; a probe with many questions stops asking before."""
        return self._meter.seconds_left

    @property
    def product(self) -> Identity:
        """What is looked at: a probe may need its name."""
        return self._door.scope.identity

    async def wait(self, seconds: float) -> None:
        """Let time pass without contact. Raises NotSeen past the deadline."""
        await asyncio.sleep(self._meter.patience(seconds))

    def ask_person(self, words: str) -> None:
        """Ask whoever is there to do something to the product, in words; goes on at once."""
        self._recording.note("person asked", self.surface.id)
        if self._ask is not None:
            self._ask(words)

    def transcript(self) -> Transcript:
        return self._recording.close()

    def tapes(self) -> tuple[bytes, ...]:
        """The recordings of this look's radio sessions (btsnoop), values cut."""
        return tuple(self._tapes)

    def radio_permits(self, level: Level) -> bool:
        """Whether an act of this level is allowed at the surface's radio; contacts nothing."""
        return not self._why_not_radio(level)

    def radio(self) -> AbstractAsyncContextManager[Radio]:
        """The bench's one Bluetooth adapter, until the end of the block; other looks wait. Raises NotSeen.

        What is said on it is recorded, with values cut, and becomes an attachment.
        """
        return taken(
            self.address.path,
            self._door.scope.adapter,
            self._door.street.adapter(self._door.scope.adapter),
            profile_values(self.surface) if isinstance(self.surface, Bluetooth) else frozenset(),
            self._meter,
            self._recording,
            self._check_radio,
            self._tapes.append,
        )

    def _check_radio(self, level: Level) -> None:
        """Raises NotSeen for an act at the radio that is not permitted."""
        if words := self._why_not_radio(level):
            raise NotSeen(Cause.NOT_PERMITTED, words)

    def _why_not_radio(self, level: Level) -> str:
        if not self.surface.declared and not SEEN_AT_MOST.covers(level):
            return self._only_seen(level)
        return self._door.scope.why_not_radio(self.address.path, level)

    def _only_seen(self, level: Level) -> str:
        where = self.surface.where
        return f"{where} was only seen on the way: `{level}` needs it declared as a [[surface]]."

    def supplied(self, name: str) -> bytes:
        """A file that the product file names. Raises NotSeen where it did not come with it."""
        try:
            return self._door.supplied[name]
        except KeyError:
            raise NotSeen(
                Cause.NOT_SUPPLIED, f"The file {name} did not come with the product file."
            ) from None

    async def permits(self, level: Level, at: Address | None = None) -> bool:
        """Whether an act of this level is allowed there; resolves the name, contacts nothing."""
        at = at or self.address
        try:
            await self._checked(at, level)
        except NotSeen as refusal:
            if refusal.cause is Cause.NOT_PERMITTED:
                return False
            raise
        return True

    @asynccontextmanager
    async def tcp(
        self, at: Address | None = None, *, level: Level, counts_as: Counted = "handshakes"
    ) -> AsyncIterator[Line]:
        """A connection in cleartext. Raises NotSeen, PortRefused."""
        at = at or self.address
        async with self._dial(at, level, counts_as) as (sock, to):
            streams = await opened(sock)
            line = Line(to, streams, self._meter, self._recording)
            try:
                yield line
            finally:
                line.close()

    @asynccontextmanager
    async def tls(
        self,
        at: Address | None = None,
        *,
        level: Level,
        name: str = "",
        context: ssl.SSLContext | None = None,
        counts_as: Counted = "handshakes",
        after: Callable[[Line], Awaitable[None]] | None = None,
    ) -> AsyncIterator[Line]:
        """A TLS connection whose certificate nobody checked: judging it is a check's work.

        name: for SNI, if not the host. after: what is said in cleartext before (STARTTLS); it raises where
        the peer does not agree to TLS. Raises NotSeen, PortRefused, NoTls.
        """
        at = at or self.address
        async with self._dial(at, level, counts_as) as (sock, to):
            server = name or ("" if at.literal else at.host)
            begun = await self._begun(sock, to, after) if after else None
            try:
                patience = self._meter.patience(self.limits.silence)
                if begun is None:
                    streams, handshake = await shaken(sock, to, context, server, patience)
                else:
                    streams, handshake = begun, await upgraded(begun, to, context, server, patience)
            except NotSeen as error:
                self._recording.note("no tls" if isinstance(error, NoTls) else "silent", to)
                raise
            self._recording.note("tls", to, b"".join(handshake.chain))
            line = Line(to, streams, self._meter, self._recording, handshake)
            try:
                yield line
            finally:
                line.close()

    async def _begun(self, sock: socket.socket, to: str, after: Callable[[Line], Awaitable[None]]) -> Streams:
        """A connection on which cleartext was spoken, and which is to go on over TLS."""
        streams = await opened(sock)
        line = Line(to, streams, self._meter, self._recording)
        try:
            await after(line)
        except BaseException:
            line.close()
            raise
        return streams

    @asynccontextmanager
    async def udp(
        self, at: Address | None = None, *, level: Level, counts_as: Counted = "handshakes"
    ) -> AsyncIterator[Datagrams]:
        """Datagrams to and from one address of the host. Raises NotSeen.

        Nothing is sent by opening it; that nobody listens shows in a PortRefused or FellSilent later on.
        """
        at = at or self.address
        addresses = await self._checked(at, level)
        self._door.spend(self.surface.id, level, counts_as)
        untried = len(await self._names.addresses(at.host)) - 1
        pace = self._door.pace(addresses[0], at.port)
        async with pace.turn(self._meter.patience(self.limits.look)):
            with datagram_socket(addresses[0], at.port, self._recording) as sock:
                to = shown_address(addresses[0], at.port)
                yield Datagrams(to, sock, self._meter, self._recording, untried)

    @asynccontextmanager
    async def _dial(
        self, at: Address, level: Level, counts_as: Counted
    ) -> AsyncIterator[tuple[socket.socket, str]]:
        addresses = await self._checked(at, level)
        self._door.spend(self.surface.id, level, counts_as)
        failures: list[NotSeen] = []
        for address in addresses[:TRIES]:
            pace = self._door.pace(address, at.port)
            async with pace.turn(self._meter.patience(self.limits.look)):
                try:
                    sock = await connected(address, at.port, self._meter, self._recording)
                except NotSeen as error:
                    failures.append(error)
                    continue
                self._answered.add(address)
                try:
                    yield sock, shown_address(address, at.port)
                finally:
                    sock.close()
                return
        # A refusal is an answer only if nothing else is left open: one silent address outweighs it (law 1),
        # and so does one that was not tried, or may not be.
        if left := set(await self._names.addresses(at.host)) - set(addresses[:TRIES]):
            words = f"{failures[0].words} {len(left)} more of its addresses were not asked."
            failures.append(NotSeen(Cause.NOBODY_LOOKED, words))
        raise next((error for error in failures if not isinstance(error, PortRefused)), failures[0])

    async def _checked(self, at: Address, level: Level) -> tuple[IP, ...]:
        """The addresses of a host that may be contacted at this level, those that answered before first.

        Raises NotSeen when there are none.
        """
        if not self.surface.declared and not SEEN_AT_MOST.covers(level):
            raise NotSeen(Cause.NOT_PERMITTED, self._only_seen(level))
        addresses = await self._names.addresses(at.host)
        allowed = [address for address in addresses if self._may(at, address, level)]
        if not allowed:
            raise NotSeen(Cause.NOT_PERMITTED, self._why_not(at, addresses[0], level))
        return tuple(sorted(allowed, key=lambda address: address not in self._answered))

    def _may(self, at: Address, address: IP, level: Level) -> bool:
        granted = self._door.scope.level_at(at.host, address, at.port)
        return granted is not None and granted.covers(level)

    def _why_not(self, at: Address, address: IP, level: Level) -> str:
        return self._door.scope.why_not(at.host, address, at.port, level)


class Asking(Reach):
    """The same look's way to whoever may be asked about names; what the product file permits is no matter."""

    def __init__(self, door: Door, surface: AnySurface, meter: Meter, recording: Recording) -> None:
        super().__init__(door, surface, meter, recording)
        self._names = Names(door.scope, door.resolver, meter, recording, pins=False)

    def _may(self, at: Address, address: IP, level: Level) -> bool:
        return not self._why_not(at, address, level)

    def _why_not(self, at: Address, address: IP, level: Level) -> str:
        return self._door.why_not_ask(at, address)
