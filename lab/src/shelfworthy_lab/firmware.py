"""Images that a device of the lab takes: what they say of themselves, and what it asks before it runs one.

Where nobody's key is trusted, whatever has a right check sum is good; else only what the maker signed.
"""

import struct
from dataclasses import dataclass
from zlib import crc32

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from shelfworthy_lab import fit, mcuboot
from shelfworthy_lab.radio import oad

HEADER = 64
UIMAGE = 0x27051956
PLAIN = "PlumOS "  # how the body of a toy's image begins


class NotTaken(Exception):
    """An image that this device does not run; the text is what it says."""


@dataclass(frozen=True)
class Image:
    """An image that was found good. says: its version, as told. counts: 0 where nothing does."""

    says: str
    counts: int


def good(content: bytes, key: bytes) -> Image:
    """An image that this device runs; key: PEM of who signs, b"" if anybody may. Raises NotTaken."""
    if content[:4] == UIMAGE.to_bytes(4, "big"):
        return _legacy(content, key)
    if content[:4] == fit.MAGIC.to_bytes(4, "big"):
        return _fit(content, key)
    return _toy(content, key)


def _legacy(content: bytes, key: bytes) -> Image:
    if key:
        raise NotTaken("not signed")
    if len(content) < HEADER:
        raise NotTaken("too short")
    _, header_sum, _, size, _, _, data_sum = struct.unpack_from(">7I", content)
    if crc32(content[:4] + bytes(4) + content[8:HEADER]) != header_sum:
        raise NotTaken("bad header")
    if crc32(content[HEADER : HEADER + size]) != data_sum or len(content) != HEADER + size:
        raise NotTaken("bad check sum")
    return Image(content[32:HEADER].rstrip(b"\0").decode("latin-1"), 0)


def _fit(content: bytes, key: bytes) -> Image:
    trusted = load_pem_public_key(key) if key else None
    try:
        counts = fit.counter_of(content, trusted) if isinstance(trusted, RSAPublicKey) else 0
        return Image(fit.tree(content).text("/", "description"), counts)
    except (fit.NotGood, KeyError) as error:
        raise NotTaken(str(error)) from error


def _toy(content: bytes, key: bytes) -> Image:
    """TI's over-the-air image; a signed one has an MCUboot image for its body."""
    if len(content) < oad.HEADER or oad.crc(content[4:]) != int.from_bytes(content[:2], "little"):
        raise NotTaken("bad check sum")
    counts = 0
    if key:
        trusted = load_pem_public_key(key)
        assert isinstance(trusted, Ed25519PublicKey)
        try:
            counts = mcuboot.counter_of(content[oad.HEADER :], trusted)
        except (mcuboot.NotGood, IndexError, ValueError) as error:
            raise NotTaken("not signed") from error
    at = content.find(PLAIN.encode())
    if at < 0:
        raise NotTaken("it has no version")
    return Image(content[at : content.index(b"\0", at)].decode("latin-1"), counts)


def toy(version: int, *, signed: bool, size: int = 2048) -> bytes:
    """An image of a toy that says "PlumOS VERSION"."""
    return oad.image(
        version, "B", size=size, signed=signed, counter=version, says=f"{PLAIN}{version}\0".encode()
    )
