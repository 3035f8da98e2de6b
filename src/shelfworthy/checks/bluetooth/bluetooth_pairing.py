"""Does the device pair only with whom its owner lets in, and in a way that protects the link?

Why it matters: pairing is where a device and a phone agree on a key. With Just Works and with LE legacy
pairing whoever listens or stands in between gets it, too; with no button and no code, whoever comes is
let in.

How we look (use): strangers with fresh addresses try to pair, as a partner without display and keys and
as one with both, first as the device was found. If it refuses and the product file says how its owner
opens it for pairing, that person is asked, and both try again. Where it wants six digits, three sets are
tried that are printed on everything. Methods, LE Secure Connections and key sizes are what the device's
own answer says. It passes only where it paired by numeric comparison, passkey or out of band, with LE
Secure Connections and keys of 16 bytes, and refused the partner without display and keys each time.

What it does not show: who confirmed a comparison at the device, if nobody was asked to; digits that are
the same for all devices and none of those three; flaws inside of a pairing method; and what pairing
protects, which other questions ask.

If it fails: pair only after a press of a button, with LE Secure Connections and a method that protects
against a man in the middle, and refuse Just Works. A device without display can use codes printed on each
single one.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.checks.bluetooth._why import why
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
from shelfworthy.seen.bluetooth import BluetoothNoLe, BluetoothPairing, PairingTry

LONGEST = 16  # bytes of a key: the most there is (Core Specification, volume 3, part H, section 2.3.4)
FIXED = ("000000", "123456", "111111")
PROTECTED = ("passkey", "numeric comparison", "out of band")

SAYS = {
    "just-works": "Anybody in range can pair with it: nobody is asked, and nothing is compared (Just Works).",
    "legacy": "It pairs by LE legacy pairing ({method}), whose key can be found out by whoever listens.",
    "fixed-passkey": "It pairs with whoever enters {passkey}.",
    "short-key": "It offers keys of {bytes} bytes; {longest} are what protects.",
    "protected": "It paired by {method} with LE Secure Connections, and refused a partner without display "
    "and keys.",
    "window": "It refused until it was opened for pairing, and then paired with anybody (Just Works): "
    "whether a stranger can be near at that moment a person must judge.",
    "weakest-open": "Whether it refuses a partner without display and keys stayed open: {why}.",
    "passkey-open": "It asks for six digits; whether they are always the same was not tried.",
    "nobody": "Nobody could pair with it in a way that shows how it protects its owner: {why}.",
    "passive": "A recording shows how somebody paired, and not whom the device would refuse.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothPairing | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothPairing(passive=True):
            # Nobody knows whether the owner in a recording had pressed a button.
            said = [*legacy(seen), *short_keys(seen)]
            yield from said or [inconclusive("passive", Cause.NOBODY_LOOKED)]
        case BluetoothPairing():
            said = [*just_works(seen), *legacy(seen), *fixed(seen), *short_keys(seen)]
            yield from said or [otherwise(seen)]


def just_works(seen: BluetoothPairing) -> Iterator[Answer]:
    """It paired without protection, and nobody had been asked to open it."""
    for at, one in enumerate(seen.tries):
        if one.came == "done" and not one.asked_person and unprotected(one):
            yield fails("just-works", field(f"tries.{at}"), Severity.HIGH, subject="just works")
            return


def legacy(seen: BluetoothPairing) -> Iterator[Answer]:
    """It paired without Secure Connections."""
    for at, one in enumerate(seen.tries):
        if one.came == "done" and not one.secure_connections:
            method = one.method or "method unknown"
            yield fails("legacy", field(f"tries.{at}"), Severity.MEDIUM, subject="legacy", method=method)
            return


def fixed(seen: BluetoothPairing) -> Iterator[Answer]:
    """It paired with six digits that everybody tries first."""
    for at, one in enumerate(seen.tries):
        if one.came == "done" and one.partner in FIXED:
            yield fails(
                "fixed-passkey", field(f"tries.{at}"), Severity.HIGH, subject="passkey", passkey=one.partner
            )
            return


def short_keys(seen: BluetoothPairing) -> Iterator[Answer]:
    """It offers keys that are shorter than they can be."""
    offered = [(one.key_size, at) for at, one in enumerate(seen.tries) if 0 < one.key_size < LONGEST]
    if offered:
        size, at = min(offered)
        yield fails(
            "short-key", field(f"tries.{at}"), Severity.HIGH, subject="key size", bytes=size, longest=LONGEST
        )


def otherwise(seen: BluetoothPairing) -> Answer:
    """What there is to say where it did not pair in a way that fails."""
    if any(one.came == "done" and unprotected(one) for one in seen.tries):  # after its owner was asked
        if any(one.came == "refused" and not one.asked_person for one in seen.tries):
            return inconclusive("window", Cause.NEEDS_A_PERSON)
        return inconclusive("weakest-open", Cause.NOBODY_LOOKED, why=why("not tried")[0])
    if open_ := weakest_open(seen):
        words, cause = open_
        return inconclusive("weakest-open", cause, why=words)
    protected = [(at, one) for at, one in enumerate(seen.tries) if protects(one)]
    if not protected or untried(seen):
        words, cause = nobody(seen)
        return inconclusive("nobody", cause, why=words)
    at, best = next((found for found in protected if found[1].asked_person), protected[0])
    tried = {one.partner for one in seen.tries if one.came in ("refused", "error")}
    if any(one.method == "passkey" for one in seen.tries) and not tried.issuperset(FIXED):
        return inconclusive("passkey-open", Cause.NOBODY_LOOKED)
    # Whoever confirmed it at the device did so unasked, or the device did it alone.
    confidence = Confidence.CERTAIN if best.asked_person else Confidence.PROBABLE
    return passes("protected", field(f"tries.{at}"), confidence=confidence, method=best.method)


def untried(seen: BluetoothPairing) -> bool:
    """Whether nobody tried to pair as the strongest partner before anybody touched the device."""
    return not any(one.partner == "strongest" and not one.asked_person for one in seen.tries)


def weakest_open(seen: BluetoothPairing) -> tuple[str, Cause] | None:
    """Why it is not known whether the weakest partner is refused: as found, and after the owner was asked."""
    for asked in sorted({False, *(one.asked_person for one in seen.tries)}):
        answers = [one for one in seen.tries if one.partner == "weakest" and one.asked_person is asked]
        for one in answers:
            if one.came != "refused":
                return why(one.came)
        if not answers:
            return why("not tried")
    return None


def nobody(seen: BluetoothPairing) -> tuple[str, Cause]:
    """Why nobody paired as the strongest partner."""
    strongest = [one for one in seen.tries if one.partner == "strongest"]
    if untried(seen):
        return why("not tried")
    if strongest[-1].came == "done":
        return "what it agreed to was not seen whole", Cause.NOT_UNDERSTOOD
    return why(strongest[-1].came)


def unprotected(one: PairingTry) -> bool:
    """Whether nothing was compared or entered."""
    return one.method == "just works" or one.partner == "weakest"


def protects(one: PairingTry) -> bool:
    """Whether it paired so that nobody in between gets the key."""
    return (
        one.came == "done"
        and one.method in PROTECTED
        and one.secure_connections
        and one.key_size == LONGEST
        and one.partner == "strongest"
    )


CHECK = Check(
    id="bluetooth-pairing",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothPairing, BluetoothNoLe),
    says=SAYS,
)
