"""Connect to an address that was checked. Nobody but the door calls this."""

import asyncio
import socket

from shelfworthy.model import Cause
from shelfworthy.product.address import IP
from shelfworthy.reach import fuse
from shelfworthy.reach.line import Meter
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import NotSeen, PortRefused


def shown_address(address: IP, port: int) -> str:
    """`203.0.113.7:443`, `[2001:db8::1]:443`."""
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


async def connected(address: IP, port: int, meter: Meter, recording: Recording) -> socket.socket:
    """A connected, non-blocking socket, to be closed by the caller. Raises NotSeen, PortRefused."""
    to = shown_address(address, port)
    try:
        sock = await _connect(address, port, meter)
    except TimeoutError as error:
        recording.note("unreachable", to)
        raise NotSeen(Cause.UNREACHABLE, f"{to} did not answer the connection attempt.") from error
    except ConnectionRefusedError as error:
        recording.note("refused", to)
        raise PortRefused(Cause.REFUSED, f"{to} refused the connection.") from error
    except OSError as error:
        recording.note("unreachable", to)
        why = error.strerror or type(error).__name__
        raise NotSeen(Cause.UNREACHABLE, f"{to} cannot be reached ({why}).") from error
    recording.note("connected", to)
    return sock


async def _connect(address: IP, port: int, meter: Meter) -> socket.socket:
    patience = meter.patience(meter.limits.connect)
    sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        with fuse.contact(str(address), port):
            async with asyncio.timeout(patience):
                await asyncio.get_running_loop().sock_connect(sock, (str(address), port))
    except BaseException:
        sock.close()
        raise
    return sock
