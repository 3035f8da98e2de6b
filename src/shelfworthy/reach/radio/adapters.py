"""Which Bluetooth adapters of this machine work: each is opened, reset, and asked for its version; no more.

Nothing is sent over the air: no scan, no connection.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from bumble import hci
from bumble.host import Host

from shelfworthy.model import Record
from shelfworthy.product.adapter import Adapter, parse_adapter
from shelfworthy.reach.radio.guest import Failed, bounded
from shelfworthy.reach.radio.opening import PATIENCE, WAYS, why_not
from shelfworthy.reach.radio.quiet import quiet

MOST = 8  # adapters of one sort
HCI_CLASS = (0xE0, 0x01, 0x01)  # USB: wireless controller, radio, Bluetooth programming interface
KERNELS = Path("/sys/class/bluetooth")


class Tried(Record, frozen=True):
    """One adapter. ids: of the USB device, "0a12:0001". works: it answered; else `why` says why not.

    version: of Bluetooth, as the SIG's assigned numbers count it (13 is 5.4); maker: company identifier.
    """

    spec: str
    works: bool
    why: str = ""
    ids: str = ""
    version: int = -1
    maker: int = -1


class Machine(Record, frozen=True):
    """What was found. sockets: whether this Python has Bluetooth sockets. usb: why USB could not be asked."""

    tried: tuple[Tried, ...]
    sockets: bool
    usb: str = ""


async def try_adapters(spec: str = "") -> Machine:
    """Every adapter that is found, and that of the policy. Raises WrongAddress for a spec that is none."""
    with quiet():
        found = dict.fromkeys([parse_adapter(spec)] if spec else [], "")
        usb = ""
        try:
            for place, ids in enumerate(_usb()):
                found[Adapter(way="usb", rest=str(place))] = ids
        except Exception as error:  # whatever the USB library says
            usb = why_not(error)
        sockets = hasattr(socket, "AF_BLUETOOTH")
        for rest in _kernels() if sockets else ():
            found.setdefault(Adapter(way="hci-socket", rest=rest), "")
        tried = [await _try(adapter, ids) for adapter, ids in list(found.items())[: 2 * MOST]]
    return Machine(tried=tuple(tried), sockets=sockets, usb=usb)


async def _try(adapter: Adapter, ids: str) -> Tried:
    try:
        transport = await bounded(_opened(adapter), PATIENCE)
    except (Failed, TimeoutError) as error:
        cause = error.error if isinstance(error, Failed) else error
        return Tried(spec=adapter.spec, works=False, why=why_not(cause or error), ids=ids)
    try:
        host = Host(transport.source, transport.sink)
        await bounded(host.send_sync_command(hci.HCI_Reset_Command()), PATIENCE)
        host.ready = True
        ask = hci.HCI_Read_Local_Version_Information_Command()
        told = await bounded(host.send_sync_command(ask), PATIENCE)
    except (Failed, TimeoutError) as error:
        cause = error.error if isinstance(error, Failed) else error
        return Tried(spec=adapter.spec, works=False, why=why_not(cause or error), ids=ids)
    finally:
        with suppress(Exception):
            async with asyncio.timeout(PATIENCE):
                await transport.close()
    version, maker = int(told.hci_version), int(told.company_identifier)
    return Tried(spec=adapter.spec, works=True, ids=ids, version=version, maker=maker)


async def _opened(adapter: Adapter) -> Any:  # noqa: ANN401 - bumble does not type its transports
    return await WAYS[adapter.way](adapter)


def _kernels() -> list[str]:
    """Numbers of the adapters the kernel has."""
    names = sorted(path.name for path in KERNELS.glob("hci*")) if KERNELS.is_dir() else []
    return [name.removeprefix("hci") for name in names if name.removeprefix("hci").isdigit()][:MOST]


def _usb() -> Iterator[str]:
    """Identifiers of the Bluetooth adapters on USB, in the order in which they are counted."""
    import usb1
    from bumble.transport.usb import load_libusb

    load_libusb()  # type: ignore[no-untyped-call]
    with usb1.USBContext() as context:
        found = [one for one in context.getDeviceIterator(skip_on_error=True) if _is_bluetooth(one)]
        yield from (f"{one.getVendorID():04x}:{one.getProductID():04x}" for one in found[:MOST])


def _is_bluetooth(device: Any) -> bool:  # noqa: ANN401 - usb1 has no types
    if (device.getDeviceClass(), device.getDeviceSubClass(), device.getDeviceProtocol()) == HCI_CLASS:
        return True
    return any(
        (setting.getClass(), setting.getSubClass(), setting.getProtocol()) == HCI_CLASS
        for setting in device.iterSettings()
    )
