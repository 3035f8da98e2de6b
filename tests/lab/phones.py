"""Phones for the lab's own tests: the toys are tried by another hand than the probe's."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bumble import hci
from bumble.att import ATT_Error
from bumble.core import AdvertisingData, PhysicalTransport, ProtocolError
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

WEAKEST = PairingDelegate.NO_OUTPUT_NO_INPUT
STRONGEST = PairingDelegate.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT
PATIENCE = 10  # seconds for anything


def run(work: Coroutine[Any, Any, None]) -> None:
    """A test's own loop."""
    asyncio.run(asyncio.wait_for(work, 60))


@asynccontextmanager
async def phone(
    adapter: str, io: PairingDelegate.IoCapability = WEAKEST, passkey: int = 0, classic: bool = False
) -> AsyncIterator[Device]:
    """A phone that nobody knows: a fresh address, no keys."""
    async with await open_transport(adapter) as line:
        address = hci.Address.generate_static_address()
        config = DeviceConfiguration(
            name="phone", address=address, classic_enabled=classic, le_enabled=not classic
        )
        device = Device.from_config_with_hci(config, line.source, line.sink)
        device.keystore = MemoryKeyStore()
        strong = io == STRONGEST
        delegate = Fingers(io, passkey)
        device.pairing_config_factory = lambda _: PairingConfig(sc=True, mitm=strong, delegate=delegate)
        await device.power_on()
        yield device


class Fingers(PairingDelegate):
    """Says yes, and enters one number."""

    def __init__(self, io: PairingDelegate.IoCapability, passkey: int) -> None:
        super().__init__(io)
        self._passkey = passkey

    async def get_number(self) -> int | None:
        return self._passkey


async def heard(device: Device, seconds: float = 0.3, active: bool = False) -> dict[str, Advertisement]:
    """What is advertised, by name."""
    found: dict[str, Advertisement] = {}

    def on(advertisement: Advertisement) -> None:
        name = advertisement.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        if isinstance(name, str):
            found.setdefault(name, advertisement)

    device.on(Device.EVENT_ADVERTISEMENT, on)
    await device.start_scanning(active=active)
    await asyncio.sleep(seconds)
    await device.stop_scanning()
    return found


class Visit:
    """One connection, with all characteristics by the first 8 digits or the fourth group of their UUIDs."""

    def __init__(self, connection: Connection, peer: Peer) -> None:
        self.connection = connection
        self.peer = peer
        self.at: dict[str, CharacteristicProxy[bytes]] = {
            str(one.uuid).lower(): one for service in peer.services for one in service.characteristics
        }

    async def tried(self, call: Coroutine[Any, Any, Any]) -> int:
        """The error that came of it, 0 for none."""
        try:
            await asyncio.wait_for(call, PATIENCE)
        except ATT_Error as error:
            return int(error.error_code)
        return 0

    async def read(self, uuid: str) -> int:
        return await self.tried(self.at[uuid].read_value())

    async def value(self, uuid: str) -> bytes:
        return bytes(await self.at[uuid].read_value())

    async def write(self, uuid: str, value: bytes) -> int:
        return await self.tried(self.at[uuid].write_value(value, with_response=True))

    async def subscribe(self, uuid: str, take: Callable[[bytes], object] = lambda _: None) -> int:
        return await self.tried(self.peer.subscribe(self.at[uuid], take))

    async def pair(self) -> int:
        """0 if paired, else the reason of the Security Manager."""
        try:
            await asyncio.wait_for(self.connection.pair(), PATIENCE)
        except ProtocolError as error:
            return error.error_code or -1
        return 0


@asynccontextmanager
async def visit(device: Device, address: str | hci.Address) -> AsyncIterator[Visit]:
    """Connect over LE, list everything, and leave."""
    if isinstance(address, str):
        address = hci.Address(address)
    connection = await asyncio.wait_for(device.connect(address), PATIENCE)
    try:
        peer = Peer(connection)
        await peer.discover_services()
        for service in peer.services:
            await peer.discover_characteristics(service=service)
        yield Visit(connection, peer)
    finally:
        if connection in device.connections.values():
            await connection.disconnect()


async def call(device: Device, address: str) -> Connection:
    """Connect over Classic."""
    connecting = device.connect(address, transport=PhysicalTransport.BR_EDR)
    return await asyncio.wait_for(connecting, PATIENCE)
