"""Judge: put every check's question to every observation it reads. Pure: no clock, no contact."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from operator import attrgetter

import msgspec

from shelfworthy import reference
from shelfworthy.model import (
    About,
    Answer,
    AnySurface,
    Cause,
    Check,
    Finding,
    Kind,
    Observation,
    Product,
    Reference,
    Seen,
    Told,
    digest,
    inconclusive,
)
from shelfworthy.record import Evidence, Outline
from shelfworthy.seen import AnySeen

OUR_FAULT = "our-fault"  # says of an answer that a check broke over


def findings_of(
    check: Check, evidence: Evidence, outline: Outline, before: Iterable[Finding] = ()
) -> tuple[Finding, ...]:
    """All a check has to say about the evidence, in a stable order. outline: that of the same evidence.

    before: what checks said that were asked before it.
    """
    if not evidence.observations:
        return ()
    told = told_to(check, before)
    surfaces = {surface.id: surface for surface in outline.surfaces}
    found = []
    for observation in evidence.observations:
        surface = surfaces.get(observation.surface)
        if surface is not None and isinstance(observation.seen.newest(), check.reads):
            seen = observation.seen.newest()
            knows = about(check, surface, evidence, outline.supplied, seen, told)
            for answer in answers(check, observation, knows):
                found.append(finding(check, observation, answer, evidence.product))
    return tuple(sorted(found, key=lambda finding: finding.id))


def answers(check: Check, observation: Observation[AnySeen], about: About) -> Iterator[Answer]:
    """A check's answers to one observation; if it breaks, that it did: never silence."""
    try:
        said = list(check.judge(observation.seen.newest(), about))
    except MemoryError:  # says something of this machine and nothing of the evidence: there is no answer
        raise
    except Exception as fault:  # a crash of a check must not look like a pass
        yield inconclusive(OUR_FAULT, Cause.OUR_FAULT, error=f"{type(fault).__name__}: {fault}"[:200])
        return
    yield from said or [inconclusive(OUR_FAULT, Cause.OUR_FAULT, error="the check said nothing")]


def told_to(check: Check, before: Iterable[Finding]) -> tuple[Told, ...]:
    """What others answered that this check reads, in an order that does not depend on theirs."""
    return tuple(
        Told(check=one.check, surface=one.surface, outcome=one.outcome, says=one.says, facts=one.facts)
        for one in sorted(before, key=attrgetter("id"))
        if one.check in check.reads_answers
    )


def about(
    check: Check,
    surface: AnySurface,
    evidence: Evidence,
    supplied: Mapping[str, str],
    seen: Seen,
    answers: tuple[Told, ...] = (),
) -> About:
    """What this check may know beside what was seen. answers: of others, which it reads."""
    product = evidence.product
    unit = next((unit for unit in product.unit if unit.id == surface.unit), None)
    used = reference.used(check.needs, surface, supplied)
    return About(
        surface=surface,
        product=product.product if "product" in check.needs else None,
        unit=unit if "unit" in check.needs else None,
        references=reference.contents(used, evidence.supplied, seen),
        answers=answers,
    )


def references_of(checks: tuple[Check, ...], outline: Outline) -> dict[str, tuple[Reference, ...]]:
    """By check, the data that decides its answers about this evidence, where there is any."""
    by_kind: dict[Kind, list[AnySurface]] = defaultdict(list)
    for surface in outline.surfaces:
        by_kind[surface.kind].append(surface)
    found = {}
    for check in checks:
        if check.needs:
            used: set[Reference] = set()
            for kind in _kinds(check.reads):
                for surface in by_kind.get(kind, ()):
                    used.update(*reference.used(check.needs, surface, outline.supplied).values())
            if used:
                found[check.id] = tuple(sorted(used, key=attrgetter("name", "sha256")))
    return found


@cache
def _kinds(reads: tuple[type[Seen], ...]) -> frozenset[Kind]:
    return frozenset(seen.surface_kind() for seen in reads)


def finding(check: Check, observation: Observation[AnySeen], answer: Answer, product: Product) -> Finding:
    """The answer with its check, surface and evidence."""
    key = digest((product.product.key, observation.surface, check.id, answer.subject))[:24]
    unsigned = Finding(
        id="",
        key=key,
        check=check.id,
        check_version=check.version,
        surface=observation.surface,
        unit=observation.unit,
        outcome=answer.outcome,
        says=answer.says,
        facts=answer.facts,
        subject=answer.subject,
        severity=answer.severity,
        confidence=answer.confidence,
        cause=answer.cause,
        place=answer.place,
        evidence=(observation.id,),
        seen_at=observation.at,
        until=answer.until,
    )
    return msgspec.structs.replace(unsigned, id=digest(unsigned)[:24])
