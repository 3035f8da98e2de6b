"""Images in MCUboot's form ("Image format" in its documentation), signed with Ed25519, with a counter."""

import struct
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAGIC, HEADER = 0x96F3B83D, 32
PROTECTED, PLAIN = 0x6908, 0x6907
KEY_HASH, HASH, ED25519, COUNTER = 0x01, 0x10, 0x24, 0x50
ADDED = HEADER + 12 + 4 + 3 * 4 + 32 + 32 + 64  # bytes that signing adds to a body


class NotGood(Exception):
    """An image that its device does not run."""


def signed(body: bytes, version: tuple[int, int, int], counter: int | None, key: Ed25519PrivateKey) -> bytes:
    """A body as an image. counter: None where it counts nothing."""
    counted = b"" if counter is None else _list(PROTECTED, [(COUNTER, struct.pack("<I", counter))])
    head = struct.pack("<IIHHII", MAGIC, 0, HEADER, len(counted), len(body), 0)
    head += struct.pack("<BBHI", *version, 0) + bytes(4)
    whole = head + body + counted
    digest = sha256(whole).digest()
    named = sha256(public(key.public_key())).digest()
    return whole + _list(PLAIN, [(HASH, digest), (KEY_HASH, named), (ED25519, key.sign(digest))])


def counter_of(image: bytes, key: Ed25519PublicKey) -> int:
    """What an image counts, if it is signed with this key. Raises NotGood."""
    try:
        _, _, head, protected, size, _ = struct.unpack_from("<IIHHII", image)
        end = head + size + protected
        values = _values(image[end:])
        digest = sha256(image[:end]).digest()
        key.verify(values[ED25519], digest)
        return int.from_bytes(_values(image[head + size : end])[COUNTER], "little")
    except (struct.error, KeyError, InvalidSignature) as error:
        raise NotGood from error


def public(key: Ed25519PublicKey) -> bytes:
    """A key as X.509 writes it."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def pem(key: Ed25519PublicKey) -> bytes:
    """A key as makers publish it."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _list(kind: int, values: list[tuple[int, bytes]]) -> bytes:
    written = b"".join(struct.pack("<HH", type_, len(value)) + value for type_, value in values)
    return struct.pack("<HH", kind, 4 + len(written)) + written


def _values(written: bytes) -> dict[int, bytes]:
    _, length = struct.unpack_from("<HH", written)
    at, found = 4, {}
    while at < length:
        type_, size = struct.unpack_from("<HH", written, at)
        found[type_] = written[at + 4 : at + 4 + size]
        at += 4 + size
    return found
