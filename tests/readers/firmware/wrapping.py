"""Containers built for tests that no tool to be had makes: Zigbee files and Silicon Labs' GBL."""

import struct
from hashlib import sha256
from zlib import crc32

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

CODE = bytes(range(256)) * 4


def zigbee(*elements: tuple[int, bytes]) -> bytes:
    """A file with these elements, of maker 0x1234."""
    body = b"".join(struct.pack("<HI", tag, len(content)) + content for tag, content in elements)
    head = struct.pack("<IHHHHHIH", 0x0BEEF11E, 0x0100, 56, 0, 0x1234, 1, 0x10, 2)
    return head + b"bear".ljust(32, b"\0") + struct.pack("<I", 56 + len(body)) + body


def gbl(
    code: bytes = CODE, key: ec.EllipticCurvePrivateKey | None = None, certified: bool = False, kind: int = 0
) -> bytes:
    """One GBL. key: it is signed with it; certified: by way of another key, which that one signed."""
    made = _tag(0x03A617EB, struct.pack("<II", 0x03000000, kind | (0x100 if key else 0)))
    made += _tag(0xF40A0AF4, struct.pack("<III", 1, 7, 0) + bytes(16)) + _tag(0xFD0303FD, bytes(4) + code)
    if key and certified:
        own = ec.generate_private_key(ec.SECP256R1())
        numbers = own.public_key().public_numbers()
        signed = bytes(4) + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big") + bytes(4)
        made += _tag(0xF30B0BF3, signed + _signature(key, signed))
        key = own
    if key:
        made += _tag(0xF70A0AF7, _signature(key, made))
    made += struct.pack("<II", 0xFC0404FC, 4)
    return made + struct.pack("<I", crc32(made))


def _tag(number: int, content: bytes) -> bytes:
    return struct.pack("<II", number, len(content)) + content


def _signature(key: ec.EllipticCurvePrivateKey, content: bytes) -> bytes:
    made = key.sign(sha256(content).digest(), ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    return b"".join(number.to_bytes(32, "big") for number in utils.decode_dss_signature(made))
