"""Real sessions of a phone with a toy, both on bumble in this process, as the phone's host recorded them."""

import asyncio
import contextlib
import io
import logging
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TypeAlias

import msgspec
from bumble import hci
from bumble.att import ATT_Error, Attribute, ErrorCode
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData, ProtocolError
from bumble.device import Connection, Device, DeviceConfiguration, Peer
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.keys import MemoryKeyStore
from bumble.link import LocalLink
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.snoop import BtSnooper
from bumble.transport.common import AsyncPipeSink

from shelfworthy.seen.bluetooth import PairingTry

TOY, PHONE, BYSTANDER = "C4:7C:8D:00:00:01", "F0:F1:F2:F3:F4:F5", "C4:7C:8D:00:00:99"
NAME = "Murmur Bear"
SECRET = "c0ffee"  # begins the value of each attribute; no evidence may hold it
KEY = bytes(range(16))
PASSKEY = 123456
ADVERTISED = 20  # milliseconds between two advertisements

P: TypeAlias = Attribute.Permissions
C: TypeAlias = Characteristic.Properties
IO = PairingDelegate.IoCapability


class Kind(msgspec.Struct, frozen=True):
    """One way to pair. sc, mitm, io: of the toy; phone_io, phone_sc: of the phone, which always bonds.

    expect: what the recording must tell of it, None where nobody pairs.
    """

    io: IO = IO.NO_OUTPUT_NO_INPUT
    sc: bool = False
    mitm: bool = False
    bonding: bool = True
    phone_io: IO = IO.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT
    phone_mitm: bool = True
    phone_sc: bool = True
    accepts: bool = True
    expect: PairingTry | None = None


def _try(**said: object) -> PairingTry:
    common: dict[str, object] = {
        "partner": "strongest",
        "asked_person": False,
        "came": "done",
        "key_size": 16,
    }
    return msgspec.convert(common | {"kind": "pairing try"} | said, PairingTry)


KINDS = {
    "open": Kind(),
    "legacy-just-works": Kind(expect=_try(io=3, bonding=True, method="just works")),
    "legacy-unbonded": Kind(bonding=False, expect=_try(io=3, method="just works")),
    "weakest-phone": Kind(
        phone_io=IO.NO_OUTPUT_NO_INPUT,
        phone_mitm=False,
        expect=_try(partner="weakest", io=3, bonding=True, method="just works"),
    ),
    "sc-just-works": Kind(
        sc=True, expect=_try(io=3, secure_connections=True, bonding=True, method="just works")
    ),
    "legacy-passkey": Kind(
        io=IO.DISPLAY_OUTPUT_ONLY,
        mitm=True,
        expect=_try(io=0, mitm=True, bonding=True, method="passkey"),
    ),
    "sc-passkey": Kind(
        io=IO.DISPLAY_OUTPUT_ONLY,
        sc=True,
        mitm=True,
        expect=_try(io=0, mitm=True, secure_connections=True, bonding=True, method="passkey"),
    ),
    "numeric-comparison": Kind(
        io=IO.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
        sc=True,
        mitm=True,
        expect=_try(io=1, mitm=True, secure_connections=True, bonding=True, method="numeric comparison"),
    ),
    "old-phone": Kind(
        io=IO.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
        sc=True,
        phone_sc=False,
        phone_io=IO.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
        expect=_try(io=1, bonding=True, method="just works"),
    ),
    "refused": Kind(accepts=False, expect=_try(came="refused", code=5, key_size=0)),
}


class _Person(PairingDelegate):
    """Shows and enters the one passkey there is, and says yes."""

    def __init__(self, io: IO, *, accepts: bool = True) -> None:
        super().__init__(io)
        self._accepts = accepts

    async def accept(self) -> bool:
        return self._accepts

    async def get_number(self) -> int:
        return PASSKEY

    async def generate_passkey(self) -> int:
        return PASSKEY

    async def display_number(self, number: int, digits: int) -> None:
        pass

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return True


def _needs_authorisation(connection: Connection) -> bytes:
    raise ATT_Error(ErrorCode.INSUFFICIENT_AUTHORIZATION)


def _is_closed(connection: Connection) -> bytes:
    raise ATT_Error(ErrorCode.READ_NOT_PERMITTED)


def _uuid(number: int) -> UUID:
    return UUID(f"5f0{number:05x}-b5a3-f393-e0a9-e50e24dcca9e")


def _value(number: int) -> bytes:
    return bytes.fromhex(SECRET) + bytes([number]) * 30


# By what guards them: number, properties, permissions.
ATTRIBUTES: dict[str, tuple[int, C, P]] = {
    "open": (1, C.READ | C.WRITE | C.NOTIFY, P.READABLE | P.WRITEABLE),
    "encrypted": (
        2,
        C.READ | C.WRITE,
        P.READABLE | P.WRITEABLE | P.READ_REQUIRES_ENCRYPTION | P.WRITE_REQUIRES_ENCRYPTION,
    ),
    "authenticated": (3, C.READ, P.READABLE | P.READ_REQUIRES_AUTHENTICATION),
    "authorised": (4, C.READ, P.READABLE),
    "closed": (5, C.READ | C.WRITE, P.WRITEABLE | P.WRITE_REQUIRES_AUTHENTICATION),
}


