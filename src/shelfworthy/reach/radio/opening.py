"""Open the bench's adapter: each way once, announced to the fuse where it is a connection."""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from bumble.transport.common import SnoopingTransport, StreamPacketSink, StreamPacketSource, Transport

from shelfworthy.model import Cause
from shelfworthy.product.adapter import Adapter, Way
from shelfworthy.reach import fuse
from shelfworthy.reach.radio.packets import QuickParser
from shelfworthy.reach.radio.tape import Tape
from shelfworthy.reach.words import NotSeen

PATIENCE = 6.0  # seconds for an adapter to open
WHAT_TO_DO = "`shelfworthy adapters` says which ones work, and what to do."

if TYPE_CHECKING:
    from shelfworthy.reach.radio.phone import Phone


class Tapped(SnoopingTransport):
    """An adapter whose every packet goes over the tape. lost: whether it went away."""

    def __init__(self, transport: Transport, tape: Tape) -> None:
        super().__init__(transport, _Head(tape))  # type: ignore[arg-type] # it asks for one method
        self.ready: Phone | None = None  # the last stranger, whose adapter another may have as it is

    @property
    def lost(self) -> bool:
        """Whether the adapter went away."""
        return self.transport.source.terminated.done()


class _Head:
    """What bumble calls a snooper."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def snoop(self, packet: bytes, direction: int) -> None:
        self._tape.note(packet, received=direction == 1)


@asynccontextmanager
async def opened(adapter: Adapter, tape: Tape) -> AsyncIterator[Tapped]:
    """The adapter, open until the end of the block. Raises NotSeen (tool missing)."""
    try:
        async with asyncio.timeout(PATIENCE):
            transport = await WAYS[adapter.way](adapter)
    except NotSeen:
        raise
    except Exception as error:  # whatever a driver, a library or the system says
        words = f"The adapter {adapter.spec} cannot be used: {why_not(error)}. {WHAT_TO_DO}"
        raise NotSeen(Cause.TOOL_MISSING, words) from error
    tapped = Tapped(transport, tape)
    try:
        yield tapped
    finally:
        with suppress(Exception):
            async with asyncio.timeout(PATIENCE):
                await tapped.close()  # type: ignore[no-untyped-call]


NOT_ALLOWED, BUSY, MUTE = "we may not use it", "something else has it", "it did not answer"
ACCESS = frozenset({"USBErrorAccess", "USBErrorNotSupported"})


def why_not(error: BaseException) -> str:
    """Why an adapter cannot be used, in a few words."""
    number, kind = getattr(error, "errno", None), type(error).__name__
    if isinstance(error, TimeoutError):
        return MUTE
    if number in (errno.EACCES, errno.EPERM) or kind in ACCESS:
        return NOT_ALLOWED
    if number == errno.EBUSY or kind == "USBErrorBusy":
        return BUSY
    if isinstance(error, OSError) and number is not None:
        return os.strerror(number)
    return str(error).strip().rstrip(".") or kind


async def _tcp(adapter: Adapter) -> Transport:
    family = socket.AF_INET6 if ":" in adapter.host else socket.AF_INET
    return await _connected(socket.socket(family, socket.SOCK_STREAM), (adapter.host, adapter.port))


async def _unix(adapter: Adapter) -> Transport:
    return await _connected(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), adapter.rest)


async def _connected(sock: socket.socket, to: tuple[str, int] | str) -> Transport:
    loop = asyncio.get_running_loop()
    sock.setblocking(False)
    try:
        with fuse.contact(*((to, 0) if isinstance(to, str) else to)):
            await loop.sock_connect(sock, to)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream, source = await loop.create_connection(_Source, sock=sock)
    except BaseException:
        sock.close()
        raise
    return Transport(source, StreamPacketSink(stream))


class _Source(StreamPacketSource):
    def __init__(self) -> None:
        super().__init__()
        self.parser = QuickParser()

    def connection_lost(self, exc: Exception | None) -> None:
        self.on_transport_lost()


async def _usb(adapter: Adapter) -> Transport:
    from bumble.transport.usb import open_usb_transport

    return await open_usb_transport(adapter.rest)


async def _hci_socket(adapter: Adapter) -> Transport:
    from bumble.transport.hci_socket import open_hci_socket_transport

    return await open_hci_socket_transport(adapter.rest)


async def _serial(adapter: Adapter) -> Transport:
    from bumble.transport.serial import open_serial_transport

    return await open_serial_transport(adapter.rest)


WAYS: dict[Way, Callable[[Adapter], Awaitable[Transport]]] = {
    "usb": _usb,
    "hci-socket": _hci_socket,
    "serial": _serial,
    "tcp-client": _tcp,
    "unix": _unix,
}
