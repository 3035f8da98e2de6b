"""An audit becomes a report: everything every format shows, put together once and in one order. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from shelfworthy.model import (
    AnySurface,
    Database,
    Declaration,
    Endpoint,
    Finding,
    Judgement,
    Product,
    RequirementVerdict,
    Standing,
    Verdict,
)
from shelfworthy.record import Evidence
from shelfworthy.report.sentences import sentence
from shelfworthy.report.shape import (
    Report,
    ReportDeclaration,
    ReportFinding,
    ReportSurface,
    SeenNotFollowed,
    State,
)

PORTS = {"https": 443, "http": 80, "mongodb": 27017}


def report_of(evidence: Evidence, judgement: Judgement) -> Report:
    """The report of one judgement of one evidence. The order of either does not matter."""
    under = _requirements(judgement.verdict)
    findings = sorted(
        judgement.findings, key=lambda one: (one.check, one.surface, one.unit, one.subject, one.id)
    )
    return Report(
        product=evidence.product.product,
        units=evidence.product.unit,
        judged_at=judgement.judged_at,
        rules_digest=judgement.rules_digest,
        evidence_digest=judgement.evidence_digest,
        verdict=judgement.verdict,
        findings=tuple(_finding(one, under[one.id]) for one in findings),
        surfaces=tuple(
            ReportSurface(id=one.id, kind=one.kind, where=one.where, unit=one.unit, owner=one.owner)
            for one in evidence.product.surface
        ),
        gaps=tuple(sorted(evidence.gaps, key=lambda gap: (gap.surface, gap.at, gap.id))),
        declarations=_declarations(evidence.product, judgement),
        seen_not_followed=_not_followed(evidence),
        references=tuple(sorted(judgement.references, key=lambda one: (one.name, one.sha256))),
    )


def named(report: Report, surface: str) -> str:
    """A surface as people tell it from others: its kind and name; its id where no product file names it."""
    kind = next((one.kind for one in report.surfaces if one.id == surface), None)
    return f"{kind} {surface}" if kind else surface


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


def _declarations(product: Product, judgement: Judgement) -> tuple[ReportDeclaration, ...]:
    by_id = answers(judgement.verdict)
    ordered = sorted(product.declaration, key=lambda one: (one.requirement, one.on, one.by, one.because))
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
        )
        for said in ordered
        for state in [_state(said, by_id.get(said.requirement), judgement.judged_at)]
    )


def _state(said: Declaration, answer: RequirementVerdict | None, at: datetime) -> State:
    if answer is None:
        return State.NO_SUCH_REQUIREMENT
    if said.until < at.date():
        return State.EXPIRED
    if said.on > at.date():
        return State.NOT_YET
    if answer.declared_by == said.by and answer.answer is said.answer:
        return State.SETTLES
    if answer.contradicted and said.answer is not answer.answer:
        return State.CONTRADICTED
    if answer.declared_by:
        return State.REPLACED
    return State.LEFT_OPEN if answer.answer is Standing.CANNOT_DETERMINE else State.NOT_NEEDED


def _not_followed(evidence: Evidence) -> tuple[SeenNotFollowed, ...]:
    """Mentions whose host and port are no declared surface's: another port is another door."""
    ours = {place for surface in evidence.product.surface for place in _places(surface)}
    found = {
        SeenNotFollowed(
            what=mention.what,
            role=mention.role,
            surface=observation.surface,
            observation=observation.id,
            field=mention.field,
        )
        for observation in evidence.observations
        for mention in observation.seen.mentions()
        if _place(mention.what) not in ours
    }
    return tuple(sorted(found, key=lambda one: (one.surface, one.what, one.role, one.observation, one.field)))


def _places(surface: AnySurface) -> Iterator[tuple[str, int]]:
    """Hosts and ports of a surface: its address, the name it goes by, where it answers in cleartext."""
    at = _place(surface.where.removeprefix("contact:").removeprefix("s3+"))
    if at is None:
        return
    host, port = at
    names = {host, surface.name.lower()} if isinstance(surface, Endpoint | Database) else {host}
    ports = {port}
    if isinstance(surface, Endpoint):
        ports.add(surface.plain_port or (80 if port == 443 else port))
    yield from ((name, number) for name in names - {""} for number in ports)


def _place(url: str) -> tuple[str, int] | None:
    """The host in a URL, lower case, and its port, the scheme's own where it names none (0: unknown)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # hostile text need not be a URL
        return None
    return (host.removesuffix("."), PORTS.get(parts.scheme, 0) if port is None else port) if host else None
