"""Judge: put every check's question to every observation it reads. Pure: no clock, no contact."""

from collections.abc import Iterator, Mapping

import msgspec

from shelfworthy import reference
from shelfworthy.model import (
    About,
    Answer,
    AnySurface,
    Cause,
    Check,
    Finding,
    Observation,
    Product,
    Reference,
    digest,
    inconclusive,
)
from shelfworthy.record import Evidence, Outline
from shelfworthy.seen import AnySeen

OUR_FAULT = "our-fault"  # says of an answer that a check broke over


def findings_of(check: Check, evidence: Evidence, outline: Outline) -> tuple[Finding, ...]:
    """All a check has to say about the evidence, in a stable order. outline: that of the same evidence."""
    surfaces = {surface.id: surface for surface in outline.surfaces}
    found = []
    for observation in evidence.observations:
        surface = surfaces.get(observation.surface)
        if surface is not None and isinstance(observation.seen.newest(), check.reads):
            knows = about(check, surface, evidence, outline.supplied)
            for answer in answers(check, observation, knows):
                found.append(finding(check, observation, answer, evidence.product))
    return tuple(sorted(found, key=lambda finding: finding.id))


def answers(check: Check, observation: Observation[AnySeen], about: About) -> Iterator[Answer]:
    """A check's answers to one observation; if it breaks, that it did: never silence."""
    try:
        said = list(check.judge(observation.seen.newest(), about))
    except Exception as fault:  # a crash of a check must not look like a pass
        yield inconclusive(OUR_FAULT, Cause.OUR_FAULT, error=f"{type(fault).__name__}: {fault}"[:200])
        return
    yield from said or [inconclusive(OUR_FAULT, Cause.OUR_FAULT, error="the check said nothing")]


def about(check: Check, surface: AnySurface, evidence: Evidence, supplied: Mapping[str, str]) -> About:
    """What this check may know beside what was seen."""
    product = evidence.product
    unit = next((unit for unit in product.unit if unit.id == surface.unit), None)
    used = reference.used(check.needs, surface, supplied)
    return About(
        surface=surface,
        product=product.product if "product" in check.needs else None,
        unit=unit if "unit" in check.needs else None,
        references=reference.contents(used, evidence.supplied),
    )


def references_of(
    check: Check, surfaces: tuple[AnySurface, ...], supplied: Mapping[str, str]
) -> tuple[Reference, ...]:
    """The data that decides this check's answers at these surfaces. supplied: SHA-256 by file name."""
    if not check.needs:
        return ()
    kinds = {seen.surface_kind() for seen in check.reads}
    used = {
        one
        for surface in surfaces
        if surface.kind in kinds
        for several in reference.used(check.needs, surface, supplied).values()
        for one in several
    }
    return tuple(sorted(used, key=lambda one: (one.name, one.sha256)))


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
