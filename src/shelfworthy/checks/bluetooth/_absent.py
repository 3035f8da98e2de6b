"""What checks of a Bluetooth radio share: is it there at all?"""

from shelfworthy.model import About, Bluetooth, Transport
from shelfworthy.seen.bluetooth import BluetoothNoClassic, BluetoothNoLe

NO_CLASSIC = 0x04  # flags, bit 2: BR/EDR not supported (Core Specification Supplement, part A, section 1.3)


def no_le(seen: BluetoothNoLe, about: About) -> bool:
    """Whether it has no LE radio: the product file says so, and nothing was heard while we listened."""
    said = isinstance(about.surface, Bluetooth) and about.surface.transport is Transport.CLASSIC
    return said and seen.heard == 0 and seen.listened > 0


def no_classic(seen: BluetoothNoClassic) -> bool:
    """Whether its advertisement says that it has no Classic radio."""
    return seen.flags >= 0 and bool(seen.flags & NO_CLASSIC)
