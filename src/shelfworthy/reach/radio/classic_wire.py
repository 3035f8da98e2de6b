"""What a Classic link stands on: one of bumble's BR/EDR connections."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress

from bumble import avdtp, core, hci, rfcomm, sdp
from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

from shelfworthy.model import Cause
from shelfworthy.reach.line import Meter
from shelfworthy.reach.radio.guest import Failed, bounded
from shelfworthy.reach.radio.opening import WHAT_TO_DO, Tapped
from shelfworthy.reach.radio.phone import Phone, connected, phone
from shelfworthy.reach.radio.records import Answered, ClassicPaired, Offered
from shelfworthy.reach.radio.services import offered_of
from shelfworthy.reach.transcript import Recording
from shelfworthy.reach.words import NoLink, NotSeen
from shelfworthy.seen.advertising import masked_name, plain_name
from shelfworthy.seen.bluetooth import Came

ASK = b"AT+BRSF=0\r"
MOST = 64  # services
HELLO = 2.0  # seconds for its name, and for encrypting
# HCI errors (Core Specification, volume 1, part F) that say no: authentication, PIN or key missing, rejected
# for security, pairing not allowed, insufficient security, no simple pairing.
NO = frozenset({0x05, 0x06, 0x0E, 0x18, 0x2F, 0x37})
SILENT = frozenset({0x08, 0x10, 0x22})  # times that ran out
L2CAP_REFUSED = 0x03  # connection refused: security block (volume 3, part A, section 4.3)


class _Delegate(PairingDelegate):
    """Neither display nor keys, or a keyboard that enters one PIN."""

    def __init__(self, pin: str) -> None:
        super().__init__(self.KEYBOARD_INPUT_ONLY if pin else self.NO_OUTPUT_NO_INPUT)
        self._pin = pin

    async def get_string(self, max_length: int) -> str | None:
        return self._pin[:max_length] or None

    async def get_number(self) -> int | None:
        return int(self._pin) if self._pin.isdigit() else None


class ClassicWire:
    """One BR/EDR connection."""

    def __init__(
        self, one: Phone, connection: Connection, air: Tapped, recording: Recording, to: str
    ) -> None:
        self.name = ""
        self._phone = one
        self._connection = connection
        self._air = air
        self._recording = recording
        self._to = to
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connection.on(connection.EVENT_DISCONNECTION, self._hung_up)
        recording.note("radio connected", to)

    @property
    def encrypted(self) -> bool:
        """Whether the link is encrypted now."""
        return bool(self._connection.is_encrypted) and not self._gone.done()

    async def greet(self) -> None:
        """Ask for its name."""
        with suppress(Failed, TimeoutError):
            name = await bounded(self._phone.request_remote_name(self._connection), HELLO)
            self.name = masked_name(plain_name(name.encode("utf-8", "replace")))

    async def services(self, seconds: float) -> tuple[Offered, ...]:
        """What it lists; what came in time."""

        async def listed() -> tuple[Offered, ...]:
            async with sdp.Client(self._connection) as client:
                records = await client.search_attributes([core.BT_L2CAP_PROTOCOL_ID], [(0, 0xFFFF)])
            return tuple(one for record in records[:MOST] if (one := offered_of(record)) is not None)

        self._recording.note("radio services", self._to)
        try:
            return await bounded(listed(), seconds)
        except (Failed, TimeoutError):  # whatever it answered
            self._alive()
            return ()

    async def open_channel(self, channel: int, seconds: float) -> Answered:
        """Use an RFCOMM channel: one AT command, any answer."""
        got: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def used() -> bytes:
            multiplexer = await rfcomm.Client(self._connection).start()
            try:
                dlc = await multiplexer.open_dlc(channel)
                dlc.sink = lambda data: None if got.done() else got.set_result(bytes(data))
                self._recording.note("sent", self._to, ASK)
                dlc.write(ASK)
                answer = await got
                self._recording.note("received", self._to, answer)
            finally:
                with suppress(Failed, TimeoutError):
                    await bounded(multiplexer.disconnect(), HELLO)
            return answer

        return await self._tried(used(), seconds)

    async def stream_ends(self, seconds: float) -> Answered:
        """Ask for its stream end points, and begin no stream."""

        async def used() -> bytes:
            protocol = await avdtp.Protocol.connect(self._connection)
            try:
                await protocol.discover_remote_endpoints()
            finally:
                with suppress(Failed, TimeoutError):
                    await bounded(protocol.l2cap_channel.disconnect(), HELLO)
            return b""

        return await self._tried(used(), seconds)

    async def pair(self, pin: str, person: bool, seconds: float) -> ClassicPaired:
        """Try to pair, and encrypt."""
        delegate = _Delegate(pin)
        self._phone.pairing_config_factory = lambda _: PairingConfig(
            mitm=False, bonding=True, delegate=delegate
        )
        self._recording.note("radio pairing", self._to)
        code = 0
        came: Came = "done"
        try:
            await bounded(self._connection.authenticate(), seconds)
        except TimeoutError:
            came = "silent"
        except Failed as failed:
            code = max(0, failed.code)
            came = "refused" if code in NO else "silent" if code in SILENT else "error"
        if came != "done":
            self._alive()
            if self._gone.done() and came != "refused":
                came = "gone"
        encrypted = await self._encrypts() if came == "done" else None
        self._recording.note("radio paired" if came == "done" else "radio not paired", self._to)
        io = self._connection.pairing_peer_io_capability
        asks = self._connection.pairing_peer_authentication_requirements or 0
        return ClassicPaired(
            came=came,
            code=code,
            io=int(io) if io is not None and 0 <= io <= 3 else -1,
            mitm=bool(asks & 1),
            encrypted=encrypted,
        )

    async def _encrypts(self) -> bool | None:
        """Whether the link is encrypted after pairing; None if that was not answered."""
        try:
            await bounded(self._connection.encrypt(), HELLO)
        except (Failed, TimeoutError):
            return True if self.encrypted else None
        return self.encrypted

    async def _tried(self, call: Coroutine[object, object, bytes], seconds: float) -> Answered:
        try:
            return Answered(came="done", value=await bounded(call, seconds))
        except TimeoutError:
            self._alive()
            return Answered(came="gone" if self._gone.done() else "silent")
        except Failed as failed:
            self._alive()
            if self._gone.done():
                return Answered(came="gone")
            refused = failed.code == L2CAP_REFUSED
            return Answered(came="refused" if refused else "error", code=max(0, failed.code))

    def _hung_up(self, *reason: object) -> None:
        if not self._gone.done():
            self._gone.set_result(None)
            self._recording.note("closed", self._to)

    def _alive(self) -> None:
        if self._air.lost:
            raise NotSeen(Cause.TOOL_MISSING, f"The Bluetooth adapter went away. {WHAT_TO_DO}")


@asynccontextmanager
async def called(
    air: Tapped, address: str, seconds: float, meter: Meter, recording: Recording
) -> AsyncIterator[ClassicWire]:
    """A connection of a fresh phone over BR/EDR. Raises NoLink, NotSeen."""
    async with phone(air, classic=True) as one:
        call = one.connect_classic(hci.Address(address, hci.Address.PUBLIC_DEVICE_ADDRESS), timeout=seconds)
        try:
            connection = await connected(call, f"{address} was paged, and", seconds)
        except NotSeen as trouble:
            recording.note("radio refused", address)
            if trouble.cause is Cause.SILENT:
                words = (
                    f"No Classic device answered at {address}. Is it on, near, and not connected to a phone?"
                )
                raise NoLink(Cause.UNREACHABLE, words) from trouble
            raise
        wire = ClassicWire(one, connection, air, recording, address)
        await wire.greet()
        yield wire
