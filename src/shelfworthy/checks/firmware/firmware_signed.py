"""Is the firmware signed?

Why it matters: a check sum keeps out accidents, not people. Who can bring an image to a device that asks
for no more can make it listen, send and harm; in the story a right check sum was all it took.

How we look (look): the file the product file names is unwrapped, container by container. It passes if
everything in it is in a container with a signature. It fails if what a container holds has none anywhere
around it: its format has no place for one, or the place is empty. Where bytes that we do not know lie beside
what is signed, it passes for the latter and stays open for the former, and so as a whole. It stays open, too,
where something else says that this very image is protected after all: its device refused a changed copy
(`update-accepts-tampered`), or the update server has a signature for it that is right
(`update-metadata-signed`).

What it does not show: whether the device verifies the signature (see `update-accepts-tampered`); a
signature that a maker keeps apart from the image, where nobody looked for it; what is in containers of the
maker's own, or encrypted beyond them.

If it fails: sign every image, verify it on the device before it runs with a key that cannot be replaced
there, and refuse all others.
"""

from collections.abc import Iterator

from shelfworthy.checks.firmware._wrapped import (
    Wrapped,
    beside,
    called,
    innermost,
    unfinished,
    unknown_inside,
    unseen,
)
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    Outcome,
    Severity,
    fails,
    field,
    inconclusive,
    passes,
)
from shelfworthy.seen.firmware import FirmwareImage

MOST = 12  # parts
NOTHING, ONLY_SUM = "nothing protects it", "a check sum ({by}) is all that protects it"
# Checks that may have seen this very image protected, and what is said then.
APART = {"update-accepts-tampered": "refused-live", "update-metadata-signed": "signed-apart"}

SAYS = {
    "unsigned": "What its {format} holds is not signed: {only}.",
    "signed": "All of it is signed ({schemes}).",
    "signed-part": "All of it that lies in containers we know is signed ({schemes}).",
    "beside": "Beside that, {number} bytes in its {format} are not signed; what they are, it does not tell.",
    "refused-live": "It carries no signature, and yet its device refused a changed copy of it.",
    "signed-apart": "It carries no signature, and yet the update server has one for it, which is right.",
    "opaque": "Its {format} is not signed; whether what it holds is, it does not tell.",
    "unseen": "Whether all of it is signed stayed open: {why}.",
}


def judge(seen: FirmwareImage, about: About) -> Iterator[Answer]:
    unsigned: list[Wrapped] = []
    opaque: list[Wrapped] = []
    for one in innermost(seen):
        if not one.signed and one.whole:
            (opaque if unknown_inside(one) else unsigned).append(one)
    if unsigned and (otherwise := protected_apart(seen, about)):
        yield otherwise
    elif unsigned:
        for one in unsigned[:MOST]:
            yield bare(one, seen)
    elif not opaque and not unfinished(seen) and (around := beside(seen)):
        yield signed(seen, "signed-part")
        yield inconclusive(
            "beside", Cause.NOT_UNDERSTOOD, subject="beside", number=around.itself.rest, format=around.called
        )
    elif why := unseen(seen):
        yield inconclusive("unseen", why[1], why=why[0])
    elif opaque:
        yield inconclusive("opaque", Cause.NOT_UNDERSTOOD, format=opaque[0].called)
    else:
        yield signed(seen)


def protected_apart(seen: FirmwareImage, about: About) -> Answer | None:
    """What speaks for a protection that does not lie in the image; None where nothing does."""
    for check, says in APART.items():
        told = [one for one in about.answers if one.check == check and one.facts.get("image") == seen.sha256]
        surfaces = {one.surface for one in told if one.outcome is Outcome.PASS}
        failed = {one.surface for one in about.answers if one.check == check and one.outcome is Outcome.FAIL}
        if surfaces - failed:
            return inconclusive(says, Cause.CONTRADICTORY)
    return None


def bare(one: Wrapped, seen: FirmwareImage) -> Answer:
    """It has no signature. Surely so only where the place for one is empty, and nothing else may be one."""
    container = one.itself
    only = ONLY_SUM.format(by=container.sum_by) if container.sum_by else NOTHING
    return fails(
        "unsigned",
        field(f"containers.{one.number}"),
        Severity.HIGH,
        confidence=Confidence.CERTAIN
        if container.signs and seen.covered == seen.length
        else Confidence.PROBABLE,
        subject=" ".join(word for word in (container.format, container.part) if word),
        format=called(container),
        only=only,
    )


def signed(seen: FirmwareImage, says: str = "signed") -> Answer:
    """It has; that counts for more where the signature was found to be right."""
    found = [
        (number, signature) for number, one in enumerate(seen.containers) for signature in one.signatures
    ]
    proven = all(signature.proof == "verified" for _, signature in found)
    schemes = ", ".join(dict.fromkeys(signature.scheme for _, signature in found))
    return passes(
        says,
        field(f"containers.{found[0][0]}.signatures.0"),
        confidence=Confidence.CERTAIN if proven else Confidence.PROBABLE,
        schemes=schemes,
    )


CHECK = Check(
    id="firmware-signed",
    version=3,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareImage,),
    reads_answers=tuple(APART),
    says=SAYS,
)
