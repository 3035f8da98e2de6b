"""Nordic's update packages: a zip with a manifest, and for each part firmware and an init packet about it.

Which kind of init packet it is, the packet shows; the manifest is not believed.
"""

from functools import partial

import msgspec

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.readers.firmware.nordic_packets import is_secure, legacy, secure
from shelfworthy.readers.firmware.zipped import MAGIC, Archive, archive, unpacked
from shelfworthy.seen.firmware import Sum

PARTS = ("application", "bootloader", "softdevice", "softdevice_bootloader", "external_application")
MANIFEST = "manifest.json"
MOST, LONGEST_MANIFEST, LONGEST_PACKET, LONGEST = 64, 1 << 16, 1 << 12, 1 << 23  # members; bytes


class Part(msgspec.Struct, frozen=True):
    """What the manifest says of a part, as far as we use it."""

    bin_file: str
    dat_file: str


class Manifest(msgspec.Struct, frozen=True):
    """The manifest, whose parts lie in an object of its own."""

    manifest: dict[str, msgspec.Raw]


def parse(view: View, keys: Keys) -> Parsed:
    """The zip. Of one that is cut off the parts that are there, if its members' names are Nordic's."""
    zipped = archive(view, MOST)
    inside, sum_ = parts(view, zipped)
    return Parsed(
        length=zipped.length,
        sum=sum_ if zipped.whole else "not computed",
        sum_by="CRC-32 of each member",
        opaque=True,
        whole=zipped.whole,
        inside=inside,
    )


def parts(view: View, zipped: Archive) -> tuple[tuple[Inside, ...], Sum]:
    """The init packets of all parts, each with its firmware at hand, and whether all check sums are right."""
    try:
        told, right = unpacked(view, zipped.members[MANIFEST], LONGEST_MANIFEST)
    except (KeyError, NotThis):
        stems = [{name[:-4] for name in zipped.members if name.endswith(end)} for end in (".dat", ".bin")]
        if zipped.whole or not stems[0] & stems[1]:
            raise NotThis from None
        return (), "not computed"
    found: list[Inside] = []
    for name, part in manifest(told).items():
        try:
            packet, packet_right = unpacked(view, zipped.members[part.dat_file], LONGEST_PACKET)
            firmware, firmware_right = unpacked(view, zipped.members[part.bin_file], LONGEST)
        except (KeyError, NotThis):
            right = False
            continue
        right = right and packet_right and firmware_right
        found.append(Inside(name, -1, View(packet), format=about(packet, View(firmware))))
    return tuple(found), "right" if right else "wrong"


def about(packet: bytes, firmware: View) -> Format:
    """The format of a packet about this firmware; it has no beginning of its own."""
    if is_secure(packet):
        return Format(name="nordic-dfu-secure", starts=((0, b""),), parse=partial(secure, firmware))
    return Format(name="nordic-dfu-legacy", starts=((0, b""),), parse=partial(legacy, firmware))


def manifest(content: bytes) -> dict[str, Part]:
    """The parts. Raises NotThis where it is no manifest of Nordic's."""
    try:
        told = msgspec.json.decode(content, type=Manifest).manifest
        found = {name: msgspec.json.decode(told[name], type=Part) for name in PARTS if name in told}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotThis from None
    if not found:
        raise NotThis
    return found


NORDIC = Format(name="nordic-dfu", starts=((0, MAGIC),), parse=parse)
