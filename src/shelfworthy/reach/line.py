"""One open connection, bounded in time and bytes, every exchange on the transcript."""

import asyncio
import time
from collections.abc import AsyncIterator

from shelfworthy.model import Cause, Record
from shelfworthy.reach.limits import Limits
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import FellSilent, NotSeen

PIECE = 1 << 18  # bytes that are sent at a time


class Meter:
    """What is left of one look: time until its deadline, bytes it may still receive."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._deadline = time.monotonic() + limits.look
        self._bytes = limits.received

    @property
    def seconds_left(self) -> float:
        """Until its deadline; negative past it."""
        return self._deadline - time.monotonic()

    def patience(self, most: float) -> float:
        """Seconds to wait for the next thing, at most `most`. Raises NotSeen past the deadline."""
        left = self.seconds_left
        if left <= 0:
            raise NotSeen(Cause.SILENT, f"The look took more than {self.limits.look:g} s and was ended.")
        return min(left, most)

    def spend(self, length: int) -> None:
        """Count received bytes. Raises NotSeen when there were more than a look may receive."""
        self._bytes -= length
        if self._bytes < 0:
            raise NotSeen(Cause.NOT_UNDERSTOOD, f"It sent more than {self.limits.received} bytes.")


class Handshake(Record, frozen=True):
    """What a completed TLS handshake showed. chain: DER, leaf first. protocol: ALPN, or ""."""

    version: str
    suite: str
    chain: tuple[bytes, ...]
    protocol: str


class Line:
    """A connection. to: `address:port`, for people. handshake: of its TLS, None in cleartext."""

    def __init__(
        self,
        to: str,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        meter: Meter,
        recording: Recording,
        handshake: Handshake | None = None,
    ) -> None:
        self.to = to
        self.handshake = handshake
        self._reader, self._writer = streams
        self._meter = meter
        self._recording = recording

    async def send(self, content: bytes, *, why: str = "", kept: bytes | None = None) -> None:
        """Send bytes. why: the reason to keep them on the transcript, "" to keep length and hash only.

        kept: what to keep of them, where that is less than all.
        """
        self._recording.note("sent", self.to, content, why, kept)
        try:
            for start in range(0, len(content), PIECE):  # a peer is silent only while it takes none of them
                self._writer.write(content[start : start + PIECE])
                wait = self._meter.patience(self._meter.limits.silence)
                if self._writer.transport.get_write_buffer_size():  # what is short is gone at once
                    async with asyncio.timeout(wait):
                        await self._writer.drain()
        except TimeoutError as error:
            raise NotSeen(Cause.SILENT, f"{self.to} stopped reading what we sent.") from error
        except OSError:
            return  # it hung up; what it said before is still to be read

    async def receive(self, most: int, *, why: str = "") -> bytes:
        """Wait for `most` bytes or the end. Fewer: the peer hung up. Raises NotSeen if it falls silent."""
        content = bytearray()
        try:
            while len(content) < most and (piece := await self._next(most - len(content))):
                content += piece
        finally:  # what came before it fell silent came, too
            if content:
                self._recording.note("received", self.to, bytes(content), why)
        return bytes(content)

    async def receive_some(self, most: int = 1 << 14, *, why: str = "") -> bytes:
        """Whatever comes next, at most `most` bytes; empty if the peer hung up. Raises NotSeen."""
        content = await self._next(most)
        if content:
            self._recording.note("received", self.to, content, why)
        return content

    async def listen(self, seconds: float) -> AsyncIterator[bytes]:
        """Whatever comes within so many seconds, in pieces; ends before if the peer hangs up.

        That nothing comes is no failure of who listens. Raises NotSeen if it is too much.
        """
        ends = time.monotonic() + min(seconds, self._meter.seconds_left)
        while (left := ends - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(left):
                    content = await self.receive_some()
            except TimeoutError:
                return
            except FellSilent:
                continue
            if not content:
                return
            yield content

    async def _next(self, most: int) -> bytes:
        wait = self._meter.patience(self._meter.limits.silence)
        await asyncio.sleep(0)  # a peer that never lets us wait does not keep the other looks from running
        try:
            async with asyncio.timeout(wait):
                piece = await self._reader.read(most)
        except TimeoutError as error:
            self._recording.note("silent", self.to)
            self._meter.patience(1)
            raise FellSilent(Cause.SILENT, f"{self.to} accepted the connection and fell silent.") from error
        except (OSError, EOFError):  # a broken TLS record (ssl.SSLError is an OSError) ends a line as well
            piece = b""
        if not piece:
            self._recording.note("closed", self.to)
        self._meter.spend(len(piece))
        return piece

    def close(self) -> None:
        """Hang up at once; a peer that will not say goodbye is not waited for."""
        self._writer.transport.abort()
