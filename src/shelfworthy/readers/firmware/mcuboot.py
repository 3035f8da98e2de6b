"""MCUboot images: header, image, and a list of types, lengths and values (MCUboot, "Image format").

The signature is over the hash of header, image and protected values; a security counter among these is what
keeps an older image out. The key is named by its hash, or lies in the image as a whole.
"""

from hashlib import sha256, sha384, sha512

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from shelfworthy.model import Record
from shelfworthy.readers.firmware.format import Format, NotThis, Parsed, View
from shelfworthy.readers.firmware.keys import (
    Keys,
    PublicKey,
    ecdsa,
    ed25519_fits,
    loaded,
    rsa_bytes,
    rsa_pss,
    spki,
)
from shelfworthy.seen.firmware import Proof, Signature, Source, Sum
from shelfworthy.seen.firmware_contents import Answer

MAGIC = b"\x3d\xb8\xf3\x96"
HEADER = "<IIHHIIBBHI"
ENCRYPTED = 0x04 | 0x08  # flags: AES-128, AES-256
PLAIN, PROTECTED = 0x6907, 0x6908
KEYS = frozenset({0x30, 0x31, 0x32, 0x33})  # what it is encrypted with, itself encrypted
KEY_HASH, PUBLIC_KEY, COUNTER, PURE = 0x01, 0x02, 0x50, 0x25
HASHES = {0x10: (sha256, hashes.SHA256()), 0x11: (sha384, hashes.SHA384()), 0x12: (sha512, hashes.SHA512())}
SIGNATURES = {
    0x20: "RSA-2048, PSS",
    0x21: "ECDSA P-224",
    0x22: "ECDSA P-256",
    0x23: "RSA-3072, PSS",
    0x24: "Ed25519",
}

SOURCE: dict[bool, Source] = {False: "", True: "image"}


class Value(Record, frozen=True):
    """One entry of the list. at: of what it holds."""

    type: int
    at: int
    content: bytes
    protected: bool


def parse(view: View, keys: Keys) -> Parsed:
    """One image and its list, which may be cut off."""
    _, _, header, protected, size, flags, *version = view.numbers(HEADER, 0)
    if header < 32 or header + size > 1 << 30 or view.numbers("<I", 28)[0] not in (0, 0xFFFFFFFF):
        raise NotThis
    major, minor, revision, build = version
    told = f"{major}.{minor}.{revision}" + (f"+{build}" if build else "")
    end = header + size
    encrypted: Answer = "yes" if flags & ENCRYPTED else "no"
    try:
        values, length = listed(view, end, protected)
    except NotThis:
        return Parsed(length=end + 4, signs=True, encrypted=encrypted, version=told, whole=False)
    signed = view.take(0, end + protected)
    if not any(one.type in KEYS for one in values):
        encrypted = "no"  # one bit says so, and nobody could decrypt it: it is held against its hash
    sum_, digest, algorithm = summed(values, signed, encrypted == "yes")
    covers = "image" if encrypted == "no" else "the hash that it states, of the clear text"
    signatures = tuple(
        signature(one, covers, values, digest, algorithm, signed, keys)
        for one in values
        if one.type in SIGNATURES
    )
    counter = next((one for one in values if one.type == COUNTER and one.protected), None)
    return Parsed(
        length=length,
        sum=sum_,
        sum_by=algorithm.name.upper().replace("SHA", "SHA-") if sum_ != "none" else "",
        signs=True,
        signatures=signatures,
        encrypted=encrypted,
        version=told,
        rollback=f"security counter {int.from_bytes(counter.content, 'little')}" if counter else "",
    )


def listed(view: View, start: int, protected: int) -> tuple[list[Value], int]:
    """The entries, protected ones first, and where the list ends. Raises NotThis where it is cut off."""
    values: list[Value] = []
    at = start
    for kind in (PROTECTED, PLAIN) if protected else (PLAIN,):
        magic, length = view.numbers("<HH", at)
        if magic != kind or length < 4:
            raise NotThis
        end, at = at + length, at + 4
        while at < end:
            type_, size = view.numbers("<HH", at)
            values.append(Value(type_, at + 4, view.take(at + 4, size), kind == PROTECTED))
            at += 4 + size
        if at != end:
            raise NotThis
    return values, at


def summed(values: list[Value], signed: bytes, encrypted: bool) -> tuple[Sum, bytes, hashes.HashAlgorithm]:
    """Whether the hash is right, what it is to be, and what made it. It is of the clear text."""
    for one in values:
        if one.type in HASHES:
            make, algorithm = HASHES[one.type]
            if encrypted:
                return "not computed", one.content, algorithm
            made = make(signed).digest()
            return "right" if made == one.content else "wrong", made, algorithm
    return "none", b"", hashes.SHA256()


def signature(
    one: Value,
    covers: str,
    values: list[Value],
    digest: bytes,
    algorithm: hashes.HashAlgorithm,
    signed: bytes,
    keys: Keys,
) -> Signature:
    """One signature, and how it stands to the key that the image names or brings.

    It is held against what the image comes to; of an encrypted one against the hash that it states.
    """
    named = next((value.content for value in values if value.type == KEY_HASH), b"")
    brought = next((loaded(value.content) for value in values if value.type == PUBLIC_KEY), None)
    pure = any(value.type == PURE for value in values)

    def fits(key: PublicKey) -> bool:
        if one.type == 0x24:
            return ed25519_fits(key, one.content, signed if pure else digest)
        if one.type in (0x20, 0x23):
            return rsa_pss(key, one.content, digest, algorithm)
        return ecdsa(key, one.content, digest, algorithm)

    known = [key for key in keys.known if not named or key_hash(key, len(named)) == named]
    tries: list[tuple[PublicKey, Source]] = [(key, "product file") for key in known]
    if brought is not None:
        tries.append((brought, "image"))
    proof: Proof = "no key"
    name, source = named, SOURCE[bool(named)]
    if tries:
        key, source = tries[0]
        proof, name = "verified" if fits(key) else "wrong", named or key_hash(key, 32)
    return Signature(SIGNATURES[one.type], covers, proof, one.at, len(one.content), name.hex(), source)


def key_hash(key: PublicKey, length: int) -> bytes:
    """How MCUboot names a key: the hash of what X.509 writes, or of RSA's what PKCS #1 does."""
    written = rsa_bytes(key) if isinstance(key, rsa.RSAPublicKey) else spki(key)
    return {32: sha256, 48: sha384, 64: sha512}.get(length, sha256)(written).digest()


MCUBOOT = Format(name="mcuboot", starts=((0, MAGIC),), parse=parse, searched=True)
