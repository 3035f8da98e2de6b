"""Signatures of CMS, held against what they are over.

Whose key it was stands in a certificate that comes along. Where the product file names keys, the signer's
has to be one of these, or one whose certificate one of these signed; times and purposes are not looked at.
"""

from cryptography.hazmat.primitives import hashes

from shelfworthy.readers.firmware.cms import Certificate, Message, Signer, message, names, stated
from shelfworthy.readers.firmware.format import NotThis
from shelfworthy.readers.firmware.keys import (
    Keys,
    PublicKey,
    digested,
    ecdsa,
    ed25519_fits,
    fingerprint,
    rsa_pkcs1,
    rsa_pss,
)
from shelfworthy.seen.firmware import Proof, Signature

RSA, RSA_PSS, EC, ECDSA, ED25519 = (
    "1.2.840.113549.1.1.",
    "1.2.840.113549.1.1.10",
    "1.2.840.10045.2.1",
    "1.2.840.10045.4.",
    "1.3.101.112",
)
SHA256 = "2.16.840.1.101.3.4.2.1"
HASHES: dict[str, hashes.HashAlgorithm] = {
    "1.3.14.3.2.26": hashes.SHA1(),  # noqa: S303 - what is signed with it has to be said as well
    SHA256: hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
HASH_OF = {  # of signature algorithms that name their own
    "1.2.840.113549.1.1.5": "1.3.14.3.2.26",
    "1.2.840.113549.1.1.11": "2.16.840.1.101.3.4.2.1",
    "1.2.840.113549.1.1.12": "2.16.840.1.101.3.4.2.2",
    "1.2.840.113549.1.1.13": "2.16.840.1.101.3.4.2.3",
    "1.2.840.10045.4.1": "1.3.14.3.2.26",
    "1.2.840.10045.4.3.2": "2.16.840.1.101.3.4.2.1",
    "1.2.840.10045.4.3.3": "2.16.840.1.101.3.4.2.2",
    "1.2.840.10045.4.3.4": "2.16.840.1.101.3.4.2.3",
}
LONGEST_CHAIN = 4


def signatures(
    raw: bytes,
    content: bytes | memoryview | None,
    covers: str,
    at: int,
    keys: Keys,
    flaw: Proof | None = None,
) -> tuple[Signature, ...]:
    """Every signature of a message, which lies at a place. Never raises.

    content: what it is over, None where that lies inside. flaw: what stands already, whatever its key says:
    of bytes that the content in turn names.
    """
    unknown = Signature("CMS", covers, "not understood", at, len(raw), "", "")
    try:
        read = message(raw)
    except NotThis:
        return (unknown,)
    over = content if content is not None else read.content
    found: list[Signature] = []
    for one in read.signers:
        try:
            found.append(signature(one, read, over, covers, at, keys, flaw))
        except NotThis:
            found.append(unknown)
    return tuple(found)


def signature(
    one: Signer,
    read: Message,
    content: bytes | memoryview | None,
    covers: str,
    at: int,
    keys: Keys,
    flaw: Proof | None,
) -> Signature:
    """How one signature stands. Raises NotThis."""
    its = next((brought for brought in read.certificates if names(one, brought)), None)
    proof, key = held(one, its, content, keys)
    trusted = key is not None and (key in keys.known or (its is not None and issued(its, read, keys)))
    if keys.known and key and not trusted:
        proof = "wrong"
    return Signature(
        scheme=f"CMS, {called(one.algorithm)}",
        covers=covers,
        proof=flaw or proof,
        at=at,
        length=read.length,
        key=fingerprint(key) if key else "",
        key_from="" if key is None else "product file" if trusted else "image",
    )


def held(
    one: Signer, its: Certificate | None, content: bytes | memoryview | None, keys: Keys
) -> tuple[Proof, PublicKey | None]:
    """A signature held against its content, and the key that it was held against. Raises NotThis."""
    if content is None or one.hash not in HASHES or not able(one.algorithm) or (its and not its.key):
        return "not understood", None
    tries = [its.key] if its and its.key else list(keys.known)
    if not tries:
        return "no key", None
    if one.attributes and stated(one.attributes) != digested(content, HASHES[one.hash]):
        return "wrong", tries[0]
    over = one.attributes or content
    fit = next((key for key in tries if fits(key, one.algorithm, one.hash, one.signature, over)), None)
    return ("verified", fit) if fit else ("wrong", tries[0])


def issued(its: Certificate, read: Message, keys: Keys) -> bool:
    """Whether a known key signed a certificate, or one of those that lead to it."""
    for _ in range(LONGEST_CHAIN):
        below = its
        hash_ = HASH_OF.get(below.algorithm, SHA256)
        if not able(below.algorithm):
            return False
        if any(fits(key, below.algorithm, hash_, below.signature, below.signed) for key in keys.known):
            return True
        above = [
            one
            for one in read.certificates
            if one.key
            and one.subject == below.issuer
            and fits(one.key, below.algorithm, hash_, below.signature, below.signed)
        ]
        if not above:
            return False
        its = above[0]
    return False


def able(algorithm: str) -> bool:
    """Whether we can compute an algorithm."""
    return algorithm.startswith((RSA, ECDSA)) or algorithm in (EC, ED25519)


def called(algorithm: str) -> str:
    """What people call an algorithm."""
    if algorithm == RSA_PSS:
        return "RSA-PSS"
    if algorithm.startswith(RSA):
        return "RSA"
    if algorithm == ED25519:
        return "Ed25519"
    return "ECDSA" if able(algorithm) else f"algorithm {algorithm}"


def fits(key: PublicKey, algorithm: str, hash_: str, signature: bytes, signed: bytes | memoryview) -> bool:
    """Whether a signature fits a key and what it is over."""
    if algorithm == ED25519:
        return ed25519_fits(key, signature, bytes(signed))
    by = HASHES[HASH_OF.get(algorithm, hash_)]
    digest = digested(signed, by)
    if algorithm == RSA_PSS:
        return rsa_pss(key, signature, digest, by, None)
    if algorithm.startswith(RSA):
        return rsa_pkcs1(key, signature, digest, by)
    return ecdsa(key, signature, digest, by)
