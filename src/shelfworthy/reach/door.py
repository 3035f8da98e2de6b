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
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address

from shelfworthy.model import AnySurface, Cause, Level
from shelfworthy.product.address import Address, disguised, parse_where
from shelfworthy.product.scope import Scope
from shelfworthy.reach import fuse
from shelfworthy.reach.limits import Limits, Pace
from shelfworthy.reach.line import Line, Meter
from shelfworthy.reach.tls import lenient, shown
from shelfworthy.reach.transcript import Recording, Transcript
from shelfworthy.reach.words import NoTls, NotSeen, PortRefused

IPAddress = IPv4Address | IPv6Address
Resolver = Callable[[str], Awaitable[tuple[IPAddress, ...]]]
TRIES = 2  # addresses of a name that are tried before it counts as unreachable


async def system_resolver(host: str) -> tuple[IPAddress, ...]:
    """The addresses of a name, as this machine's resolver gives them. Raises OSError."""

    def look_up() -> tuple[IPAddress, ...]:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return tuple(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))

    with fuse.announce(host, 0):
        return await asyncio.to_thread(look_up)


class Door:
    """Shared by all looks of one audit."""

    def __init__(
        self, scope: Scope, limits: Limits | None = None, resolver: Resolver = system_resolver
    ) -> None:
        self.scope = scope
        self.limits = limits or Limits()
        self.resolver = resolver
        self.spent: Counter[tuple[str, str]] = Counter()  # (surface, what) → contacts made
        self._paces: dict[tuple[IPAddress, int], Pace] = {}

    def reach(self, surface: AnySurface) -> "Reach":
        """The door as one look at one surface sees it."""
        return Reach(self, surface)

    def pace(self, address: IPAddress, port: int) -> Pace:
        return self._paces.setdefault((address, port), Pace(self.limits))


