"""Does the firmware keep older versions out?

Why it matters: an old image is signed as well as the new one. Who can bring a device back to it can use
every flaw that was repaired since.

How we look: an image says what keeps older ones out in a field that its signature covers: MCUboot's
security counter, the secure version of an ESP32, a time stamp of Android. It passes if every signed part
has one, and fails where there is no signature that could cover one, or where the format has a place for it
that is empty.

What it does not show: whether the device compares; formats that leave it all to the device (see `update-
accepts-older`).

If it fails: count security repairs in a signed field, keep the highest count the device has run where it
cannot be set back, and refuse images with a lower one.
"""

from collections.abc import Iterator

from shelfworthy.checks.firmware._wrapped import Wrapped, innermost, unknown_inside, unseen
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
from shelfworthy.seen.firmware import FirmwareImage

MOST = 12  # parts
# Formats with a place for it in the image itself, and what that is called there.
PLACES = {"mcuboot": "security counter", "esp32": "secure version"}

SAYS = {
    "forgeable": "What its {format} says of its version is not signed: an old image can be made to look new.",
    "empty": "Its {format} has a place for a {place}, which is empty: an older image is as good as this one.",
    "counts": "A signed field keeps older images out ({what}).",
    "left-to-device": "Its {format} leaves it to the device to refuse an older image.",
    "opaque": "Its {format} is not signed; whether what it holds is, it does not tell.",
    "unseen": "Whether older images are kept out stayed open: {why}.",
}


def judge(seen: FirmwareImage, about: About) -> Iterator[Answer]:
    parts = list(innermost(seen))
    wrong = [answer for one in parts[:MOST] if (answer := open_to_older(one)) is not None]
    if wrong:
        yield from wrong
    elif why := unseen(seen):
        yield inconclusive("unseen", why[1], why=why[0])
    else:
        yield kept_out(parts)


def open_to_older(one: Wrapped) -> Answer | None:
    """A part of which an older version is as good."""
    container, at = one.itself, field(f"containers.{one.number}")
    if not one.whole or counted(one):
        return None
    if not one.signed and not unknown_inside(one):
        return fails("forgeable", at, Severity.MEDIUM, subject=container.format, format=one.called)
    place = next((PLACES[part.format] for part in one.chain if part.signatures and part.format in PLACES), "")
    if not place:
        return None
    return fails(
        "empty",
        at,
        Severity.MEDIUM,
        confidence=Confidence.PROBABLE,  # the device may compare versions all the same
        subject=container.format,
        format=one.called,
        place=place,
    )


def counted(one: Wrapped) -> str:
    """What keeps older images out, where a signature covers it."""
    return next((part.rollback for part in one.chain if part.signatures and part.rollback), "")


def kept_out(parts: list[Wrapped]) -> Answer:
    """What there is to say where nothing is open to older images."""
    for one in parts:
        if not one.signed:
            return inconclusive("opaque", Cause.NOT_UNDERSTOOD, format=one.called)
        if not counted(one):
            return inconclusive("left-to-device", Cause.NOBODY_LOOKED, format=one.called)
    what = ", ".join(dict.fromkeys(counted(one) for one in parts))
    return passes("counts", field(f"containers.{parts[0].number}.rollback"), what=what)


CHECK = Check(
    id="firmware-rollback",
    version=1,
    level=Level.LOOK,
    judge=judge,
    reads=(FirmwareImage,),
    says=SAYS,
)
