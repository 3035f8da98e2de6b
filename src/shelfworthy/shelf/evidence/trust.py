"""Whose evidence may clear what. Pure.

A failure counts whoever saw it. A pass or moot counts as well, but where somebody whose evidence clears (the
lab, the shop) has ever failed the same check at the same surface, one of anybody else's does not, whatever
its date: only those who may clear can say that it was mended.
"""

import tomllib
from collections.abc import Iterable

import msgspec

from shelfworthy.model import Finding, Outcome, Record
from shelfworthy.shelf.words import Origin

CLEARING = (Outcome.PASS, Outcome.MOOT)


class Trust(Record, frozen=True):
    """The `[trust]` table of the shop's policy. clears: origins whose evidence clears failures.

    Product files of these alone speak for a product: what others' files declare settles nothing.
    """

    clears: frozenset[Origin] = frozenset({Origin.LAB, Origin.SHOP})


USUAL = Trust()


class _Table(msgspec.Struct, frozen=True):
    trust: Trust = USUAL


def trust_of(policy: str) -> Trust:
    """The trust of a policy's text, the default where it says nothing. Raises ValueError, in words."""
    try:
        return msgspec.convert(tomllib.loads(policy), _Table).trust
    except msgspec.ValidationError as error:
        origins = ", ".join(f'"{one}"' for one in Origin)
        raise ValueError(f"[trust]: {error}. Expected clears = a list of {origins}.") from None


def heard(said: Iterable[tuple[Origin, Finding]], trust: Trust) -> tuple[Finding, ...]:
    """The findings that count, each once, by id. What two observers sent is his who may clear."""
    by_id: dict[str, tuple[Origin, Finding]] = {}
    for origin, finding in said:
        if finding.id not in by_id or origin in trust.clears:
            by_id[finding.id] = origin, finding
    failed = {
        (finding.check, finding.surface)
        for origin, finding in by_id.values()
        if origin in trust.clears and finding.outcome is Outcome.FAIL
    }
    return tuple(
        finding
        for _, (origin, finding) in sorted(by_id.items())
        if origin in trust.clears
        or finding.outcome not in CLEARING
        or (finding.check, finding.surface) not in failed
    )