class Reach:
    """One look's way out: connections to where the permission allows, and the transcript of all of them."""

    def __init__(self, door: Door, surface: AnySurface) -> None:
        self.surface = surface
        self.limits = door.limits
        self._door = door
        self._meter = Meter(door.limits)
        self._recording = Recording()
        self._resolved: dict[str, tuple[IPAddress, ...]] = {}

    @property
    def address(self) -> Address:
        """Where the surface is."""
        return parse_where(self.surface.kind, self.surface.where)

    @property
    def contacts(self) -> int:
        """How many events the transcript holds: 0 when nothing was contacted or asked."""
        return len(self._recording)

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
        self, at: Address | None = None, *, level: Level, counts_as: str = "handshakes"
    ) -> AsyncIterator[Line]:
        """A connection in cleartext. Raises NotSeen. counts_as: which bound of level `look` it spends."""
        at = at or self.address
        async with self._dial(at, level, counts_as) as (sock, to):
            streams = await asyncio.open_connection(sock=sock, limit=1 << 16)
            line = Line(to, streams, self._meter, self._recording)
            try:
                yield line
            finally:
                await line.close()

    @asynccontextmanager
    async def tls(
        self,
        at: Address | None = None,
        *,
        level: Level,
        name: str = "",
        context: ssl.SSLContext | None = None,
        counts_as: str = "handshakes",
    ) -> AsyncIterator[Line]:
        """A TLS connection whose certificate nobody checked: judging it is a check's work. Raises NotSeen."""
        at = at or self.address
        async with self._dial(at, level, counts_as) as (sock, to):
            try:
                async with asyncio.timeout(self._meter.patience(self.limits.silence)):
                    streams = await asyncio.open_connection(
                        sock=sock,
                        limit=1 << 16,
                        ssl=context or lenient(),
                        server_hostname=name or ("" if at.literal else at.host),
                        ssl_handshake_timeout=self.limits.silence * 2,
                    )
            except TimeoutError as error:
                raise NotSeen(Cause.SILENT, f"{to} fell silent during the TLS handshake.") from error
            except ssl.SSLError as error:
                raise NoTls(Cause.NOT_UNDERSTOOD, f"{to}: no TLS handshake ({error.reason}).") from error
            except OSError as error:
                raise NoTls(Cause.REFUSED, f"{to} hung up during the TLS handshake.") from error
            handshake = shown(streams[1])
            self._recording.note("tls", to, b"".join(handshake.chain))
            line = Line(to, streams, self._meter, self._recording, handshake)
            try:
                yield line
            finally:
                await line.close()

    @asynccontextmanager
    async def _dial(
        self, at: Address, level: Level, counts_as: str
    ) -> AsyncIterator[tuple[socket.socket, str]]:
        addresses = await self._checked(at, level)
        self._spend(level, counts_as)
        failure: NotSeen | None = None
        for address in addresses[:TRIES]:
            pace = self._door.pace(address, at.port)
            async with pace.open:
                await pace.wait()
                to = f"[{address}]:{at.port}" if address.version == 6 else f"{address}:{at.port}"
                try:
                    sock = await self._connect(address, at.port, to)
                except NotSeen as error:
                    failure = error
                    continue
                try:
                    yield sock, to
                finally:
                    sock.close()
                return
        assert failure is not None
        raise failure

    async def _connect(self, address: IPAddress, port: int, to: str) -> socket.socket:
        """Connect to an address that was checked. Raises NotSeen."""
        sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            with fuse.announce(str(address), port):
                async with asyncio.timeout(self._meter.patience(self.limits.connect)):
                    await asyncio.get_running_loop().sock_connect(sock, (str(address), port))
        except TimeoutError as error:
            sock.close()
            self._recording.note("unreachable", to)
            raise NotSeen(Cause.UNREACHABLE, f"{to} did not answer the connection attempt.") from error
        except ConnectionRefusedError as error:
            sock.close()
            self._recording.note("refused", to)
            raise PortRefused(Cause.REFUSED, f"{to} refused the connection.") from error
        except OSError as error:
            sock.close()
            self._recording.note("unreachable", to)
            raise NotSeen(Cause.UNREACHABLE, f"{to} cannot be reached ({error.strerror}).") from error
        except BaseException:
            sock.close()
            raise
        self._recording.note("connected", to)
        return sock

    async def _checked(self, at: Address, level: Level) -> tuple[IPAddress, ...]:
        """The addresses of a host that may be contacted at this level. Raises NotSeen when there are none."""
        addresses = await self._resolve(at.host)
        allowed = tuple(
            address
            for address in addresses
            if (granted := self._door.scope.level_at(at.host, address, at.port)) and granted.covers(level)
        )
        if not allowed:
            words = self._door.scope.why_not(at.host, addresses[0], at.port, level)
            raise NotSeen(Cause.NOT_PERMITTED, words)
        return allowed

    async def _resolve(self, host: str) -> tuple[IPAddress, ...]:
        """Once per look: what is checked is what is dialled."""
        if host not in self._resolved:
            self._resolved[host] = await self._ask(host)
        return self._resolved[host]

    async def _ask(self, host: str) -> tuple[IPAddress, ...]:
        try:
            return (ip_address(host),)
        except ValueError:
            pass
        if disguised(host):
            words = f"{host} is an address in disguise. Write it as four decimal numbers."
            raise NotSeen(Cause.NOT_PERMITTED, words)
        pinned = self._door.scope.pinned(host)
        if pinned is not None:
            return (pinned,)
        self._recording.note("resolve", host)
        try:
            async with asyncio.timeout(self._meter.patience(self.limits.connect)):
                addresses = await self._door.resolver(host)
        except (TimeoutError, OSError, UnicodeError) as error:
            raise NotSeen(Cause.UNREACHABLE, f"The name {host} does not resolve.") from error
        if not addresses:
            raise NotSeen(Cause.UNREACHABLE, f"The name {host} has no address.")
        return addresses

    def _spend(self, level: Level, counts_as: str) -> None:
        """Count a contact against the bounds of its surface. Raises NotSeen when they are used up."""
        bounds = {"connections": self.limits.connections}
        if level is Level.LOOK:
            bounds[counts_as] = self.limits.handshakes if counts_as == "handshakes" else self.limits.pages
        for what, bound in bounds.items():
            if self._door.spent[self.surface.id, what] >= bound:
                words = f"More than {bound} {what} at {self.surface.id} would be impolite at level {level}."
                raise NotSeen(Cause.NOT_PERMITTED, words)
            self._door.spent[self.surface.id, what] += 1