SPECIAL = {"authorised": _needs_authorisation, "closed": _is_closed}


def _toy(kind: Kind, guards: tuple[str, ...], address: str) -> Device:
    device = Device(config=_configuration("toy", address))
    characteristics = []
    for guard in guards:
        number, properties, permissions = ATTRIBUTES[guard]
        read = SPECIAL.get(guard, lambda connection, n=number: _value(n))
        value = CharacteristicValue(read=read, write=lambda connection, written: None)
        characteristics.append(Characteristic(_uuid(number), properties, permissions, value))
    device.add_services([Service(_uuid(0), characteristics)])
    delegate = _Person(kind.io, accepts=kind.accepts)
    device.pairing_config_factory = lambda connection: PairingConfig(
        sc=kind.sc, mitm=kind.mitm, bonding=kind.bonding, delegate=delegate
    )
    return device


def _configuration(name: str, address: str) -> DeviceConfiguration:
    advertised = [(AdvertisingData.FLAGS, b"\x06"), (AdvertisingData.COMPLETE_LOCAL_NAME, NAME.encode())]
    return DeviceConfiguration(
        name=name,
        address=hci.Address(address),
        advertising_interval_min=ADVERTISED,
        advertising_interval_max=ADVERTISED,
        advertising_data=bytes(AdvertisingData(advertised)),
        gap_service_enabled=False,
        gatt_service_enabled=False,
    )


async def _tried(attempt: Awaitable[object]) -> None:
    with contextlib.suppress(ATT_Error, ProtocolError):
        await attempt


async def try_all(connection: Connection, toy: Device, *, writes: bytes = b"\1\2\3") -> None:
    """Discover everything, and try each way in that an attribute names."""
    peer = Peer(connection)
    await peer.discover_services()
    for service in peer.services:
        await peer.discover_characteristics(service=service)
        for one in service.characteristics:
            await peer.discover_descriptors(one)
            if one.properties & C.READ:
                await _tried(one.read_value())
            if one.properties & C.WRITE:
                await _tried(one.write_value(writes, with_response=True))
            if one.properties & C.NOTIFY:
                await _tried(one.subscribe(lambda value: None))
                (there,) = [it for it in toy.gatt_server.attributes if it.handle == one.handle]
                await toy.notify_subscribers(there, b"\xc0\xff\xee1234567")
                await asyncio.sleep(0)


Visit = Callable[[Connection, Device], Awaitable[None]]


async def _session(kind: Kind, guards: tuple[str, ...], visits: tuple[Visit, ...], address: str) -> bytes:
    link = LocalLink()  # type: ignore[no-untyped-call]
    tape = io.BytesIO()
    toy, phone = (
        _toy(kind, guards, address),
        Device(config=_configuration("phone", PHONE)),
    )
    other = Device(config=_configuration("other", BYSTANDER))
    other.advertising_data = bytes(AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, b"Not ours")]))
    for name, device in (("toy", toy), ("phone", phone), ("other", other)):
        controller = Controller(
            name, link=link, public_address=hci.Address(f"{address[:-2]}{ord(name[0]):02X}")
        )
        device.host = Host(controller, AsyncPipeSink(controller))
    phone.host.snooper = BtSnooper(tape)
    phone.keystore = MemoryKeyStore()
    delegate = _Person(kind.phone_io)
    phone.pairing_config_factory = lambda connection: PairingConfig(
        sc=kind.phone_sc, mitm=kind.phone_mitm, bonding=True, delegate=delegate
    )
    for device in (toy, other, phone):
        await device.power_on()
    await other.start_advertising()
    for visit in visits:
        await toy.start_advertising(auto_restart=False)
        heard = asyncio.Event()
        phone.on(
            "advertisement", lambda advert, heard=heard: advert.address == toy.random_address and heard.set()
        )
        await phone.start_scanning(filter_duplicates=False)
        await heard.wait()
        await asyncio.sleep(3 * ADVERTISED / 1000)  # the bystander is heard, too
        await phone.stop_scanning()
        connection = await phone.connect(toy.random_address)
        await visit(connection, toy)
        await connection.disconnect()
        await asyncio.sleep(0.01)
    return tape.getvalue()


async def stays_a_stranger(connection: Connection, toy: Device) -> None:
    await try_all(connection, toy)


async def pairs_then_tries(connection: Connection, toy: Device) -> None:
    await try_all(connection, toy)
    with contextlib.suppress(ProtocolError, asyncio.CancelledError):
        await connection.pair()
    if connection.is_encrypted:
        await try_all(connection, toy, writes=b"after pairing")


async def writes_the_key(connection: Connection, toy: Device) -> None:
    await try_all(connection, toy, writes=KEY)


def record(
    kind: str,
    *visits: Visit,
    guards: tuple[str, ...] = tuple(ATTRIBUTES),
    address: str = TOY,
) -> bytes:
    """The btsnoop file of a session."""
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    made = _session(KINDS[kind], guards, visits, address)
    return asyncio.run(asyncio.wait_for(made, 30))


@cache
def recorded(kind: str) -> bytes:
    """One visit: all is tried, then, unless the kind is "open", they pair and all is tried again."""
    return record(kind, stays_a_stranger if kind == "open" else pairs_then_tries)
