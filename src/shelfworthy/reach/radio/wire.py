"""What a link stands on: one of bumble's connections, with its events turned into the house's words."""

import asyncio
from contextlib import suppress

from bumble import att
from bumble.device import Connection

from shelfworthy.model import Cause
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.att import Att
from shelfworthy.reach.radio.guest import Failed, bounded
from shelfworthy.reach.radio.opening import WHAT_TO_DO, Tapped
from shelfworthy.reach.radio.phone import Phone
from shelfworthy.reach.radio.records import Paired
from shelfworthy.reach.radio.smp import pair
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import NotSeen
from shelfworthy.seen.bluetooth import Partner


class LeWire:
    """One LE connection, until `close`."""

    def __init__(
        self, one: Phone, connection: Connection, air: Tapped, meter: Meter, recording: Recording, to: str
    ) -> None:
        self._phone = one
        self._connection = connection
        self._air = air
        self._meter = meter
        self._recording = recording
        self._to = to
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connection.on(connection.EVENT_DISCONNECTION, self._hung_up)
        self.att = Att(self._put, self.gone, meter, self._say, self._alive)
        one.on_att = self.att.on_unit
        recording.note("radio connected", to)

    @property
    def encrypted(self) -> bool:
        """Whether the link is encrypted now."""
        return bool(self._connection.is_encrypted) and not self.gone.done()

    @property
    def asked(self) -> bool:
        """Whether the device sent a Security Request."""
        return self._phone.asked

    async def pair(self, partner: Partner, seconds: float) -> Paired:
        """Try to pair."""
        self._recording.note("radio pairing", self._to)
        paired = await pair(self._phone, self._connection, partner, seconds)
        self._alive()
        self._recording.note("radio paired" if paired.came == "done" else "radio not paired", self._to)
        return paired

    async def drained(self) -> bool:
        """Whether the adapter took what was sent, in time."""
        with suppress(Failed, TimeoutError):
            await bounded(self._connection.drain(), self._meter.patience(self._meter.limits.silence))
            return not self.gone.done()
        self._alive()
        return False

    def close(self) -> None:
        """Note what came unasked, and let go."""
        if self.att.arrivals.total:
            self._recording.count("notified", self._to, self.att.arrivals.total)
        self._phone.on_att = None

    def _put(self, unit: bytes) -> None:
        with suppress(Exception):
            self._connection.send_l2cap_pdu(att.ATT_CID, unit)

    def _say(self, event: str, unit: bytes) -> None:
        self._recording.note(event, self._to, unit)

    def _hung_up(self, *reason: object) -> None:
        if not self.gone.done():
            self.gone.set_result(None)
            self._recording.note("closed", self._to)

    def _alive(self) -> None:
        if self._air.lost:
            raise NotSeen(Cause.TOOL_MISSING, f"The Bluetooth adapter went away. {WHAT_TO_DO}")
