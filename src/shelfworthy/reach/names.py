"""From a host to the addresses it means, once in a look: what is checked is what is dialled."""

import asyncio
import contextvars
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from shelfworthy.model import Cause
from shelfworthy.product.address import IP, Address, disguised, literal, plain
from shelfworthy.product.scope import Scope
from shelfworthy.reach import fuse
from shelfworthy.reach.line import Meter
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import NotSeen

Resolver = Callable[[str], Awaitable[tuple[IP, ...]]]


async def system_resolver(host: str) -> tuple[IP, ...]:
    """The addresses of a name, as this machine's resolver gives them. Raises OSError, UnicodeError.

    On a thread of its own that nobody waits for in the end: the resolver's patience is longer than ours.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[IP, ...]] = loop.create_future()

    def settle(found: tuple[IP, ...] | Exception) -> None:
        if answer.done():
            return
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def look_up() -> None:
        found: tuple[IP, ...] | Exception
        try:
            entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found = tuple(dict.fromkeys(plain(ip_address(entry[4][0])) for entry in entries))
        except Exception as error:  # handed over to whoever waits
            found = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    with fuse.lookup(host):
        announced = contextvars.copy_context()
    threading.Thread(target=announced.run, args=(look_up,), name=f"resolve {host}", daemon=True).start()
    return await answer


def system_nameservers(file: Path = Path("/etc/resolv.conf")) -> tuple[Address, ...]:
    """Whom this machine asks about names (resolv.conf(5)); nobody if that is not to be read."""
    try:
        lines = file.read_text(errors="replace").splitlines()
    except OSError:
        return ()
    words = [line.split() for line in lines]
    named = (pair[1] for pair in words if len(pair) > 1 and pair[0] == "nameserver")
    found = (literal(one.partition("%")[0]) for one in named)
    return tuple(Address(scheme="dns", host=str(plain(one)), port=53, path="") for one in found if one)


class Names:
    """The hosts of one look and their addresses. pins: whether the product file may say where a name is."""

    def __init__(
        self, scope: Scope, resolver: Resolver, meter: Meter, recording: Recording, *, pins: bool = True
    ) -> None:
        self._scope = scope
        self._pins = pins
        self._resolver = resolver
        self._meter = meter
        self._recording = recording
        self._known: dict[str, tuple[IP, ...]] = {}

    async def addresses(self, host: str) -> tuple[IP, ...]:
        """At least one address. Raises NotSeen, also for an address in disguise."""
        if host not in self._known:
            self._known[host] = self._written(host) or await self._asked(host)
        return self._known[host]

    def _written(self, host: str) -> tuple[IP, ...]:
        """Addresses nobody has to be asked for: a literal, or one the product file gives."""
        try:
            return (plain(ip_address(host)),)
        except ValueError:
            pass
        if disguised(host):
            words = f"{host[:64]!r} is an address in disguise. Write it as four decimal numbers."
            raise NotSeen(Cause.NOT_PERMITTED, words)
        pinned = self._scope.pinned(host) if self._pins else None
        return () if pinned is None else (pinned,)

    async def _asked(self, host: str) -> tuple[IP, ...]:
        self._recording.note("resolve", host)
        try:
            async with asyncio.timeout(self._meter.patience(self._meter.limits.connect)):
                found = await self._resolver(host)
        except (OSError, UnicodeError) as error:  # a TimeoutError is an OSError
            raise NotSeen(Cause.UNREACHABLE, f"The name {host} does not resolve.") from error
        if not found:
            raise NotSeen(Cause.UNREACHABLE, f"The name {host} has no address.")
        return tuple(dict.fromkeys(plain(address) for address in found))
