"""Public keys and the signatures they verify, of the kinds that update schemes use. Pure; never raises."""

import base64
import binascii
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

Key = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
Verify = Callable[[bytes, bytes], None]

RAW_ED25519 = 32  # bytes (RFC 8032, section 5.1.5)
HASHES: dict[str, hashes.HashAlgorithm] = {
    "224": hashes.SHA224(),
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}


def read_pem(content: bytes) -> Key | None:
    """A key in PEM, None if it is none of those we verify with."""
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Key) else None


def read_ed25519(content: bytes) -> ed25519.Ed25519PublicKey | None:
    """A key of 32 bytes: as they are, in hex, or in base64."""
    for raw in (content, *unpacked(content)):
        if len(raw) == RAW_ED25519:
            try:
                return ed25519.Ed25519PublicKey.from_public_bytes(raw)
            except ValueError:
                return None
    return None


def unpacked(content: bytes) -> tuple[bytes, ...]:
    """What hex or base64 in these bytes may mean."""
    text = b"".join(content.split())
    found = []
    for read in (binascii.unhexlify, lambda it: base64.b64decode(it, validate=True)):
        try:
            found.append(read(text))
        except (binascii.Error, ValueError):
            continue
    return tuple(found)


def der(key: Key) -> bytes:
    """The key as SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7)."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, form)


def verifies(key: Key, signature: bytes, content: bytes) -> bool:
    """Whether this is the key's signature of the content: Ed25519; ECDSA with the curve's hash; RSA with
    SHA-256, PKCS #1 v1.5 or PSS.
    """
    match key:
        case ed25519.Ed25519PublicKey():
            return holds(lambda: key.verify(signature, content))
        case ec.EllipticCurvePublicKey():
            return holds(lambda: key.verify(signature, content, ec.ECDSA(curve_hash(key))))
        case rsa.RSAPublicKey():
            old, new, algorithm = padding.PKCS1v15(), pss(hashes.SHA256()), hashes.SHA256()
            return holds(lambda: key.verify(signature, content, old, algorithm)) or holds(
                lambda: key.verify(signature, content, new, algorithm)
            )


def curve_hash(key: ec.EllipticCurvePublicKey) -> hashes.HashAlgorithm:
    return hashes.SHA384() if key.key_size == 384 else hashes.SHA256()


def pss(algorithm: hashes.HashAlgorithm) -> padding.PSS:
    return padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO)


def holds(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def tuf_verifier(kind: str, scheme: str, public: str) -> Verify | None:
    """What verifies the signatures of a TUF key (specification 1.0, section 4.2), None for other kinds.

    Raises ValueError for a key of a kind we know that is broken.
    """
    if (kind, scheme) == ("ed25519", "ed25519"):
        return ed25519.Ed25519PublicKey.from_public_bytes(binascii.unhexlify(public)).verify
    size = scheme.rpartition("sha2-nistp")[2] if "sha2-nistp" in scheme else scheme.rpartition("-sha")[2]
    algorithm = HASHES.get(size)
    if algorithm is None:
        return None
    key = serialization.load_pem_public_key(public.encode())
    if kind.startswith("ecdsa") and isinstance(key, ec.EllipticCurvePublicKey):
        if scheme not in {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"}:
            return None
        return lambda signature, content: key.verify(signature, content, ec.ECDSA(algorithm))
    if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
        if scheme.startswith("rsassa-pss-"):
            return lambda signature, content: key.verify(signature, content, pss(algorithm), algorithm)
        if scheme.startswith("rsa-pkcs1v15-"):
            return lambda signature, content: key.verify(signature, content, padding.PKCS1v15(), algorithm)
    return None
