"""A phone of nobody's: bumble's device with a fresh address, no keys and no memory, one for each stranger.

Everything the other side may begin by itself ends here: it is heard, counted or refused, never carried out.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import cast

from bumble import att, core, hci, smp
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.keys import MemoryKeyStore, PairingKeys

from shelfworthy.model import Cause
from shelfworthy.reach.radio.bearers import At
from shelfworthy.reach.radio.guest import Failed, bounded
from shelfworthy.reach.radio.host import QuietHost
from shelfworthy.reach.radio.opening import WHAT_TO_DO, Tapped
from shelfworthy.reach.words import NoLink, NotSeen

READY = 8.0  # seconds for an adapter to be made ready
GOODBYE = 1.0  # seconds a connection may take to end
NAME = "Phone"
# HCI errors (Core Specification, volume 1, part F) of an attempt that nobody answered: page timeout,
# connection timeout, advertising timeout, connection failed to be established.
UNANSWERED = frozenset({0x04, 0x08, 0x3C, 0x3E})
NOT_ESTABLISHED = 0x3E  # an HCI error: the device did not come to the first meeting of the connection
AGAIN = 0.05  # seconds until such a device is called again

Hear = Callable[[str, bool, bool, bytes], None]  # address, whether it is random, connectable, data


class Phone(Device):
    """One stranger's device. asked: the other side sent a Security Request. hear: told of advertisements."""

    def __init__(self, host: QuietHost, *, classic: bool = False) -> None:
        config = DeviceConfiguration(
            name=NAME,
            address=hci.Address.generate_static_address(),
            irk=secrets.token_bytes(16),
            le_enabled=not classic,
            classic_enabled=classic,
            classic_smp_enabled=False,
            classic_accept_any=False,
            connectable=False,
            discoverable=False,
            advertising_data=b"",
            gap_service_enabled=False,
            gatt_service_enabled=False,
        )
        super().__init__(config=config, host=host)
        self.keystore = MemoryKeyStore()
        self.asked = False
        self.hear: Hear | None = None
        self.on_att: Callable[[bytes], None] | None = None
        self.pairing: smp.Session | None = None
        self.l2cap_channel_manager.register_fixed_channel(att.ATT_CID, self._att)
        host.on_att, host.on_report = self._att, self._heard
        self.l2cap_channel_manager.register_fixed_channel(smp.SMP_CID, self._smp)

    def on_advertising_report(
        self,
        report: hci.HCI_LE_Advertising_Report_Event.Report
        | hci.HCI_LE_Extended_Advertising_Report_Event.Report,
    ) -> None:
        """Heard one; bumble's own way keeps something of every address there is."""
        kind = report.event_type
        if isinstance(report, hci.HCI_LE_Extended_Advertising_Report_Event.Report):
            connectable = bool(kind & 1)
        else:
            connectable = kind in (0, 1)
        address = report.address
        self._heard(address.to_string(False), address.is_random, connectable, bytes(report.data))

    async def update_keys(self, address: str, keys: PairingKeys) -> None:
        """A stranger has no memory: the keys of a pairing live as long as its connection."""

    def _heard(self, address: str, random: bool, connectable: bool, data: bytes) -> None:
        if self.hear is not None:
            self.hear(address, random, connectable, data)

    def _att(self, handle: int, unit: bytes) -> None:
        if self.on_att is not None:
            self.on_att(unit)

    def _smp(self, handle: int, unit: bytes) -> None:
        """Pairing goes on only where we began it."""
        if unit[:1] == bytes([smp.CommandCode.SECURITY_REQUEST]):
            self.asked = True
        elif self.pairing is not None and unit and unit[0] != smp.CommandCode.PAIRING_REQUEST:
            self.pairing.on_smp_command(smp.SMP_Command.from_bytes(unit))


