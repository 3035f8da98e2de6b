"""An audit becomes a report: everything every format shows, put together once and in one order. Pure."""

from collections import defaultdict
from datetime import datetime

import msgspec

from shelfworthy.model import (
    Declaration,
    Finding,
    Identity,
    Judgement,
    Kind,
    RequirementVerdict,
    Standing,
    Verdict,
)
from shelfworthy.record import Evidence
from shelfworthy.record.quotes import lapsed
from shelfworthy.report.on_the_way import called, seen_on_the_way
from shelfworthy.report.sentences import sentence
from shelfworthy.report.shape import (
    Report,
    ReportDeclaration,
    ReportFinding,
    ReportSurface,
    State,
)
from shelfworthy.report.shopper import policies


def report_of(evidence: Evidence, judgement: Judgement) -> Report:
    """The report of one judgement of one evidence. The order of either does not matter."""
    on_the_way = seen_on_the_way(evidence)
    told = findings_of(judgement)
    surfaces = tuple(
        ReportSurface(id=one.id, kind=one.kind, where=one.where, unit=one.unit, owner=one.owner)
        for one in evidence.product.surface
    )
    return Report(
        product=evidence.product.product,
        units=evidence.product.unit,
        judged_at=judgement.judged_at,
        rules_digest=judgement.rules_digest,
        evidence_digest=judgement.evidence_digest,
        verdict=judgement.verdict,
        findings=told,
        surfaces=surfaces,
        gaps=tuple(sorted(evidence.gaps, key=lambda gap: (gap.surface, gap.at, gap.id))),
        declarations=_declarations(evidence, judgement),
        policies=policies(told, surfaces, evidence.observations),
        seen=on_the_way.seen,
        seen_not_followed=on_the_way.not_followed,
        seen_left_out=on_the_way.left_out,
        references=tuple(sorted(judgement.references, key=lambda one: (one.name, one.sha256))),
    )


def findings_of(judgement: Judgement) -> tuple[ReportFinding, ...]:
    """The findings as reports show them, in their order."""
    under = _requirements(judgement.verdict)
    findings = sorted(
        judgement.findings, key=lambda one: (one.check, one.surface, one.unit, one.subject, one.id)
    )
    return tuple(_finding(one, under[one.id]) for one in findings)


def without_evidence(judgement: Judgement, product: Identity) -> Report:
    """The report of a judgement by itself, where the evidence is not at hand: answers and reasons."""
    return Report(
        product=product,
        units=(),
        judged_at=judgement.judged_at,
        rules_digest=judgement.rules_digest,
        evidence_digest=judgement.evidence_digest,
        verdict=judgement.verdict,
        findings=findings_of(judgement),
        surfaces=(),
        gaps=(),
        declarations=(),
        policies=(),
        seen=(),
        seen_not_followed=(),
        seen_left_out=0,
        references=judgement.references,
    )


def named(report: Report, surface: str) -> str:
    """A surface as people tell it from others: its kind and name, or where it was seen; else its id."""
    kind = kinds(report).get(surface)
    return f"{kind} {called(surface)}" if kind else surface


def kinds(report: Report) -> dict[str, Kind]:
    """The kinds of all surfaces, declared and seen, by id."""
    return {one.id: one.kind for one in report.surfaces} | {one.id: one.kind for one in report.seen}


def answers(verdict: Verdict) -> dict[str, RequirementVerdict]:
    """Every requirement's answer by its id, the exposures' included."""
    return {
        id: one
        for requirements in (*(one.requirements for one in verdict.guidelines.values()), verdict.exposures)
        for id, one in requirements.items()
    }


def _requirements(verdict: Verdict) -> dict[str, tuple[str, ...]]:
    """The requirements each finding is reported under, by its id."""
    under: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for requirement, answer in sorted(answers(verdict).items()):
        for finding in dict.fromkeys((*answer.findings, *answer.notes)):
            under[finding] += (requirement,)
    return under


def _finding(finding: Finding, requirements: tuple[str, ...]) -> ReportFinding:
    copied = msgspec.structs.asdict(finding)
    return ReportFinding(**copied, requirements=requirements, because=sentence(finding))


def _declarations(evidence: Evidence, judgement: Judgement) -> tuple[ReportDeclaration, ...]:
    by_id = answers(judgement.verdict)
    gone = lapsed(evidence.product, evidence.observations)
    ordered = sorted(
        evidence.product.declaration, key=lambda one: (one.requirement, one.on, one.by, one.because)
    )
    return tuple(
        ReportDeclaration(
            requirement=said.requirement,
            answer=said.answer,
            because=said.because,
            quote=said.quote,
            by=said.by,
            on=said.on,
            until=said.until,
            state=state,
            against=by_id[said.requirement].contradicted if state is State.CONTRADICTED else "",
            surface=said.surface,
        )
        for said in ordered
        for state in [_state(said, by_id.get(said.requirement), judgement.judged_at, gone=said in gone)]
    )


def _state(said: Declaration, answer: RequirementVerdict | None, at: datetime, *, gone: bool) -> State:
    if answer is None:
        return State.NO_SUCH_REQUIREMENT
    if said.until < at.date():
        return State.EXPIRED
    if said.on > at.date():
        return State.NOT_YET
    if gone:
        return State.QUOTE_GONE
    if answer.declared_by == said.by and answer.answer is said.answer:
        return State.SETTLES
    if answer.contradicted and said.answer is not answer.answer:
        return State.CONTRADICTED
    if answer.declared_by:
        return State.REPLACED
    return State.LEFT_OPEN if answer.answer is Standing.CANNOT_DETERMINE else State.NOT_NEEDED
