"""Zigbee over-the-air images (Zigbee Cluster Library, chapter 11): a header, then elements behind their tags.

The container can carry a signature of its own, by keys that only certified makers had; hardly anybody used
it. What counts lies inside, in a container of the chip's maker or in one of the product's maker.
"""

from shelfworthy.readers.firmware.format import Format, Inside, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import Keys
from shelfworthy.seen.firmware import Signature

MAGIC = b"\x1e\xf1\xee\x0b"
FIXED = 56  # bytes of the header's fixed part
IMAGE, ECDSA, CERTIFICATE, HASH = 0, 1, 2, 3  # tags
MOST = 64  # elements


def parse(view: View, keys: Keys) -> Parsed:
    """One file; elements past its end are not there."""
    _, header_version, header, _, maker, kind, version, _ = view.numbers("<IHHHHHIH", 0)
    length = view.number("<I", 52)
    if header_version != 0x0100 or not FIXED <= header <= FIXED + 64 or length < header:
        raise NotThis
    inside: list[Inside] = []
    signatures: list[Signature] = []
    at, whole = header, length <= len(view)
    end = min(length, len(view))
    while at + 6 <= end and len(inside) + len(signatures) < MOST:
        tag, size = view.numbers("<HI", at)
        at += 6
        if tag == ECDSA:
            signatures.append(
                Signature(
                    "ECDSA of Zigbee (ECMQV certificate)", "whole file", "not understood", at, size, "", ""
                )
            )
        elif tag not in (CERTIFICATE, HASH):
            part = "upgrade image" if tag == IMAGE else f"element {tag:04x}"
            inside.append(Inside(part, at, view.slice(at, min(size, end - at))))
        at += size
    return Parsed(
        length=length,
        signs=True,
        signatures=tuple(signatures),
        opaque=True,
        version=f"0x{version:08x} (maker 0x{maker:04x}, image type 0x{kind:04x})",
        whole=whole,
        inside=tuple(inside),
    )


ZIGBEE = Format(name="zigbee-ota", starts=((0, MAGIC),), parse=parse, searched=True)
