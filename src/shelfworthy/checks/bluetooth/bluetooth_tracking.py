"""Does the device's address change, so that it can't be followed around?

Why it matters: an address that stays the same makes a device, and the child who carries it, recognisable
at every place where somebody listens.

How we look (look): we listen for as long as the product file says, and count how many addresses it used.
Of an address that can change we say that it does not only after a quarter of an hour: that is how long
the standard recommends to keep one. If the device is switched off and on meanwhile, that counts as well.

What it does not show: whether it can be recognised by something else, as its name; what connected devices
do; and who may resolve a resolvable address.

If it fails: use resolvable private addresses, change them every quarter of an hour, and everything else
in the advertisement with them.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.bluetooth import BluetoothAdvert, BluetoothNoLe

PRIVATE = ("resolvable", "non-resolvable")
LONG = 900  # seconds (Core Specification, volume 3, part C, appendix A, T_GAP(private_addr_int))

SAYS = {
    "stays": "In {minutes} minutes it kept one {address_kind} address.",
    "changes": "Its address is {address_kind}, and changed while we listened.",
    "too-short": "In {seconds} s it kept one {address_kind} address; it takes a quarter of an hour to tell.",
    "stays-private": "Its address is {address_kind}, and did not change while we listened ({seconds} s).",
    "several": "It used {addresses} {address_kind} addresses, which is not how such addresses are used.",
    "not-heard": "It was not heard, so nobody knows its address.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothAdvert | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothAdvert(adverts=adverts) if adverts < 1:
            yield inconclusive("not-heard", Cause.SILENT)
        case BluetoothAdvert(address_kind=kind, addresses=addresses) if kind in PRIVATE:
            if addresses > 1:
                yield passes("changes", field("addresses"), address_kind=kind)
            else:
                yield inconclusive(
                    "stays-private", Cause.NOBODY_LOOKED, address_kind=kind, seconds=seen.watched
                )
        case BluetoothAdvert(address_kind=kind, addresses=addresses) if addresses > 1:
            yield inconclusive("several", Cause.CONTRADICTORY, address_kind=kind, addresses=addresses)
        case BluetoothAdvert(address_kind=kind, watched=watched) if watched >= LONG:
            yield fails("stays", field("addresses"), Severity.LOW, address_kind=kind, minutes=watched // 60)
        case BluetoothAdvert(address_kind=kind, watched=watched):
            yield inconclusive("too-short", Cause.NOBODY_LOOKED, address_kind=kind, seconds=watched)


CHECK = Check(
    id="bluetooth-tracking",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(BluetoothAdvert, BluetoothNoLe),
    says=SAYS,
)
