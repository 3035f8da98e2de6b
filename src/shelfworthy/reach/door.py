"""The one door to the outside: resolves once, checks, hands out connections to checked addresses.

What the door keeps, always:
- nothing is contacted whose name *and* address the product file and the operator's policy both allow at the
  level of the act; every act is checked anew, also when it was a redirect or content that named it;
- a name is resolved once in a look, by the door; the address that was checked is the one dialled;
- a host in numeric disguise is not contacted at all;
- every contact is announced to the fuse, paced, bounded and written to the transcript.
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from shelfworthy.model import AnySurface, Cause, Level
from shelfworthy.product.address import IP, Address, parse_where
from shelfworthy.product.scope import Scope
from shelfworthy.reach.dial import connected, shown_address
from shelfworthy.reach.limits import Limits, Pace
from shelfworthy.reach.line import AHEAD, Line, Meter
from shelfworthy.reach.names import Names, Resolver, system_resolver
from shelfworthy.reach.tls import shaken
from shelfworthy.reach.transcript import Recording, Transcript
from shelfworthy.reach.words import NoTls, NotSeen, PortRefused, UsedUp

TRIES = 2  # addresses of a name that are tried before it counts as unreachable

Counted = Literal["handshakes", "pages"]  # which bound of level `look` a contact spends


class Door:
    """Shared by all looks of one audit."""

    def __init__(
        self, scope: Scope, limits: Limits | None = None, resolver: Resolver = system_resolver
    ) -> None:
        self.scope = scope
        self.limits = limits or Limits()
        self.resolver = resolver
        self._spent: Counter[tuple[str, str]] = Counter()  # (surface, what) → contacts made
        self._paces: dict[tuple[IP, int], Pace] = {}

    def reach(self, surface: AnySurface) -> "Reach":
        """The door as one look at one surface sees it; its time begins to run."""
        return Reach(self, surface)

    def pace(self, address: IP, port: int) -> Pace:
        return self._paces.setdefault((address, port), Pace(self.limits))

    def spend(self, surface: str, level: Level, counts_as: Counted) -> None:
        """Count a contact against the bounds of its surface. Raises NotSeen when they are used up."""
        bounds = {"connections": self.limits.connections}
        if level is Level.LOOK:
            bounds[counts_as] = self.limits.handshakes if counts_as == "handshakes" else self.limits.pages
        for what, bound in bounds.items():
            if self._spent[surface, what] >= bound:
                at = f" at level {level}" if what == counts_as else ""
                words = f"More than {bound} {what} at {surface} would be impolite{at}."
                raise UsedUp(Cause.NOT_PERMITTED, words)
        self._spent.update((surface, what) for what in bounds)


class Reach:
    """One look's way out: connections to where the permission allows, and the transcript of all of them."""

    def __init__(self, door: Door, surface: AnySurface) -> None:
        self.surface = surface
        self.limits = door.limits
        self._door = door
        self._meter = Meter(door.limits)
        self._recording = Recording()
        self._names = Names(door.scope, door.resolver, self._meter, self._recording)
        self._answered: set[IP] = set()  # addresses that accepted a connection in this look

    @property
    def address(self) -> Address:
        """Where the surface is."""
        return parse_where(self.surface.kind, self.surface.where)

    @property
    def contacts(self) -> int:
        """How many events the transcript holds: 0 when nothing was contacted or asked."""
        return len(self._recording)

    @property
    def seconds_left(self) -> float:
        """Until this look is ended; a probe with many questions stops asking before."""
        return self._meter.seconds_left

    def transcript(self) -> Transcript:
        return self._recording.close()

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
            streams = await asyncio.open_connection(sock=sock, limit=AHEAD)
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
    ) -> AsyncIterator[Line]:
        """A TLS connection whose certificate nobody checked: judging it is a check's work.

        name: for SNI, if not the host. Raises NotSeen, PortRefused, NoTls.
        """
        at = at or self.address
        async with self._dial(at, level, counts_as) as (sock, to):
            server = name or ("" if at.literal else at.host)
            try:
                patience = self._meter.patience(self.limits.silence)
                streams, handshake = await shaken(sock, to, context, server, patience)
            except NotSeen as error:
                self._recording.note("no tls" if isinstance(error, NoTls) else "silent", to)
                raise
            self._recording.note("tls", to, b"".join(handshake.chain))
            line = Line(to, streams, self._meter, self._recording, handshake)
            try:
                yield line
            finally:
                line.close()

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
        addresses = await self._names.addresses(at.host)
        allowed = tuple(
            address
            for address in addresses
            if (granted := self._door.scope.level_at(at.host, address, at.port)) and granted.covers(level)
        )
        if not allowed:
            words = self._door.scope.why_not(at.host, addresses[0], at.port, level)
            raise NotSeen(Cause.NOT_PERMITTED, words)
        return tuple(sorted(allowed, key=lambda address: address not in self._answered))
