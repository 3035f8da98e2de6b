"""Somebody else's things, which are on the air and must never be touched: their logs stay empty."""

from collections.abc import Sequence

from bumble.core import UUID
from bumble.gatt import Characteristic, Service

from shelfworthy_lab.radio.peripheral import Peripheral

# Names of the battery and of automation input and output (assigned numbers of the SIG).
BATTERY, LEVEL = "180F", "2A19"
AUTOMATION, DIGITAL = "1815", "2A56"
READABLE = Characteristic.Properties.READ


class Band(Peripheral):
    """A fitness band, whose name begins like the bear's maker's."""

    def services(self) -> Sequence[Service]:
        return [Service(UUID(BATTERY), [self.characteristic(LEVEL, READABLE, lambda: b"\x40")])]


class Lock(Peripheral):
    """A door's lock that opens for anybody who writes to it."""

    def services(self) -> Sequence[Service]:
        opens = Characteristic.Properties.READ | Characteristic.Properties.WRITE
        return [
            Service(UUID(AUTOMATION), [self.characteristic(DIGITAL, opens, lambda: b"\0", lambda _: None)])
        ]
