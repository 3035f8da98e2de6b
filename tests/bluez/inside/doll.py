"""A doll with Bluetooth Classic: the hands-free service, and an agent of bluetoothd, in three editions."""

import os
import subprocess
from contextlib import suppress
from typing import NamedTuple

import dbus
import dbus.service
from gi.repository import GLib

from tests.bluez.inside.bench import Agent, Device, failed, run, tell

HANDS_FREE = "0000111e-0000-1000-8000-00805f9b34fb"
CHANNEL = 7
ANSWER = b"\r\n+BRSF: 0\r\n\r\nOK\r\n"


class Edition(NamedTuple):
    """io: of its agent. simple: whether it has Secure Simple Pairing. pin: if not. numbers: see Agent."""

    io: str
    simple: bool = True
    pin: str = ""
    numbers: bool = False


EDITIONS = {
    "pin": Edition("KeyboardDisplay", simple=False, pin="0000"),
    "just-works": Edition("NoInputNoOutput"),
    "fixed": Edition("DisplayYesNo", numbers=True),
}


class HandsFree(dbus.service.Object):
    """Who answers a phone that opens the service."""

    @dbus.service.method("org.bluez.Profile1", in_signature="oha{sv}")
    def NewConnection(self, device: str, descriptor: dbus.types.UnixFd, properties: object) -> None:
        tell("a phone came")
        GLib.io_add_watch(descriptor.take(), GLib.IO_IN | GLib.IO_HUP | GLib.IO_ERR, self._hears)

    def _hears(self, channel: int, condition: int) -> bool:
        with suppress(OSError):  # it left
            if os.read(channel, 200):
                os.write(channel, ANSWER)
                return True
        os.close(channel)
        return False

    @dbus.service.method("org.bluez.Profile1", in_signature="o")
    def RequestDisconnection(self, device: str) -> None:
        pass

    @dbus.service.method("org.bluez.Profile1")
    def Release(self) -> None:
        pass


class Doll(Device):
    """The device."""

    def be(self, name: str) -> None:
        """Set the controller, and register the service."""
        edition = EDITIONS[name]
        path = f"/bench/doll{self.number}"
        agent = Agent(self.bus, f"{path}/agent", numbers=edition.numbers, pin=edition.pin)
        self.asks(agent, f"{path}/agent", edition.io)
        # btvirt's controller keeps Simple Pairing once it had it, so `pin` has to be the first edition.
        self.set(Powered=False)
        subprocess.run(["btmgmt", "ssp", "on" if edition.simple else "off"], check=True, timeout=20)
        address = self.set(Powered=True, Pairable=True, Discoverable=True, DiscoverableTimeout=dbus.UInt32(0))
        hands_free = HandsFree(self.bus, f"{path}/hands")
        self.undo.append(hands_free.remove_from_connection)
        profiles = self.interface("org.bluez.ProfileManager1", "/org/bluez")
        of = {
            "Name": "Doll",
            "Role": "server",
            "Channel": dbus.UInt16(CHANNEL),
            "RequireAuthentication": False,
            "RequireAuthorization": False,
        }

        def registered() -> None:
            self.undo.append(lambda: profiles.UnregisterProfile(f"{path}/hands"))
            tell(f"ready {address}")

        profiles.RegisterProfile(
            f"{path}/hands", HANDS_FREE, of, reply_handler=registered, error_handler=failed
        )


if __name__ == "__main__":
    run(Doll)
