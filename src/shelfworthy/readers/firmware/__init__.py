"""Firmware images: what they are wrapped in, and what protects that."""

from shelfworthy.model import Kind
from shelfworthy.readers.reader import Reader
from shelfworthy.sandbox.limits import MIB, Limits
from shelfworthy.seen.firmware import FirmwareComponents, FirmwareContents, FirmwareImage

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

FIRMWARE_CONTENTS = Reader(
    name="firmware-contents",
    version=3,
    kind=Kind.FIRMWARE,
    sees=(FirmwareContents, FirmwareComponents),
    read="shelfworthy.readers.firmware.contents.reading:read",
    tools=("unblob", "yara-x", "libpass", "lief"),
    extra="firmware",
    keeps_file=False,
    limits=Limits(
        memory=1024 * MIB,
        computing=120,
        time=180.0,
        output=32 * MIB,
        disk=1024 * MIB,
        inodes=150_000,
        processes=64,
    ),
)
