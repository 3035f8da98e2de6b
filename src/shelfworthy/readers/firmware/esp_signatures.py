"""What signs Espressif's images.

Secure boot, version 2: a sector of up to three blocks at the next boundary of 4 KiB, each with its key: RSA
(PSS) of 3072 bits, or ECDSA. A device trusts a key by its hash. Version 1: ECDSA, straight behind the image;
the key is elsewhere. Arduino for the ESP8266: RSA at the very end.
"""

from collections.abc import Callable
from hashlib import sha256, sha384
from typing import Any
from zlib import crc32

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from shelfworthy.readers.firmware.format import NotThis, View
from shelfworthy.readers.firmware.keys import (
    Keys,
    PublicKey,
    ecdsa,
    point,
    rsa_key,
    rsa_pkcs1,
    rsa_pss,
    source_of,
    tried,
)
from shelfworthy.seen.firmware import Signature

SECTOR, BLOCK, MOST = 4096, 1216, 3
MAGIC, RSA, ECDSA = 0xE7, 2, 3
COVERED = "all before its sector"
PADDING = b"\xff"
TRAILER = 68
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
# By the number a block gives a curve: its name, itself, bytes of a coordinate and the room for one, and hash.
Curve = tuple[str, ec.EllipticCurve, int, int, Callable[[Any], Any], hashes.HashAlgorithm]
CURVES: dict[int, Curve] = {
    1: ("P-192, SHA-256", ec.SECP192R1(), 24, 32, sha256, hashes.SHA256()),
    2: ("P-256, SHA-256", ec.SECP256R1(), 32, 32, sha256, hashes.SHA256()),
    3: ("P-384, SHA-384", ec.SECP384R1(), 48, 48, sha384, hashes.SHA384()),
}


def blocks(view: View, end: int, keys: Keys) -> tuple[tuple[Signature, ...], int]:
    """Those of version 2 behind an image, and where their sector ends; without any, where the image does.

    Where a file ends with the padding before the sector, it was cut off there.
    """
    at = end + -end % SECTOR
    padding = view.slice(end, at - end).content
    if at >= len(view):
        cut = len(padding) and not bytes(padding).strip(PADDING)
        return (), at + SECTOR if cut else end
    if view.content[at] != MAGIC or bytes(view.slice(at + 1, 1).content) not in (b"\x02", b"\x03"):
        return (), end
    found: list[Signature] = []
    try:
        for number in range(MOST):
            place = at + number * BLOCK
            if view.take(place, 1)[0] != MAGIC:
                break
            found.append(block(View(view.take(place, BLOCK)), place, view.slice(0, at), keys))
    except NotThis:
        pass  # this is where the file ends
    return tuple(found), at + SECTOR


def block(view: View, place: int, covered: View, keys: Keys) -> Signature:
    """One block. The key in it is named by the hash by which devices trust it."""
    kind = view.take(1, 1)[0]
    intact = crc32(view.content[:1196]) == view.number("<I", 1196)
    if kind == RSA:
        digest = sha256(covered.content).digest()
        modulus = int.from_bytes(view.take(36, 384), "little")
        key: PublicKey | None = rsa_key(modulus, view.number("<I", 420))
        made = view.take(812, 384)[::-1]
        fits = key is not None and rsa_pss(key, made, digest, hashes.SHA256())
        scheme, name, stated = "RSA-3072, PSS, SHA-256", view.take(36, 776), view.take(4, 32)
    elif kind == ECDSA and view.take(curve_at(view), 1)[0] in CURVES:
        at = curve_at(view)
        words, curve, size, room, make, algorithm = CURVES[view.take(at, 1)[0]]
        digest = make(covered.content).digest()
        x, y, r, s = (view.take(at + 1 + part, size)[::-1] for part in halves(size, room))
        key = point(curve, int.from_bytes(x, "big"), int.from_bytes(y, "big"))
        fits = key is not None and ecdsa(key, r + s, digest, algorithm)
        scheme, name, stated = f"ECDSA {words}", view.take(at, 1 + 2 * room), view.take(4, len(digest))
    else:
        return Signature("of an unknown kind", COVERED, "not understood", place, BLOCK, "", "")
    fits = fits and intact and stated == digest
    known = key in keys.known
    return Signature(
        scheme,
        COVERED,
        "verified" if fits else "wrong",
        place,
        BLOCK,
        sha256(name).hexdigest(),
        "product file" if known else "image",
    )


def curve_at(view: View) -> int:
    """Where a block of ECDSA has its curve: behind the digest, which one byte tells the length of."""
    return 52 if view.take(2, 1) == b"\x01" else 36


def halves(size: int, room: int) -> tuple[int, int, int, int]:
    """Where coordinates and numbers of the signature begin: side by side, in room for a larger curve."""
    return 0, size, 2 * room, 2 * room + size


def trailer(view: View, end: int, keys: Keys) -> tuple[tuple[Signature, ...], int]:
    """That of version 1, and where it ends. It has no mark: four zeros, and two numbers that may be one."""
    rest = view.slice(end, TRAILER + 12)
    if bytes(rest.content[:4]) != bytes(4):
        return (), end
    if len(rest) < TRAILER:
        return (), end + TRAILER if len(view) - end == len(rest) and len(rest) > 4 else end
    made = rest.take(4, 64)
    numbers = [int.from_bytes(half, "big") for half in (made[:32], made[32:])]
    behind = bytes(rest.content[TRAILER:]).strip(PADDING).strip(b"\0")
    if behind or not all(1 << 200 < number < ORDER for number in numbers):
        return (), end
    digest = sha256(view.content[:end]).digest()
    proof, key = tried(keys, lambda key: ecdsa(key, made, digest, hashes.SHA256()), ec.EllipticCurvePublicKey)
    return (
        Signature("ECDSA P-256, SHA-256", "all before it", proof, end, TRAILER, key, source_of(key)),
    ), end + TRAILER


def arduino(view: View, end: int, keys: Keys) -> tuple[tuple[Signature, ...], int]:
    """Arduino's: RSA of 2048 bits and its length, as the last bytes. Where it ends, or the image does."""
    at = len(view) - 260
    if at < end or view.number("<I", len(view) - 4) != 256:
        return (), end
    made, digest = view.take(at, 256), sha256(view.content[:at]).digest()
    proof, key = tried(keys, lambda key: rsa_pkcs1(key, made, digest, hashes.SHA256()), rsa.RSAPublicKey)
    return (
        Signature("RSA-2048, PKCS #1, SHA-256", "all before it", proof, at, 260, key, source_of(key)),
    ), len(view)
