"""What a stranger and what an owner may do with a Bluetooth device, attribute by attribute, in words. Pure.

Names are those of the SIG's assigned numbers, else the UUID. Of each thing the newest observation is shown.
"""

from collections.abc import Iterator
from typing import TypeVar

from shelfworthy.model import Kind, NotLooked, Outcome, Record, Seen
from shelfworthy.record import Evidence
from shelfworthy.report.sentences import filled, listed
from shelfworthy.report.words import words
from shelfworthy.seen.bluetooth import (
    Attempt,
    Attribute,
    BluetoothAccess,
    BluetoothOperations,
    BluetoothReturn,
    Came,
    Collected,
    OperationSeen,
    Run,
    Visit,
)
from shelfworthy.seen.bluetooth_numbers import (
    PUBLIC_SERVICES,
    PUBLIC_WRITES,
    characteristic_name,
    service_name,
    short,
)

MOST = 120  # attributes shown of one device
MOST_OPERATIONS = 40
VERBS = {"read": "read", "subscribe": "listen", "write": "write", "prepare write": "write"}
# Who may not: for rights, or nobody may. What is left is neither, and so not known.
STATES: dict[Came, str] = {"done": "may", "refused": "may_not", "closed": "nobody_may"}

SeenT = TypeVar("SeenT", bound=Seen)


class Cell(Record, frozen=True):
    """What somebody may do with something. outcome: "" where it says nothing about protection."""

    text: str
    outcome: Outcome | str = ""


class RadioRow(Record, frozen=True):
    """A characteristic. after: what another stranger may do when the owner has left."""

    name: str
    uuid: str
    stranger: Cell
    owner: Cell
    after: Cell


class RadioService(Record, frozen=True):
    """A service with its characteristics. count: how many of them a stranger may use, and should not."""

    name: str
    uuid: str
    rows: tuple[RadioRow, ...]
    open: int


class RadioOperation(Record, frozen=True):
    """An operation in words, and how it went for a stranger without pairing and after it."""

    says: str
    unpaired: Cell
    paired: Cell


class Radio(Record, frozen=True):
    """One device. attributes: how many it has; open: those a stranger may use; left_out: those not shown."""

    surface: str
    services: tuple[RadioService, ...]
    attributes: int
    open: int
    left_out: int
    operations: tuple[RadioOperation, ...]


def radios(evidence: Evidence) -> tuple[Radio, ...]:
    """The devices of which something was seen, by surface."""
    of = {surface.id for surface in evidence.product.surface if surface.kind is Kind.BLUETOOTH}
    shown = (_radio(evidence, surface) for surface in sorted(of))
    return tuple(one for one in shown if one.services or one.operations)


def _radio(evidence: Evidence, surface: str) -> Radio:
    access = _newest(evidence, surface, BluetoothAccess)
    back = _newest(evidence, surface, BluetoothReturn)
    done = _newest(evidence, surface, BluetoothOperations)
    attributes = access.attributes if access else back.attributes if back else ()
    first = _answers(access.stranger if access else None)
    owner = _answers(back.owner if back else None)
    after = _answers(back.stranger if back else None)
    services: list[RadioService] = []
    for one in attributes[:MOST]:
        row = RadioRow(
            name=characteristic_name(one.uuid),
            uuid=one.uuid,
            stranger=_cell(one, first, protects=True),
            owner=_cell(one, owner, protects=False),
            after=_cell(one, after, protects=True),
        )
        if not services or services[-1].uuid != one.service:
            services.append(RadioService(name=service_name(one.service), uuid=one.service, rows=(), open=0))
        last = services.pop()
        services.append(
            RadioService(
                name=last.name, uuid=last.uuid, rows=(*last.rows, row), open=last.open + _is_open(row)
            )
        )
    return Radio(
        surface=surface,
        services=tuple(services),
        attributes=len(attributes),
        open=sum(one.open for one in services),
        left_out=max(0, len(attributes) - MOST),
        operations=tuple(_operation(one) for one in (done.operations[:MOST_OPERATIONS] if done else ())),
    )


def _newest(evidence: Evidence, surface: str, kind: type[SeenT]) -> SeenT | None:
    found = [one for one in evidence.observations if one.surface == surface and isinstance(one.seen, kind)]
    seen = max(found, key=lambda one: (one.at, one.id)).seen if found else None
    return seen if isinstance(seen, kind) else None


def _answers(visit: Visit | NotLooked | None) -> dict[tuple[int, str], Attempt]:
    """What came of each thing, by handle and verb; of several attempts the one that was done."""
    found: dict[tuple[int, str], Attempt] = {}
    for attempt in visit.attempts if isinstance(visit, Visit) else ():
        at = (attempt.handle, VERBS[attempt.asked])
        if at not in found or attempt.came == "done":
            found[at] = attempt
    return found


def _cell(attribute: Attribute, answers: dict[tuple[int, str], Attempt], *, protects: bool) -> Cell:
    """What somebody may do with an attribute: `may read, may not write`."""
    said = words().radio
    by_state: dict[str, list[str]] = {}
    private = False
    for verb in ("read", "listen", "write"):
        attempt = answers.get((attribute.handle, verb))
        if attempt is not None:
            state = STATES.get(attempt.came, "not_known")
            by_state.setdefault(state, []).append(said[verb])
            private |= state == "may" and not _public(attribute, verb)
    if not by_state:
        return Cell(text=said["not_tried"])
    text = "; ".join(
        filled(said[state], {"verbs": listed(by_state[state])})
        for state in ("may", "may_not", "nobody_may", "not_known")
        if state in by_state
    )
    if not protects:
        return Cell(text=text)
    if "may" in by_state and not private:
        return Cell(text=f"{text} ({said['public']})")
    return Cell(text=text, outcome=_outcome(by_state, private=private))


def _outcome(by_state: dict[str, list[str]], *, private: bool) -> Outcome:
    if private:
        return Outcome.FAIL
    return Outcome.INCONCLUSIVE if "not_known" in by_state else Outcome.PASS


def _public(attribute: Attribute, verb: str) -> bool:
    if verb == "write":
        return short(attribute.uuid) in PUBLIC_WRITES
    return short(attribute.service) in PUBLIC_SERVICES


def _is_open(row: RadioRow) -> bool:
    return Outcome.FAIL in (row.stranger.outcome, row.after.outcome)


def _operation(operation: OperationSeen) -> RadioOperation:
    right = [run for run in operation.runs if not run.wrong_key]
    return RadioOperation(
        says=operation.says or operation.id,
        unpaired=_ran([run for run in right if not run.paired]),
        paired=_ran([run for run in right if run.paired]),
    )


def _ran(runs: list[Run]) -> Cell:
    """How an operation went; the time it had its effect, if it had any."""
    said = words().radio
    if not runs:
        return Cell(text=said["not_tried"])
    run = next((run for run in runs if run.came == "done"), runs[-1])
    text = said[f"ran_{run.came.replace(' ', '_')}"]
    parts = [text, *_collected(run)]
    if run.left:
        parts.append(said["left"])
    outcome = {"done": Outcome.FAIL, "refused": Outcome.PASS}.get(run.came, Outcome.INCONCLUSIVE)
    return Cell(text="; ".join(parts), outcome=outcome)


def _collected(run: Run) -> Iterator[str]:
    """The proof of a recording: its length, header and hash."""
    if isinstance(run.collected, Collected):
        said = words().radio
        got = run.collected
        if got.seconds:
            yield filled(said["seconds"], {"seconds": got.seconds})
        yield filled(said["proof"], {"length": got.length, "header": len(got.header), "sha256": got.sha256})
