"""The device in the guest: a GATT application, an advertisement and an agent of bluetoothd, in several editions.

Runs with Debian's own Python (python3-dbus, python3-gi). Whoever connects to port 7301 and says the name of an
edition is answered `ready ADDRESS` once the device is that; then what happens to it is told, a line each.
"""

import socket
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

PORT = 7301
BLUEZ = "org.bluez"
ADAPTER = "/org/bluez/hci0"
PROPERTIES = "org.freedesktop.DBus.Properties"
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

tell: Callable[[str], None] = print


class Refused(dbus.DBusException):
    _dbus_error_name = "org.bluez.Error.NotAuthorized"


class NotAccepted(dbus.DBusException):
    _dbus_error_name = "org.bluez.Error.Rejected"


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
        kind = {"write": "write", "read": "read", "notify": "notify"}
        flags = [edition.rights + kind[one] if edition.rights else one for one in can]
        if edition.rights:
            flags += can  # what it can do at all is said without rights
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
        made = lambda number, *can: Characteristic(bus, service, number, list(can), edition)  # noqa: E731
        self.greeting = made(1, "read", "write")
        self.say = made(2, "write")
        self.state = made(3, "read", "notify")
        self.voice = made(4, "notify")
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
            self._hearing = GLib.timeout_add(VOICE_MS, lambda: self.voice.notify(VOICE) or True)

    @dbus.service.method("org.freedesktop.DBus.ObjectManager", out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self) -> dict[Any, Any]:
        return {node.path: node.holds for node in self.nodes()}


class Agent(dbus.service.Object):
    """Who is asked when somebody wants to pair: the owner, beside the device."""

    def __init__(self, bus: dbus.Bus, path: str, edition: Edition) -> None:
        super().__init__(bus, path)
        self.numbers = edition.numbers

    @dbus.service.method("org.bluez.Agent1", in_signature="ou")
    def RequestConfirmation(self, device: str, passkey: int) -> None:
        tell("numbers compared")

    @dbus.service.method("org.bluez.Agent1", in_signature="o")
    def RequestAuthorization(self, device: str) -> None:
        tell("asked to pair without numbers")
        if self.numbers:
            raise NotAccepted("only with numbers")

    @dbus.service.method("org.bluez.Agent1", in_signature="os")
    def AuthorizeService(self, device: str, uuid: str) -> None:
        pass

    @dbus.service.method("org.bluez.Agent1")
    def Release(self) -> None:
        pass

    @dbus.service.method("org.bluez.Agent1")
    def Cancel(self) -> None:
        tell("pairing broken off")


class Device:
    """The device: one edition at a time."""

    def __init__(self, bus: dbus.Bus) -> None:
        self.bus = bus
        self.undo: list[Callable[[], None]] = []
        self.number = 0

    def interface(self, name: str, path: str = ADAPTER) -> dbus.Interface:
        return dbus.Interface(self.bus.get_object(BLUEZ, path), name)

    def become(self, name: str) -> None:
        """Forget the last edition, its bonds too, and be this one; `ready` is told when it is."""
        edition = EDITIONS[name]
        while self.undo:
            self.undo.pop()()
        self.forget()
        self.number += 1
        path = f"/bench/owl{self.number}"
        agent = Agent(self.bus, f"{path}/agent", edition)
        agents = self.interface("org.bluez.AgentManager1", "/org/bluez")
        agents.RegisterAgent(f"{path}/agent", edition.io)
        self.undo.append(agent.remove_from_connection)
        self.undo.append(lambda: agents.UnregisterAgent(f"{path}/agent"))
        agents.RequestDefaultAgent(f"{path}/agent")
        settings = self.interface(PROPERTIES)
        for key in ("Powered", "Pairable"):
            settings.Set("org.bluez.Adapter1", key, True)
        address = settings.Get("org.bluez.Adapter1", "Address")
        of = {
            "Type": "peripheral",
            "LocalName": "Bench Owl",
            "ServiceUUIDs": dbus.Array([], signature="s"),
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

    def forget(self) -> None:
        objects = self.interface("org.freedesktop.DBus.ObjectManager", "/").GetManagedObjects()
        for path, interfaces in objects.items():
            if "org.bluez.Device1" in interfaces:
                self.interface("org.bluez.Adapter1").RemoveDevice(path)


def failed(error: object) -> None:
    tell(f"failed {error!r}")


def appeared(bus: dbus.Bus) -> None:
    """Wait until bluetoothd has an adapter."""
    for _ in range(600):
        try:
            manager = dbus.Interface(bus.get_object(BLUEZ, "/"), "org.freedesktop.DBus.ObjectManager")
            if "org.bluez.GattManager1" in manager.GetManagedObjects().get(ADAPTER, {}):
                return
        except dbus.DBusException:
            pass
        time.sleep(0.1)
    sys.exit("no adapter appeared")


def listen(device: Device) -> None:
    """Take one guest of the port at a time."""
    server = socket.create_server(("0.0.0.0", PORT))
    guest: list[socket.socket] = []

    def told(line: str) -> None:
        print(line, flush=True)
        for one in guest:
            try:
                one.sendall(f"{line}\n".encode())
            except OSError:
                pass

    def heard(source: socket.socket, _: object) -> bool:
        name = source.recv(100).decode().strip()
        if not name:
            guest.remove(source)
            source.close()
            return False
        try:
            device.become(name)
        except (dbus.DBusException, KeyError) as error:
            failed(error)
        return True

    def came(source: socket.socket, _: object) -> bool:
        one, _ = source.accept()
        guest.append(one)
        GLib.io_add_watch(one, GLib.IO_IN | GLib.IO_HUP, heard)
        return True

    global tell
    tell = told
    GLib.io_add_watch(server, GLib.IO_IN, came)


def main() -> None:
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SystemBus()
    appeared(bus)
    listen(Device(bus))
    print("the device is there", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
