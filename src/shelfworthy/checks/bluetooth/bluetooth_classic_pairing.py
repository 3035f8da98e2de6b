"""Does the device pair over Bluetooth Classic only with whom its owner lets in?

Why it matters: a talking doll that pairs with any phone is a headset for any phone: whoever stands
outside hears what is said beside it, and speaks through it.

How we look (use): a phone without display and keys tries to pair as the device was found; then with PINs
that are printed on everything; and, if it refuses and the product file says how its owner opens it for
pairing, again after that person was asked.

What it does not show: PINs that are the same for all devices and none of those we try, and what the
device lets a phone do that did not pair.

If it fails: pair only after a press of a button on the device, and compare numbers or use a code printed
on each single one.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_classic
from shelfworthy.checks.bluetooth._why import why
from shelfworthy.model import (
    About,
    Answer,
    Bluetooth,
    Cause,
    Check,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.bluetooth import BluetoothClassic, BluetoothNoClassic, ClassicPairing

PINS = ("0000", "1234")

SAYS = {
    "anybody": "Any phone in range can pair with it over Bluetooth Classic, and nobody is asked.",
    "fixed-pin": "It pairs over Bluetooth Classic with whoever sends the PIN {pin}.",
    "refused": "It refused to pair over Bluetooth Classic with a phone that its owner had not let in.",
    "window": "It refused until it was opened for pairing, and then paired with a phone without display and "
    "keys: whether a stranger can be near at that moment a person must judge.",
    "left-open": "Whether it refuses to pair with strangers over Bluetooth Classic stayed open: {why}.",
    "no-classic": "It has no Bluetooth Classic: its advertisement says so.",
    "unclear-flags": "Whether it has Bluetooth Classic its advertisement does not say.",
}


def judge(seen: BluetoothClassic | BluetoothNoClassic, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoClassic() if no_classic(seen):
            yield moot("no-classic", field("flags"))
        case BluetoothNoClassic():
            yield inconclusive("unclear-flags", Cause.CONTRADICTORY)
        case BluetoothClassic():
            yield from list(paired(seen)) or [otherwise(seen, about)]


def paired(seen: BluetoothClassic) -> Iterator[Answer]:
    """It paired though nobody had let that phone in."""
    said: set[str] = set()
    for at, one in enumerate(seen.pairings):
        place = field(f"pairings.{at}")
        if one.came == "done" and one.pin and "PIN" not in said:
            said.add("PIN")
            yield fails("fixed-pin", place, Severity.HIGH, subject="PIN", pin=one.pin)
        elif one.came == "done" and not one.asked_person and not one.pin and "anybody" not in said:
            said.add("anybody")
            yield fails("anybody", place, Severity.HIGH, subject="anybody")


def otherwise(seen: BluetoothClassic, about: About) -> Answer:
    """What there is to say where it did not."""
    as_found = [one for one in seen.pairings if not one.asked_person]
    simple = [one for one in as_found if not one.pin]
    if open_ := unrefused(simple):
        words, cause = open_
        return inconclusive("left-open", cause, why=words)
    if any(one.came == "done" for one in seen.pairings):
        return inconclusive("window", Cause.NEEDS_A_PERSON)
    for pin in PINS:
        if open_ := unrefused([one for one in as_found if one.pin == pin]):
            words, cause = open_
            return inconclusive("left-open", cause, why=words)
    asked = [one for one in seen.pairings if one.asked_person]
    opens = isinstance(about.surface, Bluetooth) and about.surface.button
    if open_ := unrefused(asked) if asked or opens else None:
        words, cause = open_
        return inconclusive("left-open", cause, why=words)
    return passes("refused", field("pairings"))


def unrefused(tries: list[ClassicPairing]) -> tuple[str, Cause] | None:
    """Why these attempts are no refusal; None if they are."""
    for one in tries:
        if one.came != "refused":
            return why(one.came)
    return None if tries else why("not tried")


CHECK = Check(
    id="bluetooth-classic-pairing",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothClassic, BluetoothNoClassic),
    says=SAYS,
)
