"""Do the firmware's signatures fit?

Why it matters: bytes in the place of a signature protect nobody. An image whose signature does not fit was
changed after it was signed, or was signed by somebody else.

How we look (look): every signature is computed anew, with the keys that the product file names
(`public_key`) or that the image itself brings. It passes if all fit. The signature of an encrypted image may
be over its clear text: then it is held against the hash that the image states. With a key that the image
brings it shows that the image is as its signer left it; that the device trusts no other signer only the
device shows.

What it does not show: whether the device verifies it, and by which key.

If it fails: find out where the image was changed, and sign it again; no device may take it as it is.
"""

from collections.abc import Iterator

from shelfworthy.checks.firmware._wrapped import signatures, unseen, untold
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.model.surfaces import Firmware
from shelfworthy.seen.firmware import FirmwareImage

MOST = 12  # signatures

SAYS = {
    "wrong": "Its signature ({scheme}, over {covers}) does not fit.",
    "fits": "Its signatures fit the key that the product file names.",
    "fits-stated": "Its signatures fit the hash that it states of its clear text; it is encrypted, so that "
    "this is its hash only its device sees.",
    "fits-itself": "Its signatures fit the key that it brings; that devices trust that key stays open.",
    "another-key": "It fits a key that it brings ({scheme}), which is none of those the product file names.",
    "no-key": "It is signed ({scheme}); which key has to fit nobody said. Name the maker's public key.",
    "not-understood": "It is signed in a way that we cannot compute ({scheme}).",
    "unsigned": "It has no signature that could be right or wrong.",
    "unseen": "Whether all its signatures fit stayed open: {why}.",
    "opaque": "Its {format} is not signed; whether what it holds is, it does not tell.",
}


def judge(seen: FirmwareImage, about: About) -> Iterator[Answer]:
    found = list(signatures(seen))
    wrong = [(path, one) for path, one, _ in found if one.proof == "wrong"]
    if wrong:
        for path, one in wrong[:MOST]:
            yield fails(
                "wrong", field(path), Severity.HIGH, subject=one.covers, scheme=one.scheme, covers=one.covers
            )
        return
    for _, one, _ in found:
        if one.proof == "no key":
            yield inconclusive("no-key", Cause.NOT_SUPPLIED, scheme=one.scheme)
            return
        if one.proof == "not understood":
            yield inconclusive("not-understood", Cause.NOT_UNDERSTOOD, scheme=one.scheme)
            return
    brought = [
        (path, one)
        for path, one, on in found
        if one.key_from == "image" and not any(other.key_from == "product file" for other in on.signatures)
    ]
    if brought and named(about):
        yield inconclusive("another-key", Cause.CONTRADICTORY, scheme=brought[0][1].scheme)
    elif why := unseen(seen):
        yield inconclusive("unseen", why[1], why=why[0])
    elif name := untold(seen):
        yield inconclusive("opaque", Cause.NOT_UNDERSTOOD, format=name)
    elif not found:
        yield moot("unsigned", field("containers"))
    elif brought:
        yield passes("fits-itself", field(brought[0][0]), confidence=Confidence.PROBABLE)
    elif stated := [path for path, _, on in found if on.encrypted == "yes" and on.sum == "not computed"]:
        yield passes("fits-stated", field(stated[0]), confidence=Confidence.PROBABLE)
    else:
        yield passes("fits", field(found[0][0]))


def named(about: About) -> bool:
    """Whether the product file says which keys are the maker's."""
    return isinstance(about.surface, Firmware) and bool(about.surface.public_key)


CHECK = Check(
    id="firmware-signature-valid",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareImage,),
    says=SAYS,
)
