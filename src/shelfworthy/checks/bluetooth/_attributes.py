"""What checks of attributes share: what a stranger could do, and whether all the rest was refused.

What counts is what an attribute says may be done with it: read, be listened to, be written. Each of them
needs an answer of its own; a missing one is no refusal.
"""

from collections.abc import Iterator

from msgspec import Struct

from shelfworthy.checks.bluetooth._why import NO, why
from shelfworthy.model import Cause, Severity
from shelfworthy.seen.bluetooth import Asked, Attempt, Attribute, Visit
from shelfworthy.seen.bluetooth_numbers import (
    PRIVATE_SERVICES,
    PUBLIC_SERVICES,
    PUBLIC_WRITES,
    service_name,
    short,
)

MOST = 12  # services answered for one by one, the gravest first
READ, LISTEN, WRITE = "read", "listen to", "write"
MAY = (READ, LISTEN, WRITE)
MEANT: dict[Asked, str] = {"read": READ, "subscribe": LISTEN, "write": WRITE, "prepare write": WRITE}
SEVERITIES = tuple(Severity)


class Open(Struct, frozen=True):
    """A service of which a stranger may do something.

    attempt: place of the first attempt that shows the gravest of it. may: how many characteristics of how
    many (`count`) may be read, listened to and written.
    """

    service: str
    severity: Severity
    attempt: int
    may: dict[str, int]
    count: int

    @property
    def name(self) -> str:
        return service_name(self.service) or self.service

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(f"{verb} {self.may[verb]}" for verb in MAY if self.may.get(verb))


def private(attributes: tuple[Attribute, ...]) -> set[tuple[int, str]]:
    """What may not be open to strangers: (handle, what may be done there) of what is not public anyway."""
    return {(one.handle, verb) for one in attributes for verb in _offers(one) if not _public(one, verb)}


def opened(attributes: tuple[Attribute, ...], visit: Visit) -> list[Open]:
    """The services of which a stranger may do what is not public anyway, the gravest first."""
    if visit.encrypted:
        return []
    by_handle = {one.handle: one for one in attributes}
    wanted = private(attributes)
    found: dict[str, Open] = {}
    seen: set[tuple[int, str]] = set()
    for place, attempt in enumerate(visit.attempts):
        at = (attempt.handle, MEANT[attempt.asked])
        if not _shows(attempt) or at not in wanted or at in seen:
            continue
        seen.add(at)
        service = short(by_handle[attempt.handle].service)
        found[service] = _with(found.get(service), service, at[1], place)
    counts = _counts(attributes)
    return sorted(
        (
            Open(one.service, one.severity, one.attempt, one.may, counts[one.service])
            for one in found.values()
        ),
        key=lambda one: (SEVERITIES.index(one.severity), one.service),
    )


def left_open(attributes: tuple[Attribute, ...], visit: Visit) -> tuple[str, Cause] | None:
    """Why it is not known that a stranger is refused everything; None where it is."""
    wanted = private(attributes)
    answers: dict[tuple[int, str], list[Attempt]] = {at: [] for at in wanted}
    for attempt in visit.attempts:
        answers.get((attempt.handle, MEANT[attempt.asked]), []).append(attempt)
    if visit.encrypted:
        return "the link was encrypted before anybody had paired", Cause.CONTRADICTORY
    for came in ("accepted", "error", "silent", "gone", "not tried"):
        for at in sorted(answers):
            for attempt in answers[at]:
                if attempt.came == came:
                    return why(attempt.came, attempt.why)
    if not visit.whole or not all(answers.values()):
        return "not everything was tried", Cause.NOBODY_LOOKED
    if any(attempt.came not in NO for at in answers for attempt in answers[at]):
        return why("done")
    if all(attempt.came == "closed" for at in answers for attempt in answers[at]):
        return why("closed")
    return None


def _offers(attribute: Attribute) -> Iterator[str]:
    has = set(attribute.properties)
    if "read" in has:
        yield READ
    if has & {"notify", "indicate"}:
        yield LISTEN
    if has & {"write", "write without response"}:
        yield WRITE


def _public(attribute: Attribute, verb: str) -> bool:
    if verb == WRITE:
        return short(attribute.uuid) in PUBLIC_WRITES
    return short(attribute.service) in PUBLIC_SERVICES


def _shows(attempt: Attempt) -> bool:
    """Whether it was done. A write that is only prepared never is; a subscription only where data came."""
    if attempt.asked == "subscribe":
        return attempt.came == "done" and attempt.length > 0
    return attempt.came == "done" and attempt.asked != "prepare write"


def _with(known: Open | None, service: str, verb: str, place: int) -> Open:
    severity = _severity(service, verb)
    if known is None:
        return Open(service, severity, place, {verb: 1}, 0)
    may = {**known.may, verb: known.may.get(verb, 0) + 1}
    if SEVERITIES.index(severity) < SEVERITIES.index(known.severity):
        return Open(service, severity, place, may, 0)
    return Open(service, known.severity, known.attempt, may, 0)


def _severity(service: str, verb: str) -> Severity:
    """By what it does: whoever writes commands the device, whoever reads learns something."""
    if verb == WRITE:
        return Severity.MEDIUM if service in PUBLIC_SERVICES else Severity.HIGH
    return Severity.HIGH if service in PRIVATE_SERVICES else Severity.MEDIUM


def _counts(attributes: tuple[Attribute, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in attributes:
        service = short(one.service)
        counts[service] = counts.get(service, 0) + 1
    return counts
