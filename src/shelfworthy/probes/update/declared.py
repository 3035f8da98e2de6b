"""Signatures outside of TUF: those the product file names a scheme for, and what lies where one could be."""

import hashlib
import secrets

from shelfworthy.model import Scheme, Update
from shelfworthy.probes.update.asking import Client, Got, beside
from shelfworthy.probes.update.keys import Key, der, read_ed25519, read_pem, unpacked, verifies
from shelfworthy.reach import Address
from shelfworthy.seen.update import SIGNATURES, Asked, Manifest, Signature, Unsaid

GIVEN = frozenset({200, 206})
LARGEST = 16 << 10  # bytes of a signature file


async def declared(
    client: Client, update: Update, manifest: Got, says: Manifest, image: Got | None, supplied: bytes | None
) -> Signature:
    """Verify the signature of the scheme. supplied: the public key file."""
    covers = "manifest" if update.scheme is Scheme.MANIFEST else "image"
    covered = manifest if covers == "manifest" else image
    at = client.reach.address if covered is None or covers == "manifest" else covered.first
    file, reply = await client.ask(beside(at, ".sig"))
    key = None if supplied is None else read_pem(supplied) or read_ed25519(supplied)
    content = covered.content if covered else None
    if supplied is None:
        state = "no key"
    elif key is None:
        state = "unknown key"
    elif covered is None or covered.last.status not in GIVEN:
        state = "not whole"  # what is not there lacks no signature
    elif reply is None or not reply.whole or reply.status not in {200, 404, 410}:
        state = "not answered"
    elif reply.status != 200 or len(reply.body) > LARGEST:
        state = "no signature"
    elif content is None:
        state = "not whole"
    else:
        state = "good" if any_verifies(key, reply.body, content) else "bad"
    return Signature(
        covers=covers,
        key=hashlib.sha256(der(key)).hexdigest() if key else "",
        file=file,
        state=state,
        image="covered" if covers == "image" else as_said(says, image),
    )


def any_verifies(key: Key, file: bytes, content: bytes) -> bool:
    """Whether the file is a signature, as it is or in hex or base64."""
    return any(verifies(key, signature, content) for signature in (file, *unpacked(file)))


def as_said(says: Manifest, image: Got | None) -> str:
    """Whether the image has the hash that the manifest names."""
    if not says.image_sha256:
        return "not said"
    content = image.content if image else None
    if content is None:
        return "not whole"
    return "right" if hashlib.sha256(content).hexdigest() == says.image_sha256 else "wrong"


async def unsaid(client: Client, image: Address | None) -> Unsaid:
    """What lies where a signature of the manifest or the image could lie."""
    files = [client.reach.address] + ([image] if image else [])
    control, _ = await client.ask(beside(client.reach.address, f".{secrets.token_hex(8)}"))
    found: list[Asked] = []
    for file in files:
        for suffix in SIGNATURES:
            asked, _ = await client.ask(beside(file, suffix))
            found.append(asked)
    return Unsaid(beside=tuple(found), control=control)
