"""A bench without a radio: bumble's virtual controllers on one link, our adapter one of them over TCP.

The devices are real peripherals in this process; what they saw of us, they wrote down themselves.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta
from typing import Any

from bumble import att, core, gatt, hci, smp
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.link import LocalLink
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import AsyncPipeSink, StreamPacketSource
from msgspec import structs

from shelfworthy.model import Basis, Bluetooth, Identity, Level, Permission, Permit, Policy, Product
from shelfworthy.product.scope import Scope
from shelfworthy.reach import Door, Limits, Reach
from shelfworthy.reach.radio.quiet import quiet

BEAR = "C4:7C:8D:00:00:01"
BASE = "6d757262-a95a-0000-%04x-000000000001"
SECRET = b"tone of the lab!"
READ, WRITE, NOTIFY = (
    gatt.Characteristic.Properties.READ,
    gatt.Characteristic.Properties.WRITE,
    gatt.Characteristic.Properties.NOTIFY,
)
INDICATE = gatt.Characteristic.Properties.INDICATE
P = att.Attribute.Permissions
OPEN = P(0)


class Link(LocalLink):
    """LE data goes to the connection it belongs to, also when its sender has changed its address since."""

    def send_acl_data(self, sender: Any, dst: Any, transport: Any, data: bytes) -> None:
        if transport != core.PhysicalTransport.LE:
            super().send_acl_data(sender, dst, transport, data)
            return
        connection = sender.le_connections.get(dst)
        source = connection.self_address if connection else sender.random_address
        if (to := self.find_le_controller(dst)) is not None:
            asyncio.get_running_loop().call_soon(to.on_link_acl_data, source, transport, data)


class Asked(PairingDelegate):
    """What a toy shows and enters. says: its answer to every question."""

    def __init__(self, io: Any, says: bool, passkey: int) -> None:
        super().__init__(io)
        self.says, self.passkey = says, passkey

    async def accept(self) -> bool:
        return self.says

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return self.says

    async def get_number(self) -> int | None:
        return self.passkey

    async def generate_passkey(self) -> int:
        return self.passkey


class Toy:
    """One peripheral. visitors: addresses that connected; written: (handle's UUID, bytes) it was sent."""

    def __init__(
        self,
        air: Link,
        address: str = BEAR,
        name: str = "Murmur Bear",
        *,
        rights: P = OPEN,
        pairing: dict[str, Any] | None = None,
        io: Any = PairingDelegate.NO_OUTPUT_NO_INPUT,
        says: bool = True,
        passkey: int = 123456,
        privacy: bool = False,
        data: bytes | None = None,
        public: str = "",
        services: tuple[Service, ...] = (),
    ) -> None:
        self.visitors: list[str] = []
        self.written: list[tuple[str, bytes]] = []
        self.pairings = 0
        advert = AdvertisingData(
            [(AdvertisingData.FLAGS, bytes([6])), (AdvertisingData.COMPLETE_LOCAL_NAME, name.encode())]
        )
        config = DeviceConfiguration(
            name=name,
            address=hci.Address(address),
            advertising_interval_min=20,
            advertising_interval_max=20,
            advertising_data=bytes(advert) if data is None else data,
            le_privacy_enabled=privacy,
            le_rpa_timeout=0,
            irk=bytes(range(16)),
        )
        self.device = Device(config=config)
        controller = Controller(name, link=air, public_address=public or address)
        self.device.host = Host(controller, AsyncPipeSink(controller))
        self.voice = self.characteristic(3, READ | NOTIFY, P.READABLE | rights, SECRET)
        both = P.READABLE | P.WRITEABLE | rights | write_rights(rights)
        self.device.add_services(
            [
                Service(
                    UUID(BASE % 0),
                    [
                        self.characteristic(1, WRITE, P.WRITEABLE | write_rights(rights)),
                        self.characteristic(2, READ | WRITE, both, b"\x01\x02"),
                        self.voice,
                        self.characteristic(4, INDICATE, P.READABLE),
                    ],
                ),
                *services,
            ]
        )
        self.device.pairing_config_factory = lambda _: PairingConfig(
            delegate=Asked(io, says, passkey), **(pairing or {"sc": True, "mitm": False, "bonding": True})
        )
        self.device.on("connection", self._visited)

    def characteristic(self, number: int, properties: Any, rights: Any, value: bytes = b"") -> Any:
        uuid = BASE % number
        kept = [value]

        def write(_: Connection, sent: bytes) -> None:
            self.written.append((uuid, bytes(sent)))
            kept[0] = bytes(sent)

        return Characteristic(
            UUID(uuid), properties, rights, CharacteristicValue(read=lambda _: kept[0], write=write)
        )

    def _visited(self, connection: Connection) -> None:
        self.visitors.append(connection.peer_address.to_string(False))
        connection.on("pairing_start", lambda: setattr(self, "pairings", self.pairings + 1))
        connection.on("disconnection", lambda _: asyncio.ensure_future(self.again()))

    async def on(self) -> "Toy":
        await self.device.power_on()
        await self.again()
        return self

    async def again(self) -> None:
        """Let itself be found."""
        with suppress(Exception):
            if self.device.le_privacy_enabled:
                await self.device.update_rpa()
            await self.device.start_advertising(auto_restart=False)

    def answers(self, answer: Callable[[bytes], bytes | None]) -> None:
        """Answer attribute requests in its own way: a unit, or nothing at all."""

        def heard(handle: int, unit: bytes) -> None:
            told = answer(unit)
            if told is not None:
                self.send(handle, told)

        self.device.l2cap_channel_manager.register_fixed_channel(att.ATT_CID, heard)

    def send(self, handle: int, unit: bytes) -> None:
        self.device.send_l2cap_pdu(handle, att.ATT_CID, unit)

    def send_smp(self, unit: bytes) -> None:
        for handle in self.device.connections:
            self.device.send_l2cap_pdu(handle, smp.SMP_CID, unit)

    def leave(self) -> None:
        """Hang up, as soon as this is over."""
        self._leaving = asyncio.ensure_future(self.hang_up())

    async def hang_up(self) -> None:
        for connection in list(self.device.connections.values()):
            with suppress(Exception):
                await connection.disconnect()


def write_rights(rights: P) -> P:
    """The same rights for writing as for reading."""
    pairs = {
        P.READ_REQUIRES_ENCRYPTION: P.WRITE_REQUIRES_ENCRYPTION,
        P.READ_REQUIRES_AUTHENTICATION: P.WRITE_REQUIRES_AUTHENTICATION,
        P.READ_REQUIRES_AUTHORIZATION: P.WRITE_REQUIRES_AUTHORIZATION,
    }
    return P(sum(write for read, write in pairs.items() if rights & read))


class Plug(StreamPacketSource):
    """Where our adapter is plugged in: both ends of a controller's HCI, for whoever connects.

    loses: which of the controller's packets never come through.
    """

    wire: asyncio.Transport | None = None
    loses: Callable[[bytes], bool] = staticmethod(lambda packet: False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.wire = transport

    def on_packet(self, packet: bytes) -> None:
        if self.wire is not None and not self.loses(packet):
            self.wire.write(packet)


class Adapter(Controller):
    """Ours. It can call an attempt to connect off, as adapters can; bumble's go on calling for ever."""

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        wanted, self.pending_le_connection = self.pending_le_connection, None
        if wanted is not None:
            off = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
            told = struct.pack("<BBHBB6sHHHB", 1, off, 0, 0, 0, bytes(wanted.peer_address), 0, 0, 0, 0)
            event = hci.HCI_Event.from_bytes(bytes([4, 0x3E, len(told)]) + told)
            asyncio.get_running_loop().call_soon(self.send_hci_packet, event)
        return super().on_hci_le_create_connection_cancel_command(command)


class Bench:
    """The air, and how to look through it. adapter: ours; plug: where it is plugged in."""

    def __init__(self, air: Link, adapter: str, plug: Plug) -> None:
        self.air = air
        self.adapter = adapter
        self.plug = plug

    async def toy(self, *args: Any, **more: Any) -> Toy:
        return await Toy(self.air, *args, **more).on()

    def reach(
        self,
        where: str = BEAR,
        level: Level = Level.USE,
        limits: Limits | None = None,
        *,
        to: str = "",
        times: int = 1,
        adapter: str | None = None,
        **surface: Any,
    ) -> Reach:
        """A look at a radio, permitted at a level."""
        one = Bluetooth(id="bear", where=f"bluetooth:{where}", **surface)
        to = to or (where if where.count(":") == 5 else f"bluetooth:{where}")
        allowed = Permission(
            to=to, level=level, basis=Basis.OWN, person="Ada", until=date.today() + timedelta(1)
        )
        product = Product(
            product=Identity(name="Bear", vendor="Tests"), surface=(one,), permission=(allowed,)
        )
        policy = Policy(
            adapter=self.adapter if adapter is None else adapter, permit=(Permit(to="*", level=Level.RISK),)
        )
        door = Door(Scope(product, policy, date.today()), limits)
        return door.reach(one, times)


SHORT = structs.replace(Limits(), silence=0.3, connect=1.0, look=30.0)


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    """A bench with nobody in range."""
    air = Link()  # type: ignore[no-untyped-call]
    plug = Plug()
    with quiet():
        server = await asyncio.get_running_loop().create_server(lambda: plug, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        Adapter("ours", host_source=plug, host_sink=plug, link=air, public_address="00:1B:DC:00:00:01")
        try:
            yield Bench(air, f"tcp-client:127.0.0.1:{port}", plug)
        finally:
            server.close()
            if plug.wire is not None:
                plug.wire.abort()
            await asyncio.sleep(0.02)  # what was under way between the controllers


def within(seconds: float, test: Callable[[], Any]) -> None:
    """Run a test that must come to its end in time."""

    async def bounded() -> None:
        async with asyncio.timeout(seconds):
            await test()

    asyncio.run(bounded())