@asynccontextmanager
async def phone(air: Tapped, *, classic: bool = False) -> AsyncIterator[Phone]:
    """A fresh phone on the bench's adapter. Raises NotSeen (tool missing) where that does not obey.

    The adapter is reset for the first one, after Classic, and where a connection did not end.
    """
    ready = None if classic else air.ready
    air.ready = None
    host = QuietHost(air.source, air.sink) if ready is None else cast(QuietHost, ready.host)
    if ready is not None:
        _let_go(ready)
    one = Phone(host, classic=classic)
    try:
        await bounded(one.power_on() if ready is None else _change_address(one, ready), READY)
    except (Failed, TimeoutError) as error:
        words = f"The Bluetooth adapter does not do what it is told ({error or 'no answer'}). {WHAT_TO_DO}"
        raise NotSeen(Cause.TOOL_MISSING, words) from error
    try:
        yield one
    finally:
        one.hear = one.on_att = None
        for connection in list(one.connections.values()):
            await _hang_up(connection)
        if not classic and not one.connections and not host.connections:
            air.ready = one
        else:
            _let_go(one)


def _let_go(one: Phone) -> None:
    """It hears nothing of the adapter any more."""
    one.host = None  # type: ignore[assignment] # bumble takes that for "none", and its type does not say so


async def _change_address(one: Phone, before: Phone) -> None:
    """A new stranger on an adapter that is ready: resetting it would take twenty commands."""
    one.public_address = before.public_address
    await one.send_sync_command(hci.HCI_LE_Set_Random_Address_Command(random_address=one.static_address))
    one.powered_on = True


async def _hang_up(connection: Connection) -> None:
    with suppress(Failed, TimeoutError):
        await bounded(connection.disconnect(), GOODBYE)


@asynccontextmanager
async def scanning(one: Phone, hear: Hear) -> AsyncIterator[None]:
    """Listen, without sending anything. Raises NotSeen."""
    one.hear = hear
    try:
        await bounded(one.start_scanning(active=False), READY)
    except (Failed, TimeoutError) as error:
        raise NotSeen(Cause.TOOL_MISSING, f"The Bluetooth adapter does not listen. {WHAT_TO_DO}") from error
    try:
        yield
    finally:
        one.hear = None
        with suppress(Failed, TimeoutError):
            await bounded(one.stop_scanning(), GOODBYE)


async def connect(one: Phone, at: At, seconds: float) -> Connection:
    """A connection to where our device was heard. Raises NoLink, NotSeen."""
    kind = hci.Address.RANDOM_DEVICE_ADDRESS if at.random else hci.Address.PUBLIC_DEVICE_ADDRESS
    call = _established(one, hci.Address(at.address, kind), seconds)
    return await connected(call, f"{at.address} was heard, and", seconds)


async def _established(one: Phone, address: hci.Address, seconds: float) -> Connection:
    """Call until the connection stands, for so many seconds.

    That an attempt is not established is everyday on the air (Core Specification, volume 1, part F, section
    2.58), as with a device that another stranger just left: it says nothing about what it lets in.
    """
    until = asyncio.get_running_loop().time() + seconds
    while True:
        left = until - asyncio.get_running_loop().time()
        try:
            return await one.connect_le(address, timeout=max(left, AGAIN))
        except core.ConnectionError as error:
            if error.error_code != NOT_ESTABLISHED or left < AGAIN:
                raise
        await asyncio.sleep(AGAIN)


async def connected(call: Coroutine[object, object, Connection], who: str, seconds: float) -> Connection:
    """The connection an attempt ends in. Raises NoLink, NotSeen."""
    began = time.monotonic()
    try:
        return await bounded(call, seconds + GOODBYE)
    except (Failed, TimeoutError) as error:
        # Whatever an adapter says when an attempt is called off, the time for it was over.
        late = time.monotonic() - began >= seconds
        if isinstance(error, TimeoutError) or late or error.code in UNANSWERED:
            words = f"{who} did not take the connection in {seconds:.0f} s."
            raise NoLink(Cause.SILENT, words) from error
        if isinstance(error.error, core.ConnectionError):
            words = f"{who} ended the connection attempt (HCI {error.code:#04x})."
            raise NoLink(Cause.REFUSED, words) from error
        words = f"The Bluetooth adapter does not connect ({error}). {WHAT_TO_DO}"
        raise NotSeen(Cause.TOOL_MISSING, words) from error
