"""When the owner's phone has left, is a second phone that never paired refused?

Why it matters: one talking doll was a headset for whichever phone came first. As soon as the owner's was
out of range, the next one could listen and speak, and nothing on the doll showed it.

How we look (use): a phone that did not pair uses what the device offers: it opens the channel of headset,
hands-free or serial port and sends one command, or asks for the ends of a sound stream. Then somebody
pairs and leaves, and a second phone that never paired tries the same. No sound is fetched or played.

What it does not show: services that we do not use, as contacts or files; and whether two phones can be
connected at once.

If it fails: serve only phones that paired, over an encrypted link, and let in a new one only after a
press of a button.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_classic
from shelfworthy.checks.bluetooth._why import why
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Level,
    NotLooked,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.bluetooth import BluetoothClassic, BluetoothNoClassic, ClassicService
from shelfworthy.seen.bluetooth_numbers import CLASSIC_SERVICES, MICROPHONES, short

MOST = 12  # services
USED = frozenset({"1101", "1108", "110a", "110b", "1112", "111e", "111f"})  # those that we know how to use
FIRST, SECOND = "", ", when its owner had left"

SAYS = {
    "used": "A phone that never paired used its {service} over Bluetooth Classic{when}.",
    "refused": "When its owner had left, a phone that never paired was served nothing (Bluetooth Classic).",
    "no-owner": "Nobody could pair over Bluetooth Classic, so there was no owner whose place to take.",
    "nothing-offered": "Over Bluetooth Classic it offers nothing that carries sound or data.",
    "not-listed": "Over Bluetooth Classic it told of no services at all.",
    "not-let-in": "It took no connection of a second phone: it refused that one, or was not there.",
    "left-open": "Whether it serves a phone that never paired ({service}) stayed open: {why}.",
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
            yield from list(used(seen)) or [otherwise(seen)]


def used(seen: BluetoothClassic) -> Iterator[Answer]:
    """Services that a phone used which never paired: one answer for each."""
    said: set[str] = set()
    second = () if isinstance(seen.second, NotLooked) else seen.second
    for part, services, when in (("second", second, SECOND), ("services", seen.services, FIRST)):
        for at, one in enumerate(services):
            uuid = short(one.uuid)
            if one.came != "done" or uuid in said or len(said) == MOST:
                continue
            said.add(uuid)
            severity = Severity.CRITICAL if uuid in MICROPHONES else Severity.HIGH
            yield fails(
                "used", field(f"{part}.{at}"), severity, subject=uuid, service=called(one.uuid), when=when
            )


def otherwise(seen: BluetoothClassic) -> Answer:
    """What there is to say where none was."""
    if not seen.services:
        return inconclusive("not-listed", Cause.SILENT)
    if not any(short(one.uuid) in CLASSIC_SERVICES for one in seen.services):
        return moot("nothing-offered", field("services"))
    if isinstance(seen.second, NotLooked):
        return inconclusive("no-owner", Cause.REFUSED)
    if not seen.second_let_in:
        return inconclusive("not-let-in", Cause.SILENT)
    first, second = ({place(one): one for one in several} for several in (seen.services, seen.second))
    tried = [at for at in sorted({*first, *second}) if counts(at, first.get(at), second.get(at))]
    for at in tried:
        for answer in (first.get(at), second.get(at)):
            if answer is None or answer.came != "refused":
                words, cause = why(answer.came, answer.why) if answer else why("not tried")
                return inconclusive("left-open", cause, service=called(at[0]), why=words)
    if not tried:
        words, cause = why("not tried")
        return inconclusive("left-open", cause, service=called(seen.services[0].uuid), why=words)
    return passes("refused", field("second"))


def counts(at: tuple[str, int, int], *answers: ClassicService | None) -> bool:
    """Whether both phones must have been refused it: what a stranger would use, whatever was tried, and what
    only one of them was offered. answers: to each phone."""
    return at[0] in USED or any(one is None or one.came != "not tried" for one in answers)


def place(one: ClassicService) -> tuple[str, int, int]:
    """What makes a service the same one for two phones."""
    return short(one.uuid), one.channel, one.psm


def called(uuid: str) -> str:
    """What people call a service."""
    return CLASSIC_SERVICES.get(short(uuid), f"service {short(uuid)}")


CHECK = Check(
    id="bluetooth-classic-takeover",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothClassic, BluetoothNoClassic),
    says=SAYS,
)
