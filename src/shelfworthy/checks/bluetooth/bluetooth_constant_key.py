"""Does it take more to be let in by the device than bytes that are always the same?

Why it matters: a key that is the same for every toy, or every day, is no key: who has seen it once, in
the air or in an app, has it for all of them.

How we look (use): where the product file names bytes that an app sends to be let in, a stranger sends
them, and the same with one bit changed: without pairing, and after pairing as the weakest partner. It
fails where the right ones are taken and the wrong ones are not. A recording of an app's sessions fails
it, too, where the same eight bytes or more were written early in every one of two connections or more; it
can never pass.

What it does not show: whether bytes that differ can be computed by everybody, and what is in the app.

If it fails: let pairing protect the link, and where an app has to prove itself besides, have it answer a
number that the device chooses anew.
"""

from collections.abc import Iterator

from shelfworthy.checks.bluetooth._absent import no_le
from shelfworthy.checks.bluetooth._operations import HOW, MOST, unrefused
from shelfworthy.checks.bluetooth._why import NO
from shelfworthy.model import (
    About,
    Answer,
    Cause,
    Check,
    Confidence,
    Does,
    Level,
    Severity,
    fails,
    field,
    inconclusive,
    moot,
    passes,
)
from shelfworthy.seen.bluetooth import (
    BluetoothNoLe,
    BluetoothOperations,
    BluetoothRecorded,
    OperationSeen,
    Run,
)

SHORTEST = 8  # bytes: what is shorter is as likely a command
LEAST = 2  # connections
BOTH = (False, True)  # with the right key, and with one bit of it changed

SAYS = {
    "constant": "Bytes that are always the same let a stranger in {how}; one bit changed, and they did not.",
    "locks-nothing": "Bytes with one bit changed were taken as well: nothing is locked by them.",
    "refused": "A stranger who sent the bytes of an app was not let in.",
    "left-open": "Whether bytes that are always the same let a stranger in stayed open: {why}.",
    "more": "The product file names {operations} more ways to be let in, which were not judged.",
    "not-told": "The product file names no bytes that let an app in, so nobody tried.",
    "repeated": "In each of {connections} recorded connections the same {length} bytes came first.",
    "nothing-repeated": "Nothing that looks like a key was the same in {connections} recorded connections.",
    "no-le": "It has no Bluetooth LE: the product file says so, and in {seconds} s nothing was heard.",
    "le-after-all": "The product file says that it has no Bluetooth LE; {heard} advertisements were heard.",
}


def judge(seen: BluetoothOperations | BluetoothRecorded | BluetoothNoLe, about: About) -> Iterator[Answer]:
    match seen:
        case BluetoothNoLe() if no_le(seen, about):
            yield moot("no-le", field("heard"), seconds=seen.listened)
        case BluetoothNoLe(heard=heard):
            yield inconclusive("le-after-all", Cause.CONTRADICTORY, heard=heard)
        case BluetoothRecorded():
            yield from list(repeated(seen)) or [
                inconclusive("nothing-repeated", Cause.NOBODY_LOOKED, connections=seen.connections)
            ]
        case BluetoothOperations():
            locks = [(at, one) for at, one in enumerate(seen.operations) if one.does is Does.UNLOCK]
            if not locks:
                yield inconclusive("not-told", Cause.NOT_SUPPLIED)
            for at, one in locks[:MOST]:
                yield answer(seen, at, one)
            if more := len(locks[MOST:]):
                yield inconclusive("more", Cause.NOBODY_LOOKED, subject="more", operations=more)


def answer(seen: BluetoothOperations, at: int, lock: OperationSeen) -> Answer:
    """What one way to be let in comes to: the constant bytes and the changed ones, unpaired and paired."""
    taken_as_well = None
    for paired in (False, True):
        right = [number for number, run in enumerate(lock.runs) if let_in(run, paired, wrong_key=False)]
        wrong = [run for run in lock.runs if run.wrong_key and run.paired is paired]
        if not right or not wrong:
            continue
        if any(run.came == "done" for run in wrong):
            taken_as_well = right[0]
        elif all(run.came in (*NO, "accepted", "silent", "gone") for run in wrong):
            # Some locks do not say no: they say nothing.
            said_no = all(run.came in NO for run in wrong)
            confidence = Confidence.CERTAIN if said_no and not seen.passive else Confidence.PROBABLE
            place = field(f"operations.{at}.runs.{right[0]}")
            return fails(
                "constant", place, Severity.HIGH, confidence=confidence, subject=lock.id, how=HOW[paired]
            )
    if taken_as_well is not None and not seen.passive:
        return moot("locks-nothing", field(f"operations.{at}.runs"), subject=lock.id)
    if open_ := unrefused(seen, lock.runs, BOTH):
        words, cause = open_
        return inconclusive("left-open", cause, subject=lock.id, why=words)
    return passes("refused", field(f"operations.{at}.runs"), subject=lock.id)


def let_in(run: Run, paired: bool, *, wrong_key: bool) -> bool:
    """Whether this run, paired or not, with the right key or a wrong one, had its effect."""
    return run.came == "done" and run.paired is paired and run.wrong_key is wrong_key


def repeated(seen: BluetoothRecorded) -> Iterator[Answer]:
    """Bytes that were the same in every connection of a recording."""
    keys = [
        (at, one)
        for at, one in enumerate(seen.repeated)
        if one.length >= SHORTEST and one.connections == one.of >= LEAST
    ]
    for at, one in keys[:MOST]:
        yield fails(
            "repeated",
            field(f"repeated.{at}"),
            Severity.HIGH,
            confidence=Confidence.PROBABLE,
            subject=one.uuid,
            connections=one.connections,
            length=one.length,
        )


CHECK = Check(
    id="bluetooth-constant-key",
    version=1,
    level=Level.USE,
    judge=judge,
    reads=(BluetoothOperations, BluetoothRecorded, BluetoothNoLe),
    says=SAYS,
)
