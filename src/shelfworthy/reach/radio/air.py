"""What `Radio` stands on: the open adapter, and bumble behind it. Nothing else of reach calls these."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.bearers import At
from shelfworthy.reach.radio.classic_wire import ClassicWire, called
from shelfworthy.reach.radio.opening import Tapped
from shelfworthy.reach.radio.phone import Hear, Phone, connect, phone, scanning
from shelfworthy.reach.radio.wire import LeWire
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import NotSeen


class Air:
    """The adapter of one session."""

    def __init__(self, tapped: Tapped, meter: Meter, recording: Recording) -> None:
        self._tapped = tapped
        self._meter = meter
        self._recording = recording

    def phone(self) -> AbstractAsyncContextManager[Phone]:
        """A fresh LE phone. Raises NotSeen."""
        return phone(self._tapped)

    def scanning(self, one: Phone, hear: Hear) -> AbstractAsyncContextManager[None]:
        """Listen with it. Raises NotSeen."""
        return scanning(one, hear)

    @asynccontextmanager
    async def connected(self, one: Phone, at: At, seconds: float) -> AsyncIterator[LeWire]:
        """A connection of it. Raises NoLink, NotSeen."""
        try:
            connection = await connect(one, at, seconds)
        except NotSeen:
            self._recording.note("radio refused", at.address)
            raise
        wire = LeWire(one, connection, self._tapped, self._meter, self._recording, at.address)
        try:
            yield wire
        finally:
            wire.close()

    def classic(self, address: str, seconds: float) -> AbstractAsyncContextManager[ClassicWire]:
        """A connection of another fresh phone over BR/EDR. Raises NoLink, NotSeen."""
        return called(self._tapped, address, seconds, self._meter, self._recording)
