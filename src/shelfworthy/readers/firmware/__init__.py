"""Firmware images: what they are wrapped in, and what protects that."""

from shelfworthy.model import Kind
from shelfworthy.readers.reader import Reader
from shelfworthy.seen.firmware import FirmwareImage

FIRMWARE = Reader(
    name="firmware-image",
    version=1,
    kind=Kind.FIRMWARE,
    sees=(FirmwareImage,),
    read="shelfworthy.readers.firmware.image:read",
    asks=("public_key",),
    tools=("cryptography",),
    keeps_file=False,  # it may hold keys and passwords, and is the maker's
)
