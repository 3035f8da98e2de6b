"""Does the device refuse firmware that a stranger sends by radio?

Why it matters: who can put firmware on a device owns it, for as long as it exists, and whatever its maker
fixes later. In the story an image with a right check sum was all it took.

How we look (use; risk): services that take firmware are known by their UUIDs. A stranger asks each of
them what it lets any client ask and what begins no update, without pairing and after pairing as the
weakest partner, to which nobody consents. At level risk, where the product file holds an image of this
device that was changed, that is sent by TI's over-the-air download.

What it does not show: services under a maker's own UUIDs; what devices do with an image that arrives by
other ways; and, where only reaching the service was tried, whether a signature is verified after all:
then we are sure that a stranger gets that far, and not that a stranger's firmware runs.

If it fails: ask for an encrypted and authenticated link before an update begins, verify a signature over
the whole image before it runs, and refuse older versions.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.checks.bluetooth._operations import HOW
from shelfworthy.checks.bluetooth._why import NO, why
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.bluetooth import Attempt, BluetoothNoLe, BluetoothUpdate, UpdateService
from shelfworthy.seen.bluetooth_numbers import BY_NAME

MOST = 12  # services

SAYS = {
    "pushed": "A stranger sent it changed firmware {how}, and it took all {blocks} blocks.",
    "reachable": "A stranger may talk to its firmware update {how}; {protocol} verifies no signature.",
    "reachable-verifies": "A stranger may talk to its firmware update ({protocol}), which is meant to verify "
    "signatures; whether this device does, only a changed image shows.",
    "refused": "A stranger may not talk to its firmware update ({protocols}).",
    "image-refused": "It refused changed firmware that a stranger sent.",
    "none": "None of its services is known to take firmware.",
    "truncated": "It has more services than were listed; whether one of them takes firmware is not known.",
    "left-open": "Whether it refuses firmware from a stranger ({protocol}) stayed open: {why}.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothUpdate | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothUpdate():
            taken = list(pushed(seen))
            if not taken and image_refused(seen):
                confidence = (
                    Confidence.PROBABLE if any(reached(one) for one in seen.services) else Confidence.CERTAIN
                )
                yield passes("image-refused", field("pushed"), confidence=confidence)
                return
            yield from [*taken, *reachable(seen)] or [otherwise(seen)]


def pushed(seen: BluetoothUpdate) -> Iterator[Answer]:
    """A changed image was taken."""
    for at, one in enumerate(() if isinstance(seen.pushed, NotLooked) else seen.pushed):
        if one.came == "done":
            place = field(f"pushed.{at}")
            yield fails(
                "pushed", place, Severity.CRITICAL, subject="image", how=HOW[one.paired], blocks=one.blocks
            )
            return


def image_refused(seen: BluetoothUpdate) -> bool:
    """Whether a changed image was refused as often as a stranger could send it."""
    if isinstance(seen.pushed, NotLooked) or seen.pairing not in ("done", "refused"):
        return False
    ways = {False, True} if seen.pairing == "done" else {False}
    return {one.paired for one in seen.pushed} >= ways and all(one.came == "refused" for one in seen.pushed)


def reachable(seen: BluetoothUpdate) -> Iterator[Answer]:
    """Services that answered a stranger who is not to be served, and do not verify what they are sent."""
    for at, one in enumerate(seen.services[:MOST]):
        found = reached(one)
        if found is None or (one.protocol in BY_NAME and BY_NAME[one.protocol].verifies):
            continue
        part, number = found
        yield fails(
            "reachable",
            field(f"services.{at}.{part}.{number}"),
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            subject=one.protocol,
            protocol=one.protocol,
            how=HOW[part == "paired"],
        )


def reached(one: UpdateService) -> tuple[str, int] | None:
    """The attempt by which a stranger was answered: where, and which one."""
    for part, attempts in tried(one):
        for number, attempt in enumerate(attempts):
            if attempt.asked == "write" and attempt.came == "done":
                return part, number
    return None


def tried(one: UpdateService) -> Iterator[tuple[str, tuple[Attempt, ...]]]:
    """What was tried, without pairing and after it."""
    yield "attempts", one.attempts
    if not isinstance(one.paired, NotLooked):
        yield "paired", one.paired


def otherwise(seen: BluetoothUpdate) -> Answer:
    """What there is to say where nothing answered that should not."""
    for one in seen.services:
        if reached(one):
            return inconclusive("reachable-verifies", Cause.NOBODY_LOOKED, protocol=one.protocol)
    for one in seen.services:
        if open_ := left_open(seen, one):
            words, cause = open_
            return inconclusive("left-open", cause, protocol=one.protocol, why=words)
    for sent in () if isinstance(seen.pushed, NotLooked) else seen.pushed:
        came = "not tried" if sent.came == "refused" else sent.came  # after pairing, too
        words, cause = why(came)
        protocol = seen.services[0].protocol if seen.services else "unknown"
        return inconclusive("left-open", cause, protocol=protocol, why=words)
    if not seen.whole:
        return inconclusive("truncated", Cause.NOBODY_LOOKED)
    if not seen.services:
        return moot("none", field("services"))
    protocols = tuple(dict.fromkeys(one.protocol for one in seen.services))
    return passes("refused", field("services"), protocols=protocols)


def left_open(seen: BluetoothUpdate, one: UpdateService) -> tuple[str, Cause] | None:
    """Why it is not known whether a stranger is refused at this service."""
    if open_ := unrefused(one.protocol, one.attempts):
        return open_
    if seen.pairing == "refused" and isinstance(one.paired, NotLooked):
        return None
    if seen.pairing not in ("done", "refused"):
        words, cause = why(seen.pairing)
        return f"whether a stranger may pair is not known ({words})", cause
    return unrefused(one.protocol, () if isinstance(one.paired, NotLooked) else one.paired)


def unrefused(protocol: str, attempts: tuple[Attempt, ...]) -> tuple[str, Cause] | None:
    """Why these attempts do not show that its control point is refused; None if they do.

    Where it can be asked, that answer alone tells: a write that is only prepared shows something elsewhere.
    """
    asks = protocol in BY_NAME and bool(BY_NAME[protocol].question)
    writes = [one for one in attempts if one.asked == "write" or (one.asked == "prepare write" and not asks)]
    for came in ("accepted", "error", "silent", "gone", "not tried"):
        for one in writes:
            if one.came == came:
                return why(one.came, one.why)
    if not writes:
        return why("not tried")
    return why("closed") if all(one.came == "closed" for one in writes if one.came in NO) else None


CHECK = Check(
    id="bluetooth-firmware-push",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothUpdate, BluetoothNoLe),
    says=SAYS,
)
