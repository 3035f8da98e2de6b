"""What anybody in radio range may do with a device, and what its owner may."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.bluetooth import classic, look
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.bluetooth import (
    BluetoothAccess,
    BluetoothAdvert,
    BluetoothClassic,
    BluetoothNoClassic,
    BluetoothNoLe,
    BluetoothOperations,
    BluetoothPairing,
    BluetoothReturn,
    BluetoothUpdate,
)

LONG = 60  # times the usual time of a look: people have to walk to the device and press its button

LE = Probe(
    name="bluetooth-le",
    version=1,
    kind=Kind.BLUETOOTH,
    level=Level.LOOK,
    sees=(
        BluetoothAdvert,
        BluetoothNoClassic,
        BluetoothAccess,
        BluetoothOperations,
        BluetoothUpdate,
        BluetoothPairing,
        BluetoothReturn,
    ),
    observe=look.observe,
    times=LONG,
    tools=("bumble",),
    extra="bluetooth",
    schemes=("le", "dual"),
)
CLASSIC = Probe(
    name="bluetooth-classic",
    version=1,
    kind=Kind.BLUETOOTH,
    level=Level.LOOK,
    sees=(BluetoothNoLe, BluetoothClassic),
    observe=classic.observe,
    times=LONG,
    tools=("bumble",),
    extra="bluetooth",
    schemes=("classic", "dual"),
)

__all__ = ["CLASSIC", "LE"]
