"""What both devices need: bluetoothd over D-Bus, an agent, and a line to who tells them what to be.

Runs with Debian's own Python (python3-dbus, python3-gi). Whoever connects to port 7301 and says the name of
an edition is answered `ready ADDRESS` once the device is that; then what happens to it is told, a line each.
"""

import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

PORT = 7301
BLUEZ = "org.bluez"
ADAPTER = "/org/bluez/hci0"
PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECTS = "org.freedesktop.DBus.ObjectManager"

guests: list[socket.socket] = []


def tell(line: str) -> None:
    """Say what happened, on the console and to whoever listens."""
    print(line, flush=True)
    for one in guests:
        with suppress(OSError):
            one.sendall(f"{line}\n".encode())


def failed(error: object) -> None:
    tell(f"failed {error!r}")


class Rejected(dbus.DBusException):
    _dbus_error_name = "org.bluez.Error.Rejected"


class Agent(dbus.service.Object):
    """Who is asked when somebody wants to pair: the owner, beside the device.

    numbers: pairs only with who compares numbers. pin: of a device from before Secure Simple Pairing.
    """

    def __init__(self, bus: dbus.Bus, path: str, *, numbers: bool, pin: str = "") -> None:
        super().__init__(bus, path)
        self.numbers = numbers
        self.pin = pin

    @dbus.service.method("org.bluez.Agent1", in_signature="ou")
    def RequestConfirmation(self, device: str, passkey: int) -> None:
        tell("numbers compared")

    @dbus.service.method("org.bluez.Agent1", in_signature="o")
    def RequestAuthorization(self, device: str) -> None:
        tell("asked to pair without numbers")
        if self.numbers:
            raise Rejected("only with numbers")

    @dbus.service.method("org.bluez.Agent1", in_signature="o", out_signature="s")
    def RequestPinCode(self, device: str) -> str:
        tell("asked for its PIN")
        return self.pin

    @dbus.service.method("org.bluez.Agent1", in_signature="ouq")
    def DisplayPasskey(self, device: str, passkey: int, entered: int) -> None:
        tell("shows a passkey")

    @dbus.service.method("org.bluez.Agent1", in_signature="os")
    def AuthorizeService(self, device: str, uuid: str) -> None:
        tell("asked to serve")

    @dbus.service.method("org.bluez.Agent1")
    def Release(self) -> None:
        pass

    @dbus.service.method("org.bluez.Agent1")
    def Cancel(self) -> None:
        tell("pairing broken off")


class Device:
    """One edition at a time. undo: what ends the present one, last first."""

    def __init__(self, bus: dbus.Bus) -> None:
        self.bus = bus
        self.undo: list[Callable[[], Any]] = []
        self.number = 0

    def be(self, name: str) -> None:
        """Become that edition; `ready` when it is. For each device to say."""
        raise NotImplementedError

    def interface(self, name: str, path: str = ADAPTER) -> dbus.Interface:
        return dbus.Interface(self.bus.get_object(BLUEZ, path), name)

    def become(self, name: str) -> None:
        """Forget the last edition, its bonds too, and be this one."""
        while self.undo:
            with suppress(dbus.DBusException):  # bluetoothd ended it itself
                self.undo.pop()()
        for path, interfaces in self.interface(OBJECTS, "/").GetManagedObjects().items():
            if "org.bluez.Device1" in interfaces:
                with suppress(dbus.DBusException):  # bluetoothd forgets passers-by itself
                    self.interface("org.bluez.Adapter1").RemoveDevice(path)
        self.number += 1
        self.be(name)

    def asks(self, agent: Agent, path: str, io: str) -> None:
        """Have that agent be asked."""
        agents = self.interface("org.bluez.AgentManager1", "/org/bluez")
        agents.RegisterAgent(path, io)
        self.undo.append(agent.remove_from_connection)
        self.undo.append(lambda: agents.UnregisterAgent(path))
        agents.RequestDefaultAgent(path)

    def set(self, **settings: object) -> str:
        """Set what the adapter is: its address."""
        adapter = self.interface(PROPERTIES)
        for key, value in settings.items():
            adapter.Set("org.bluez.Adapter1", key, value)
        return str(adapter.Get("org.bluez.Adapter1", "Address"))


def _appeared(bus: dbus.Bus) -> None:
    """Wait until bluetoothd has an adapter."""
    for _ in range(600):
        with suppress(dbus.DBusException):
            objects = dbus.Interface(bus.get_object(BLUEZ, "/"), OBJECTS).GetManagedObjects()
            if "org.bluez.Adapter1" in objects.get(ADAPTER, {}):
                return
        time.sleep(0.1)
    sys.exit("no adapter appeared")


def run(kind: Callable[[dbus.Bus], Device]) -> None:
    """Be that device, for ever."""
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SystemBus()
    _appeared(bus)
    device = kind(bus)
    server = socket.create_server(("0.0.0.0", PORT))

    def heard(source: socket.socket, _: object) -> bool:
        name = source.recv(100).decode().strip()
        if not name:
            guests.remove(source)
            source.close()
            return False
        try:
            device.become(name)
        except (dbus.DBusException, KeyError) as error:
            failed(error)
        return True

    def came(source: socket.socket, _: object) -> bool:
        one, _ = source.accept()
        guests.append(one)
        GLib.io_add_watch(one, GLib.IO_IN | GLib.IO_HUP, heard)
        return True

    GLib.io_add_watch(server, GLib.IO_IN, came)
    print("the device is there", flush=True)
    GLib.MainLoop().run()
