"""An owl with Bluetooth LE: a GATT application, an advertisement, an agent; in four editions."""

from collections.abc import Callable
from typing import Any, NamedTuple

import dbus
import dbus.service
from gi.repository import GLib

from tests.bluez.inside.bench import OBJECTS, PROPERTIES, Agent, Device, failed, run, tell

CHARACTERISTIC = "org.bluez.GattCharacteristic1"
BASE = "0b0e{:04x}-0a11-4b1e-a0d1-7465737462ed"
GREETING, VOICE = b"tu-whit tu-whoo", b"the children's room "
VOICE_MS = 20  # between two notifications


class Edition(NamedTuple):
    """rights: what is put before "read", "write" and "notify" in the flags of every characteristic (BlueZ,
    doc/gatt-api.txt). io: of its agent. knows: nobody, where the application itself turns everybody away.
    numbers: it pairs only with who compares numbers."""

    rights: str
    io: str
    knows: bool = True
    numbers: bool = False


EDITIONS = {
    "open": Edition("", "NoInputNoOutput"),
    "just-works": Edition("encrypt-", "NoInputNoOutput"),
    "asks-app": Edition("", "NoInputNoOutput", knows=False),
    "fixed": Edition("encrypt-authenticated-", "DisplayYesNo", numbers=True),
}


class Refused(dbus.DBusException):
    _dbus_error_name = "org.bluez.Error.NotAuthorized"


class Node(dbus.service.Object):
    """Something of the application. holds: its properties, by interface."""

    def __init__(self, bus: dbus.Bus, path: str, holds: dict[str, dict[str, Any]]) -> None:
        super().__init__(bus, path)
        self.path = dbus.ObjectPath(path)
        self.holds = holds

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface: str) -> dict[str, Any]:
        return self.holds[interface]

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface: str, changed: Any, invalidated: Any) -> None:
        pass


class Characteristic(Node):
    """One characteristic. value: what it reads as."""

    def __init__(self, bus: dbus.Bus, service: str, number: int, can: list[str], edition: Edition) -> None:
        flags = [edition.rights + one for one in can]
        flags += can if edition.rights else []  # what it can do at all is said without rights
        super().__init__(
            bus,
            f"{service}/char{number:04x}",
            {
                CHARACTERISTIC: {
                    "Service": dbus.ObjectPath(service),
                    "UUID": BASE.format(number),
                    "Flags": dbus.Array(flags, signature="s"),
                }
            },
        )
        self.number = number
        self.knows = edition.knows
        self.value = GREETING
        self.written: Callable[[bytes], None] = lambda value: None
        self.subscribed: Callable[[bool], None] = lambda on: None

    def asked(self, what: str) -> None:
        tell(f"{what} {self.number:04x}")
        if not self.knows:
            raise Refused("who are you?")

    def notify(self, value: bytes) -> None:
        self.value = value
        self.PropertiesChanged(CHARACTERISTIC, {"Value": dbus.ByteArray(value)}, [])

    @dbus.service.method(CHARACTERISTIC, in_signature="a{sv}", out_signature="ay", byte_arrays=True)
    def ReadValue(self, options: Any) -> Any:
        self.asked("read")
        return dbus.ByteArray(self.value)

    @dbus.service.method(CHARACTERISTIC, in_signature="aya{sv}", byte_arrays=True)
    def WriteValue(self, value: Any, options: Any) -> None:
        self.asked("write")
        self.written(bytes(value))

    @dbus.service.method(CHARACTERISTIC)
    def StartNotify(self) -> None:
        self.asked("subscribe")
        self.subscribed(True)

    @dbus.service.method(CHARACTERISTIC)
    def StopNotify(self) -> None:
        self.subscribed(False)


class Application(dbus.service.Object):
    """The device's own service: it keeps a greeting, says what it is told, and hears the room."""

    def __init__(self, bus: dbus.Bus, path: str, edition: Edition) -> None:
        super().__init__(bus, path)
        service = f"{path}/service"
        of = {"UUID": BASE.format(0), "Primary": True}
        self.service = Node(bus, service, {"org.bluez.GattService1": of})
        self.greeting = Characteristic(bus, service, 1, ["read", "write"], edition)
        self.say = Characteristic(bus, service, 2, ["write"], edition)
        self.state = Characteristic(bus, service, 3, ["read", "notify"], edition)
        self.voice = Characteristic(bus, service, 4, ["notify"], edition)
        self.state.value = b"\x01"
        self.greeting.written = self._greets
        self.say.written = self._says
        self.voice.subscribed = self._hears
        self._hearing = 0

    def nodes(self) -> list[Node]:
        return [self.service, self.greeting, self.say, self.state, self.voice]

    def away(self) -> None:
        self._hears(False)
        for node in self.nodes():
            node.remove_from_connection()
        self.remove_from_connection()

    def _greets(self, value: bytes) -> None:
        tell(f"greeting {value.hex()}")
        self.greeting.value = value

    def _says(self, value: bytes) -> None:
        if value == b"\x01":
            tell("it hooted")
            self.state.notify(b"\x05")
            GLib.timeout_add(50, lambda: self.state.notify(b"\x01"))

    def _hears(self, on: bool) -> None:
        if self._hearing:
            GLib.source_remove(self._hearing)
            self._hearing = 0
        if on:
            self._hearing = GLib.timeout_add(VOICE_MS, self._sounds)

    def _sounds(self) -> bool:
        self.voice.notify(VOICE)
        return True

    @dbus.service.method(OBJECTS, out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self) -> dict[Any, Any]:
        return {node.path: node.holds for node in self.nodes()}


class Owl(Device):
    """The device."""

    def be(self, name: str) -> None:
        """Register all of it, one thing after the other."""
        edition = EDITIONS[name]
        path = f"/bench/owl{self.number}"
        self.asks(Agent(self.bus, f"{path}/agent", numbers=edition.numbers), f"{path}/agent", edition.io)
        address = self.set(Powered=True, Pairable=True)
        of = {
            "Type": "peripheral",
            "LocalName": "Bench Owl",
            "MinInterval": dbus.UInt32(20),
            "MaxInterval": dbus.UInt32(20),
        }
        advert = Node(self.bus, f"{path}/advert", {"org.bluez.LEAdvertisement1": of})
        self.undo.append(advert.remove_from_connection)
        application = Application(self.bus, path, edition)
        self.undo.append(application.away)
        gatt = self.interface("org.bluez.GattManager1")
        adverts = self.interface("org.bluez.LEAdvertisingManager1")

        def advertised() -> None:
            self.undo.append(lambda: adverts.UnregisterAdvertisement(advert.path))
            tell(f"ready {address}")

        def registered() -> None:
            self.undo.append(lambda: gatt.UnregisterApplication(path))
            adverts.RegisterAdvertisement(advert.path, {}, reply_handler=advertised, error_handler=failed)

        gatt.RegisterApplication(path, {}, reply_handler=registered, error_handler=failed)


if __name__ == "__main__":
    run(Owl)
