"""Datagrams to and from one checked address: bounded in time and bytes, every one on the transcript."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from shelfworthy.model import Cause
from shelfworthy.product.address import IP
from shelfworthy.reach import fuse
from shelfworthy.reach.dial import shown_address
from shelfworthy.reach.line import Meter
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import FellSilent, NotSeen, PortRefused

LARGEST = 1 << 16  # bytes; no datagram is longer (RFC 768)


class Datagrams:
    """A connected UDP socket: nobody else's datagrams arrive. to: `address:port`, for people."""

    def __init__(
        self, to: str, sock: socket.socket, meter: Meter, recording: Recording, untried: int
    ) -> None:
        self.to = to
        self._sock = sock
        self._meter = meter
        self._recording = recording
        self._untried = untried

    async def send(self, content: bytes, *, why: str = "") -> None:
        """Send one datagram. why: the reason to keep it on the transcript. Raises NotSeen, PortRefused."""
        self._recording.note("sent", self.to, content, why)
        try:
            await asyncio.get_running_loop().sock_sendall(self._sock, content)
        except OSError as error:
            raise self._broken(error) from error

    async def receive(self, *, within: float | None = None, why: str = "") -> bytes:
        """The next datagram. within: seconds to wait, at most and by default `Limits.silence`.

        Raises NotSeen, FellSilent (nothing came; one may ask again), PortRefused (ICMP said so).
        """
        limits = self._meter.limits
        wait = self._meter.patience(limits.silence if within is None else min(within, limits.silence))
        await asyncio.sleep(0)  # a peer that never lets us wait does not keep the other looks from running
        try:
            async with asyncio.timeout(wait):
                content = await asyncio.get_running_loop().sock_recv(self._sock, LARGEST)
        except TimeoutError as error:
            self._recording.note("silent", self.to)
            self._meter.patience(1)
            raise FellSilent(Cause.SILENT, f"{self.to} (UDP) sent no answer.") from error
        except OSError as error:
            raise self._broken(error) from error
        self._recording.note("received", self.to, content, why)
        self._meter.spend(len(content))
        return content

    async def ask(self, content: bytes, *, within: float | None = None, why: str = "") -> bytes:
        """Send one datagram and wait for the next that comes. Raises as `receive` does.

        Whether that is the answer is for the caller to see; it may `receive` again if it is not.
        """
        await self.send(content)
        return await self.receive(within=within, why=why)

    def _broken(self, error: OSError) -> NotSeen:
        if not isinstance(error, ConnectionRefusedError):
            self._recording.note("unreachable", self.to)
            why = error.strerror or type(error).__name__
            return NotSeen(Cause.UNREACHABLE, f"{self.to} (UDP) cannot be reached ({why}).")
        self._recording.note("refused", self.to)
        words = f"{self.to} (UDP) refused what we sent."
        if self._untried:  # a refusal is an answer only if nothing else is left open (law 1)
            return NotSeen(
                Cause.NOBODY_LOOKED, f"{words} {self._untried} more of its addresses were not asked."
            )
        return PortRefused(Cause.REFUSED, words)


@contextmanager
def datagram_socket(address: IP, port: int, recording: Recording) -> Iterator[socket.socket]:
    """A connected, non-blocking UDP socket; nothing is sent yet. Raises NotSeen."""
    to = shown_address(address, port)
    with socket.socket(
        socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_DGRAM
    ) as sock:
        sock.setblocking(False)
        try:
            with fuse.contact(str(address), port):
                sock.connect((str(address), port))  # does not wait: UDP has no handshake
        except OSError as error:
            recording.note("unreachable", to)
            why = error.strerror or type(error).__name__
            raise NotSeen(Cause.UNREACHABLE, f"{to} (UDP) cannot be reached ({why}).") from error
        yield sock
