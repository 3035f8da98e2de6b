"""Private keys and certificates in the content of a file: PEM, OpenSSH, Dropbear, DER.

Only what can be read as a key is one: the words of a PEM header stand in every program that reads keys.
"""

import re
import warnings
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    load_ssh_private_key,
)
from cryptography.utils import CryptographyDeprecationWarning

from shelfworthy.seen.firmware_contents import Answer, SecretSort

LARGEST = 64 << 10  # bytes of a key
DER = 0x30  # a sequence
CURVES = {b"nistp256": ec.SECP256R1(), b"nistp384": ec.SECP384R1(), b"nistp521": ec.SECP521R1()}
HEAD = re.compile(rb"-----BEGIN ((?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY|CERTIFICATE)-----")
BODY = re.compile(rb"[\r\n0-9A-Za-z+/=:,. -]{40,}")
DASHES = b"-----"
# What each of these says in its own words; nothing of it is a reason to stop.
UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, OverflowError, x509.InvalidVersion)

Public = (
    rsa.RSAPublicKey
    | ec.EllipticCurvePublicKey
    | dsa.DSAPublicKey
    | ed25519.Ed25519PublicKey
    | ed448.Ed448PublicKey
    | x25519.X25519PublicKey
    | x448.X448PublicKey
)


class Key(NamedTuple):
    """A key or certificate. at, length: in the content. fingerprint: "" where a pass phrase hides it."""

    sort: SecretSort
    scheme: str
    fingerprint: str
    locked: Answer
    at: int
    length: int


def key_at(content: bytes, at: int) -> Key | None:
    """The PEM or OpenSSH block that begins at a place, if it can be read."""
    head = HEAD.match(content, at)
    if head is None:
        return None
    tail = b"-----END %s-----" % head[1]
    end = content.find(DASHES, head.end(), at + LARGEST)  # the next dashes are its end, or it has none
    if end < 0 or not content.startswith(tail, end) or not BODY.fullmatch(content, head.end(), end):
        return None
    pem, label = content[at : end + len(tail)], head[1].decode()
    if label == "CERTIFICATE":
        return certificate(pem, at)
    if label.startswith("ENCRYPTED") or b"\nProc-Type: 4,ENCRYPTED" in pem.replace(b"\r", b""):
        scheme = label.removesuffix("PRIVATE KEY").removeprefix("ENCRYPTED").strip()
        return Key("private key", scheme or "PKCS #8", "", "yes", at, len(pem))
    public, locked = opened(pem, label)
    if public is None and locked != "yes":
        return None
    return Key("private key", *described(public), locked, at, len(pem))


def opened(pem: bytes, label: str) -> tuple[Public | None, Answer]:
    """The public half of a private key in PEM, if it can be had, and whether it wants a pass phrase."""
    load = load_ssh_private_key if label.startswith("OPENSSH") else load_pem_private_key
    try:
        return quietly(load, pem), "no"
    except TypeError:  # it wants a pass phrase
        return None, "yes"
    except UNREADABLE:
        return None, "unknown"


def quietly(load: object, content: bytes) -> Public:
    """The public half of the key a function loads; old and short keys are what we are looking for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        public: Public = load(content, None).public_key()  # type: ignore[operator]
    return public


def whole_file(content: bytes) -> Key | None:
    """The key a file is: PKCS #8, PKCS #1 or SEC 1 in DER, or a host key of Dropbear."""
    if not 32 <= len(content) <= LARGEST:
        return None
    public: Public | None = None
    try:
        if content[0] == DER:
            public = quietly(load_der_private_key, content)
        elif content[:3] == b"\0\0\0":
            public = dropbear(content)
    except UNREADABLE:
        return None
    return None if public is None else Key("private key", *described(public), "no", 0, len(content))


def dropbear(content: bytes) -> Public | None:
    """The public half of a Dropbear host key: the fields of SSH's public key, then the private ones."""
    fields = list(ssh_fields(content))
    name = fields[0] if fields else b""
    numbers = [int.from_bytes(field, "big") for field in fields[1:]]
    if name == b"ssh-rsa" and len(numbers) == 5:
        return rsa.RSAPublicNumbers(numbers[0], numbers[1]).public_key()
    if name == b"ssh-dss" and len(numbers) == 5:
        group = dsa.DSAParameterNumbers(*numbers[:3])
        return dsa.DSAPublicNumbers(numbers[3], group).public_key()
    if name == b"ssh-ed25519" and len(fields) == 2 and len(fields[1]) == 64:
        return ed25519.Ed25519PublicKey.from_public_bytes(fields[1][32:])
    if name.startswith(b"ecdsa-sha2-") and len(fields) == 4:
        curve = CURVES.get(fields[1])
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, fields[2]) if curve else None
    return None


def ssh_fields(content: bytes) -> Iterator[bytes]:
    """Strings with their length before them (RFC 4251, section 5), at most ten, to the end or nothing."""
    at = 0
    found: list[bytes] = []
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        if at + 4 + length > len(content) or len(found) >= 10:
            return
        found.append(content[at + 4 : at + 4 + length])
        at += 4 + length
    yield from found


def certificate(pem: bytes, at: int) -> Key | None:
    """The certificate that a block is, if it can be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what old certificates do wrong is not the question
            found = x509.load_pem_x509_certificate(pem)
            public = found.public_key()
    except UNREADABLE:
        return None
    scheme = described(public)[0] if isinstance(public, Public) else "of an unknown kind"
    fingerprint = sha256(found.public_bytes(Encoding.DER)).hexdigest()
    return Key("certificate", scheme, fingerprint, "no", at, len(pem))


def described(public: Public | None) -> tuple[str, str]:
    """What people call a key, and the SHA-256 of its SubjectPublicKeyInfo."""
    if public is None:
        return "OpenSSH", ""
    match public:
        case rsa.RSAPublicKey():
            scheme = f"RSA {public.key_size}"
        case dsa.DSAPublicKey():
            scheme = f"DSA {public.key_size}"
        case ec.EllipticCurvePublicKey():
            scheme = f"ECDSA {public.curve.name}"
        case _:
            scheme = type(public).__name__.removesuffix("PublicKey")
    encoded = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return scheme, sha256(encoded).hexdigest()
