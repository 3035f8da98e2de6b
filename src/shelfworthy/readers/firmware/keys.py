"""Public keys, and whether a signature fits one.

A key of the product file is tried on every signature of its type. What is verified with a key that the image
itself brings shows that the image is as its signer left it, and which key a device has to trust.
"""

from collections.abc import Callable
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from shelfworthy.model import Record
from shelfworthy.seen.firmware import Proof, Source

default_backend()  # what it would import at the first key, a confined child can no longer import

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class Keys(Record, frozen=True):
    """The public keys that the product file names."""

    known: tuple[PublicKey, ...] = ()


def keys_of(pem: str) -> Keys:
    """The public keys in PEM, or of certificates in it. Raises ValueError, UnsupportedAlgorithm."""
    found: list[PublicKey] = []
    for block in pem.split("-----BEGIN ")[1:]:
        text = ("-----BEGIN " + block).encode()
        if block.startswith("CERTIFICATE"):
            key = x509.load_pem_x509_certificate(text).public_key()
        else:
            key = serialization.load_pem_public_key(text)  # type: ignore[assignment]
        if not isinstance(key, PublicKey):
            raise ValueError("a key of a kind that signs no firmware here")
        found.append(key)
    if pem and not found:
        raise ValueError("there is no key in it")
    return Keys(tuple(found))


def fingerprint(key: PublicKey) -> str:
    """SHA-256 of the key as X.509 writes it (SubjectPublicKeyInfo)."""
    return sha256(spki(key)).hexdigest()


def spki(key: PublicKey) -> bytes:
    """The key as X.509 writes it."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def rsa_bytes(key: rsa.RSAPublicKey) -> bytes:
    """The key as PKCS #1 writes it."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)


def loaded(der: bytes) -> PublicKey | None:
    """A key that lies in an image, as X.509 writes it, or RSA's as PKCS #1 does."""
    try:
        key = serialization.load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, PublicKey) else None


def rsa_key(modulus: int, exponent: int) -> rsa.RSAPublicKey | None:
    """A key of its numbers, None if they are none."""
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        return None


def point(curve: ec.EllipticCurve, x: int, y: int) -> ec.EllipticCurvePublicKey | None:
    """A key of its coordinates, None if they lie on no curve."""
    try:
        return ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
    except ValueError:
        return None


def ecdsa(key: PublicKey, signature: bytes, digest: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    """Whether an ECDSA signature, in DER or as two numbers, fits a digest."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    half = (key.curve.key_size + 7) // 8
    if len(signature) == 2 * half:
        r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        signature = utils.encode_dss_signature(r, s)
    return fits(lambda: key.verify(signature, digest, ec.ECDSA(utils.Prehashed(algorithm))))


def rsa_pss(
    key: PublicKey, signature: bytes, digest: bytes, algorithm: hashes.HashAlgorithm, salt: int | None = 32
) -> bool:
    """Whether an RSA-PSS signature fits a digest. salt: its length, None for any."""
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    padded = padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO if salt is None else salt)
    return fits(lambda: key.verify(signature, digest, padded, utils.Prehashed(algorithm)))


def rsa_pkcs1(key: PublicKey, signature: bytes, digest: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    """Whether an RSA signature of PKCS #1 version 1.5 fits a digest."""
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    return fits(lambda: key.verify(signature, digest, padding.PKCS1v15(), utils.Prehashed(algorithm)))


def ed25519_fits(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature fits a message."""
    return isinstance(key, ed25519.Ed25519PublicKey) and fits(lambda: key.verify(signature, message))


def digested(content: bytes | memoryview, algorithm: hashes.HashAlgorithm) -> bytes:
    """The digest of bytes."""
    made = hashes.Hash(algorithm)
    made.update(content)
    return made.finalize()


def fits(verify: Callable[[], None]) -> bool:
    """Whether verifying raises nothing; a signature that no such key could have made does not fit either."""
    try:
        verify()
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def tried(keys: Keys, fit: Callable[[PublicKey], bool], kind: type[PublicKey]) -> tuple[Proof, str]:
    """How a signature stands to the keys of the product file, and the fingerprint of the one that counts.

    kind: of the keys that could have made it; without any of those nobody named its key.
    """
    able = [key for key in keys.known if isinstance(key, kind)]
    for key in able:
        if fit(key):
            return "verified", fingerprint(key)
    return ("wrong", fingerprint(able[0])) if able else ("no key", "")


def source_of(key: str) -> Source:
    """Where a key that was tried came from."""
    return "product file" if key else ""
