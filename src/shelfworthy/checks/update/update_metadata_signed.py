"""Is what the update server gives out signed, and is the image what was signed?

Why it matters: TLS protects the way, not the server. Whoever breaks into the server, or into the storage
behind it, gives every device what he likes, unless devices take nothing but what the maker signed elsewhere.

How we look (look): as the product file says. TUF: from the root that devices trust (`root`) to timestamp,
snapshot, targets and image, with signatures, thresholds, versions, lengths and hashes, as a client does.
`detached-ed25519` and `manifest-signature`: the signature beside image or manifest, by `public_key`. Where
nobody said: whether anything in the manifest is called like a signature, and whether one lies beside
manifest or image (`.sig`, `.asc`, `.minisig`). It fails where what is signed was changed, where too few keys
signed, and where manifest and image are there and nothing is signed. Images up to 2 MiB are fetched to
compare their hash; larger ones stay unverified, and so does the answer.

What it does not show: whether devices verify any of it; signatures inside an image of a form that we do not
recognise; whether the keys are kept safe; roles that TUF delegates; and a first look has no memory: a server
that goes back to an older state as a whole is not noticed while that state has not expired.

If it fails: sign manifest and image with keys that are not on the server; TUF says how, and has libraries.
"""

from collections.abc import Iterator

from shelfworthy.checks.update._given import GIVEN, GONE, away
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
    passes,
)
from shelfworthy.seen.update import Signature, Tuf, Unsaid, UpdateSeen

HERE = field("signed")

SAYS = {
    "tuf": "TUF metadata leads from the root that devices trust to the image, which is as it was signed.",
    "tuf-signatures": "Too few keys signed the {role} metadata: {good} of {threshold}.",
    "tuf-content": "The {role} metadata is not the file that the signed metadata before it describes.",
    "tuf-version": "The {role} metadata has another version than the metadata before it says.",
    "tuf-image": "The image is not the one that was signed.",
    "tuf-form": "The {role} metadata is not what TUF metadata looks like.",
    "tuf-no-image": "The signed metadata names no such image.",
    "tuf-delegated": "Signing is delegated, and nobody followed that.",
    "tuf-missing": "{url} was not given out whole (status {status}).",
    "tuf-unknown-keys": "Some of the keys are of a kind that we cannot verify with.",
    "tuf-own-root": "The server's own root signed the metadata; which root devices trust nobody said.",
    "image-signed": "The image carries the maker's signature.",
    "manifest-signed": "The manifest carries the maker's signature, and the image is the one it names.",
    "bad": "The signature of the {covers} is wrong: it was changed, or another key signed it.",
    "absent": "The {covers} should be signed, and there is no signature at {url}.",
    "other-image": "The image is not the one that the signed manifest names.",
    "image-not-said": "The signed manifest does not say which hash the image has.",
    "no-key": "There is no public key to verify the signature with.",
    "unknown-key": "The public key is of a kind that we cannot verify with.",
    "not-whole": "What is signed could not be fetched whole, so its signature was not verified.",
    "not-answered": "The signature at {url} was not given out as it should be (status {status}).",
    "unsigned": "Neither the manifest nor the image is signed.",
    "no-manifest": "The manifest was not given out (status {status}).",
    "unread": "The manifest is in a form that we do not read.",
    "inside": "The manifest holds what is called like a signature ({names}); nobody said how to verify it.",
    "beside": "Something lies where a signature would, at {url}; nobody said how to verify it.",
    "no-image": "The manifest names no image that we recognise.",
    "image-away": "The image was not given out (status {status}).",
    "container": "The image begins like a container that can be signed inside ({kind}).",
    "not-absent": "Whether a signature lies at {url} cannot be told (status {status}).",
}
REFUSED = {
    "signatures": "tuf-signatures",
    "content": "tuf-content",
    "version": "tuf-version",
    "image": "tuf-image",
    "form": "tuf-form",
    "other role": "tuf-form",
    "no image": "tuf-no-image",
    "delegated": "tuf-delegated",
}
CHANGED = frozenset({"tuf-signatures", "tuf-content", "tuf-version", "tuf-image"})


