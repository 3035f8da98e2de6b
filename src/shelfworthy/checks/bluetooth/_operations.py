"""What checks of operations share: how each one went for a stranger, and why nobody can tell.

A stranger counts as refused where the device refused the operation without pairing, and either refused
the pairing that nobody consented to, or refused the operation after it, too.
"""

from collections.abc import Callable

from msgspec import Struct

from shelfworthy.checks.bluetooth._why import why
from shelfworthy.model import Cause, Does, Field, field
from shelfworthy.seen.bluetooth import BluetoothOperations, OperationSeen, Run

MOST = 12  # operations of one kind answered for one by one
HOW = {False: "without pairing", True: "after pairing, which nobody had to allow"}


class Went(Struct, frozen=True):
    """How one operation went. place: in `operations`. done: the run that had its effect, and its place.

    open: why nobody can tell, with the cause; None where it was refused.
    """

    place: int
    operation: OperationSeen
    done: Run | None
    run: int
    open: tuple[str, Cause] | None

    @property
    def at(self) -> Field:
        runs = f"operations.{self.place}.runs"
        return field(f"{runs}.{self.run}" if self.done else runs)

    @property
    def how(self) -> str:
        return HOW[self.done is not None and self.done.paired]

    @property
    def can(self) -> str:
        """What it does, to stand after "could"."""
        return self.operation.says.rstrip(".") or self.operation.id


def effect(run: Run) -> bool:
    """Whether all its acts had their effect."""
    return run.came == "done"


def went(
    seen: BluetoothOperations, does: Does, shows: Callable[[Run], bool] = effect
) -> tuple[tuple[Went, ...], int]:
    """How the operations of a kind went, those that had an effect first, and how many more there are."""
    found = [
        _one(seen, place, operation, shows)
        for place, operation in enumerate(seen.operations)
        if operation.does is does
    ]
    found.sort(key=lambda one: (one.done is None, one.open is None, one.place))
    return tuple(found[:MOST]), len(found[MOST:])


def unrefused(
    seen: BluetoothOperations, runs: tuple[Run, ...], keys: tuple[bool, ...]
) -> tuple[str, Cause] | None:
    """Why nobody can tell whether a stranger is refused; None where it was seen.

    keys: `wrong_key` of the runs that must be there.
    """
    after = seen.pairing == "done" or any(run.paired for run in runs)
    for paired in (False, True) if after else (False,):
        for wrong_key in keys:
            here = [run for run in runs if (run.paired, run.wrong_key) == (paired, wrong_key)]
            if not here:
                words, cause = why("not tried")
                return f"{words} {HOW[paired]}", cause
            for run in here:
                if run.came != "refused":
                    words, cause = why(run.came, run.why)
                    return f"{HOW[paired]} {words}", cause
    if seen.pairing not in ("done", "refused"):
        words, cause = why(seen.pairing)
        return f"whether a stranger may pair is not known ({words})", cause
    if seen.passive:
        return "a recording shows only what somebody did", Cause.NOBODY_LOOKED
    return None


def _one(
    seen: BluetoothOperations, place: int, operation: OperationSeen, shows: Callable[[Run], bool]
) -> Went:
    numbered = sorted(enumerate(operation.runs), key=lambda one: one[1].paired)
    for number, run in numbered:
        if shows(run):
            return Went(place, operation, run, number, None)
    return Went(place, operation, None, 0, unrefused(seen, operation.runs, (False,)))
