"""What an image begins like, of the containers that can carry a signature inside. Pure."""

# First bytes, offset, name; from the formats' own documentation.
CONTAINERS = (
    (b"\x3d\xb8\xf3\x96", 0, "MCUboot"),  # IMAGE_MAGIC 0x96f3b83d, little-endian
    (b"CrAU", 0, "Android payload"),
    (b"hsqs", 0, "SquashFS, as in RAUC bundles"),
    (b"070701", 0, "cpio, as in SWUpdate"),
    (b"070702", 0, "cpio, as in SWUpdate"),
    (b"\xd0\x0d\xfe\xed", 0, "flattened image tree"),
    (b"\xe9", 0, "ESP image"),
    (b"\x1e\xf1\xee\x0b", 0, "Zigbee OTA"),
    (b"\xeb\x17\xa6\x03", 0, "Gecko bootloader"),
    (b"PK\x03\x04", 0, "zip, as in Nordic and Android packages"),
    (b"ustar", 257, "tar, as in Mender"),
    (b"MZ", 0, "UEFI or Windows program"),
    (b"MSCF", 0, "Windows cabinet"),
    (b"ANDROID!", 0, "Android boot image"),
    (b"!<arch>\n", 0, "ar, as in Debian and opkg packages"),
    (b"\xed\xab\xee\xdb", 0, "RPM"),
    (b"\x30\x82", 0, "DER, as in CMS"),
    (b"\x30\x83", 0, "DER, as in CMS"),
    (b"-----BEGIN ", 0, "armour, as of OpenPGP and CMS"),
    # What is packed may be any of these: nobody unpacks it here.
    (b"\x1f\x8b", 0, "gzip"),
    (b"BZh", 0, "bzip2"),
    (b"\xfd7zXZ\0", 0, "xz"),
    (b"\x28\xb5\x2f\xfd", 0, "zstd"),
    (b"7z\xbc\xaf\x27\x1c", 0, "7z"),
)


def container(begins: bytes) -> str:
    """The container an image begins like, "" if like none of these."""
    return next((name for magic, at, name in CONTAINERS if begins[at : at + len(magic)] == magic), "")