def judge(seen: UpdateSeen, about: About) -> Iterator[Answer]:
    match seen.signed:
        case Tuf() as tuf:
            yield by_tuf(tuf, seen)
        case Signature() as signature:
            yield by_signature(signature, seen)
        case Unsaid() as unsaid:
            nothing = fails("unsigned", HERE, Severity.HIGH, confidence=Confidence.PROBABLE)
            yield why_open(seen, unsaid) or nothing


def image(seen: UpdateSeen) -> str:
    """SHA-256 of the image that came, "" if none came whole."""
    return seen.image[-1].sha256 if seen.image else ""


def by_tuf(tuf: Tuf, seen: UpdateSeen) -> Answer:
    says, role = REFUSED.get(tuf.refused, ""), tuf.refused_at
    if says in CHANGED:
        last = tuf.roles[-1] if tuf.roles else None
        good, threshold = (last.good, last.threshold) if last else (0, 0)
        return fails(says, HERE, Severity.HIGH, role=role, good=good, threshold=threshold)
    if says:
        cause = Cause.NOBODY_LOOKED if says == "tuf-delegated" else Cause.NOT_UNDERSTOOD
        return inconclusive(says, cause, role=role)
    if tuf.missing is not None:
        cause = Cause.NOBODY_LOOKED if tuf.missing.status == 200 else away(tuf.missing)
        return inconclusive("tuf-missing", cause, url=tuf.missing.url, status=tuf.missing.status)
    if any(role.good < role.threshold for role in tuf.roles):
        return inconclusive("tuf-unknown-keys", Cause.NOT_UNDERSTOOD)
    if not tuf.trusted:
        return inconclusive("tuf-own-root", Cause.NOT_SUPPLIED)
    return passes("tuf", HERE, image=image(seen))


def by_signature(signature: Signature, seen: UpdateSeen) -> Answer:
    file = signature.file
    match signature.state, signature.image:
        case "good", "covered":
            return passes("image-signed", HERE, image=image(seen))
        case "good", "right":
            return passes("manifest-signed", HERE, image=image(seen))
        case "good", "wrong":
            return fails("other-image", field("signed.image"), Severity.HIGH)
        case "good", "not said":
            return inconclusive("image-not-said", Cause.NEEDS_A_PERSON)
        case "bad", _:
            return fails("bad", field("signed.state"), Severity.HIGH, covers=signature.covers)
        case "no signature", _:
            at = field("signed.file")
            return fails("absent", at, Severity.HIGH, covers=signature.covers, url=file.url)
        case "no key", _:
            return inconclusive("no-key", Cause.NOT_SUPPLIED)
        case "unknown key", _:
            return inconclusive("unknown-key", Cause.NOT_UNDERSTOOD)
        case "not answered", _:
            return inconclusive("not-answered", away(file), url=file.url, status=file.status)
    return inconclusive("not-whole", Cause.NOBODY_LOOKED)


def why_open(seen: UpdateSeen, signed: Unsaid) -> Answer | None:
    """The first reason why something may be signed all the same; None if all was looked at and nothing is."""
    manifest = seen.manifest[-1]
    if manifest.status not in GIVEN:
        return inconclusive("no-manifest", away(manifest), status=manifest.status)
    if not manifest.whole or not seen.says.form:
        return inconclusive("unread", Cause.NOT_UNDERSTOOD)
    if seen.says.signatures:
        return inconclusive("inside", Cause.NOT_SUPPLIED, names=", ".join(seen.says.signatures))
    for one in signed.beside:
        if one.status in GIVEN and one.media != "text/html" and signed.control.status in GONE:
            return inconclusive("beside", Cause.NOT_SUPPLIED, url=one.url)
    if not seen.image:
        return inconclusive("no-image", Cause.NOT_SUPPLIED)
    if seen.image[-1].status not in GIVEN:
        return inconclusive("image-away", away(seen.image[-1]), status=seen.image[-1].status)
    if seen.container:
        return inconclusive("container", Cause.NOBODY_LOOKED, kind=seen.container)
    for one in (signed.control, *signed.beside):
        if one.status not in GONE:
            return inconclusive("not-absent", away(one), url=one.url, status=one.status)
    return None


CHECK = Check(
    id="update-metadata-signed", version=2, level=Level.LOOK, judge=judge, reads=(UpdateSeen,), says=SAYS
)
