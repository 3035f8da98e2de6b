"""Nordic's packages as nrfutil writes them, which no tool that runs here signs."""

import io
import json
import struct
import zipfile
from binascii import crc_hqx
from hashlib import sha256, sha512

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from tests.readers.firmware.seeing import CODE, PrivateKey

SHA256, SHA512, CRC = 3, 4, 1
FW, HW = 52, 40


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def held(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def halves(key: PrivateKey, message: bytes, order: str) -> bytes:
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    pair = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return b"".join(one.to_bytes(32, "little" if order == "little" else "big") for one in pair)


def command(firmware: bytes = CODE, hash_kind: int = SHA256, debug: bool = False) -> bytes:
    make = {SHA256: sha256, SHA512: sha512}.get(hash_kind)
    made = make(firmware).digest()[::-1] if make else b"\1\2\3\4"
    init = number(1, FW) + number(2, HW) + held(3, varint(0x123)) + number(4, 0) + number(7, len(firmware))
    init += held(8, number(1, hash_kind) + held(2, made)) + number(9, debug)
    init += held(10, number(1, 1) + held(2, b""))
    return number(1, 1) + held(2, init)


def secure(key: PrivateKey | None = None, told: bytes = b"", kind: int = 0) -> bytes:
    told = told or command()
    if key is None:
        return held(1, told)
    return held(2, held(1, told) + number(2, kind) + held(3, halves(key, told, "little")))


def legacy(form: float, key: PrivateKey | None = None, firmware: bytes = CODE) -> bytes:
    fixed = struct.pack("<HHIHHH", 0x52, 0xFFFF, 7, 2, 0x64, 0x67)
    crc = struct.pack("<H", crc_hqx(firmware, 0xFFFF))
    length_and_hash = struct.pack("<I", len(firmware)) + sha256(firmware).digest()
    if form == 0.5:
        return fixed + crc
    if form == 0.6:
        return fixed + struct.pack("<I", 0) + crc
    if form == 0.7:
        return fixed + struct.pack("<I", 1) + length_and_hash
    assert key is not None
    told = fixed + struct.pack("<I", 2) + length_and_hash
    return told + halves(key, told, "big")


def package(
    packets: dict[str, bytes],
    firmware: bytes = CODE,
    method: int = zipfile.ZIP_DEFLATED,
    told: dict[str, object] | None = None,
) -> bytes:
    """A zip of these parts; told: what else the manifest says."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        parts: dict[str, object] = {}
        for part, packet in packets.items():
            file.writestr(f"{part}.dat", packet)
            file.writestr(f"{part}.bin", firmware)
            parts[part] = {"bin_file": f"{part}.bin", "dat_file": f"{part}.dat"}
        file.writestr("manifest.json", json.dumps({"manifest": parts | (told or {})}))
    return packed.getvalue()
