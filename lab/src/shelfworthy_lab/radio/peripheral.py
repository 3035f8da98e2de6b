"""An LE device: advertises, serves one central at a time, guards what it has, and notes who came."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bumble import hci, smp
from bumble.att import (
    ATT_Error,
    ATT_Error_Response,
    ATT_Prepare_Write_Request,
    Attribute,
    AttributeValue,
    AttributeValueV2,
)
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import (
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    Characteristic,
    Descriptor,
    Service,
)
from bumble.keys import MemoryKeyStore
from bumble.transport.common import TransportLostError, TransportSink, TransportSource

from shelfworthy_lab.radio.finger import Finger
from shelfworthy_lab.radio.guard import Guard
from shelfworthy_lab.radio.host import QuietHost
from shelfworthy_lab.radio.log import Log
from shelfworthy_lab.radio.pairing import Session, refusal, settings
from shelfworthy_lab.radio.work import Work

Properties = Characteristic.Properties
OPEN_TO_ALL = Attribute.Permissions.READABLE | Attribute.Permissions.WRITEABLE  # the guard says who may
INTERVAL = 20  # ms between advertisements, the least there may be
NO_CLASSIC = 0x06  # flags: general discoverable, BR/EDR not supported
NOT_READABLE, NOT_WRITABLE = 0x02, 0x03

Read = Callable[[], bytes]
Write = Callable[[bytes], None]


@dataclass(frozen=True)
class Presence:
    """Who a device is. address: random static, "" for one that changes. log: where it notes who came.

    interval: ms between advertisements.
    """

    name: str
    address: str
    log: Path
    interval: int = INTERVAL


class Peripheral:
    """One device. Subclasses say what it has, and what comes of writing to it."""

    def __init__(self, presence: Presence, guard: Guard) -> None:
        self.log = Log(presence.log)
        self.work = Work()
        self.presence = presence
        self.guard = guard
        self.finger = Finger()
        self.central: Connection | None = None
        self._authenticated = False
        self._owned = False
        self._gates: dict[int, Callable[[], int]] = {}  # by attribute: the error a write is answered with now

    def services(self) -> Sequence[Service]:
        """What it has."""
        raise NotImplementedError

    def advertised(self) -> tuple[bytes, bytes]:
        """What it tells everybody, and what it tells those who ask (its scan response)."""
        return advertisement(self.presence.name), b""

    def came(self) -> None:
        """A central has connected."""

    def left(self) -> None:
        """The central has left."""

    def subscribed(self, characteristic: "Characteristic[bytes]") -> None:
        """The central subscribed to this."""

    @property
    def error(self) -> int:
        """The ATT error that whoever is connected meets now; 0: it may do what an owner may."""
        opened = {
            "encrypted": self.central is not None and bool(self.central.encryption),
            "authenticated": self._authenticated,
            "owned": self._owned,
            "never": False,
        }
        return 0 if opened[self.guard.opens] else self.guard.error

    def characteristic(
        self,
        uuid: str,
        properties: Properties,
        read: Read | None = None,
        write: Write | None = None,
        strict: bool = False,
    ) -> "Characteristic[bytes]":
        """A characteristic behind the guard.

        read, write: None for what nobody may, whatever `properties` say. strict: subscriptions to it are
        protected in any case.
        """

        def reads(_: Connection) -> bytes:
            self._refuse(self.error if read else NOT_READABLE)
            return read() if read else b""

        def writes(_: Connection, value: bytes) -> None:
            self._refuse(self.error if write else NOT_WRITABLE)
            if write:
                write(value)

        notifies = bool(properties & (Properties.NOTIFY | Properties.INDICATE))
        configuration = Descriptor(GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR, OPEN_TO_ALL)
        made = Characteristic[bytes](
            UUID(uuid),
            properties,
            OPEN_TO_ALL,
            AttributeValue(reads, writes),
            [configuration] if notifies else [],
        )

        def subscription_error() -> int:
            return self.error if strict or self.guard.subscriptions else 0

        configuration.value = self._configuration(made, subscription_error)
        self._gates[id(made)] = lambda: self.error if write else NOT_WRITABLE
        self._gates[id(configuration)] = subscription_error
        return made

    def tell(self, characteristic: "Characteristic[bytes]", value: bytes) -> None:
        """Notify the central, if it subscribed, and may know."""
        if self.central is not None and (self.guard.leaks or not self.error):
            self.work.soon(self.device.gatt_server.notify_subscriber(self.central, characteristic, value))

    async def begin(self, source: TransportSource, sink: TransportSink) -> None:
        """Switch it on."""
        self.device = device = Device(config=self._config(), host=QuietHost(source, sink))
        device.keystore = MemoryKeyStore()
        device.add_services(list(self.services()))
        device.pairing_config_factory = lambda _: settings(self.guard.pairing)
        device.smp_session_proxy = type("Session", (Session,), {"asked": self})
        device.gatt_server.on_att_prepare_write_request = self._prepare  # type: ignore[method-assign]
        device.on(Device.EVENT_CONNECTION, self._came)
        await device.power_on()
        await self.advertise()

    async def advertise(self) -> None:
        data, response = self.advertised()
        with suppress(TransportLostError):  # the air has ended
            await self.device.start_advertising(advertising_data=data, scan_response_data=response)

    def refuses(self, request: smp.SMP_Pairing_Request_Command, method: smp.PairingMethod) -> int:
        """The reason for which this Pairing Request is refused, 0 if it is not; the finger hears of it."""
        pairing = self.guard.pairing
        if pairing is None or (pairing.window and not self.finger.open):
            reason = int(smp.ErrorCode.PAIRING_NOT_SUPPORTED)
            self.finger.refused()
        else:
            reason = refusal(pairing, request, method)
        if reason:
            self.log.note(f"refused to pair: 0x{reason:02X}")
        return reason

    def paired(self, method: smp.PairingMethod) -> None:
        """Pairing has come so far that the link is encrypted."""
        self.finger.paired()
        self._owned = True
        self._authenticated = method != smp.PairingMethod.JUST_WORKS
        self.log.note(f"paired: {method.name.lower().replace('_', ' ')}")

    def _configuration(
        self, characteristic: "Characteristic[bytes]", error: Callable[[], int]
    ) -> "AttributeValueV2[bytes]":
        def reads(bearer: Any) -> bytes:  # noqa: ANN401 - of two kinds, which are bumble's own business
            self._refuse(error())
            return self.device.gatt_server.read_cccd(bearer, characteristic)

        def writes(bearer: Any, value: bytes) -> None:  # noqa: ANN401 - as above
            self._refuse(error())
            self.device.gatt_server.write_cccd(bearer, characteristic, value)
            if any(value):
                self.subscribed(characteristic)

        return AttributeValueV2(reads, writes)

    def _refuse(self, code: int) -> None:
        if code:
            raise ATT_Error(code)

    def _prepare(self, bearer: Any, request: ATT_Prepare_Write_Request) -> None:  # noqa: ANN401 - as above
        """A Prepare Write is refused like a Write; bumble's server asks only when it takes effect."""
        server = self.device.gatt_server
        attribute = server.get_attribute(request.attribute_handle)
        code = self._gates.get(id(attribute), lambda: 0)()
        if code:
            error = ATT_Error_Response(
                request_opcode_in_error=request.op_code,
                attribute_handle_in_error=request.attribute_handle,
                error_code=code,
            )
            server.send_response(bearer, error)
        else:
            type(server).on_att_prepare_write_request(server, bearer, request)

    def _came(self, connection: Connection) -> None:
        self.central = connection
        self.log.peer = str(connection.peer_address)  # as it came: pairing may tell who it is
        self._authenticated = False
        self.log.note("connected")
        connection.on(Connection.EVENT_DISCONNECTION, self._left)
        self.came()

    def _left(self, _: int) -> None:
        self.log.note("disconnected")
        self.central = None
        self._authenticated = False
        self.left()
        self.work.soon(self.advertise())

    def _config(self) -> DeviceConfiguration:
        address = self.presence.address
        return DeviceConfiguration(
            name=self.presence.name,
            address=hci.Address(address) if address else hci.Address.generate_static_address(),
            advertising_interval_min=self.presence.interval,
            advertising_interval_max=self.presence.interval,
            irk=secrets.token_bytes(16),
            le_privacy_enabled=not address,
            le_rpa_timeout=0,
        )


def advertisement(name: str, company: bytes = b"", services: Sequence[str] = ()) -> bytes:
    """Advertising data: flags, name, and manufacturer data (company identifier first, little-endian)."""
    parts: list[tuple[int, bytes]] = [(AdvertisingData.FLAGS, bytes([NO_CLASSIC]))] if name else []
    if name:
        parts.append((AdvertisingData.COMPLETE_LOCAL_NAME, name.encode()))
    if company:
        parts.append((AdvertisingData.MANUFACTURER_SPECIFIC_DATA, company))
    return bytes(AdvertisingData(parts))
