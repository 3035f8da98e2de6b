"""Judge evidence: findings, then the guidelines' roll-up. Repeatable years later without the device.

Same evidence, rules, reference data and date: same bytes (law 6). The clock comes in as `at`, and only the
roll-up sees it, so what the checks said can be remembered (`record.cache`).
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from msgspec import Struct

from shelfworthy.audit.findings import findings_of, references_of
from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import CheckFacts, Rules, World, five_guidelines, roll_up, rules_digest
from shelfworthy.model import Check, Finding, Judgement, Reference
from shelfworthy.record import Evidence, Outline, Said, keep_judgement, load_evidence, recall, remember


class NotYet(Exception):
    """There was no evidence yet at the time it was to be judged as of. first: when its first look began."""

    def __init__(self, first: datetime) -> None:
        super().__init__(f"the first look began at {first}")
        self.first = first


class Court(Struct, frozen=True):
    """Everything that judges: checks, rules, and the digest that names both."""

    checks: tuple[Check, ...]
    rules: Rules
    facts: Mapping[str, CheckFacts]
    digest: str


def court(checks: tuple[Check, ...], rules: Rules) -> Court:
    """These checks under these rules."""
    facts = {check.id: CheckFacts.of(check) for check in checks}
    return Court(checks, rules, facts, rules_digest(rules, facts))


@cache
def our_court() -> Court:
    """The checks and rules of this version."""
    return court(CHECKS, five_guidelines())


def judge(evidence: Evidence, at: datetime, by: Court | None = None) -> Judgement:
    """The judgement of this evidence on that day. at: UTC, whole seconds."""
    by = by or our_court()
    outline = evidence.outline()
    said = {check.id: ask(check, evidence, outline) for check in by.checks}
    return rolled_up(outline, said, at, by)


def judge_folder(folder: Path, at: datetime, *, chosen: bool = False) -> Judgement:
    """Judge `NAME.audit` and keep the judgement; only checks that changed since last time are asked again.

    chosen: whether a person chose the time; then it must not lie before the evidence. Raises NotYet, and
    Unreadable.
    """
    by = our_court()
    outline, known = said_of(folder, by)
    if chosen and (first := min((look.began for look in outline.looks), default=at)) > at:
        raise NotYet(first)
    judgement = rolled_up(outline, known, at, by)
    keep_judgement(folder, judgement)
    return judgement


def said_of(folder: Path, by: Court) -> tuple[Outline, Mapping[str, Said]]:
    """What the checks say of `NAME.audit`, by check; only those that changed since last time are asked again.

    Raises Unreadable.
    """
    outline, known = recall(folder)
    if outline is not None:
        known = {check.id: known[check.id] for check in by.checks if still_holds(check, known, outline)}
    if outline is None or len(known) < len(by.checks):
        evidence = load_evidence(folder)
        outline = evidence.outline()
        known = {check.id: known.get(check.id) or ask(check, evidence, outline) for check in by.checks}
        remember(folder, outline, known)
    return outline, known


def still_holds(check: Check, known: Mapping[str, Said], outline: Outline) -> bool:
    """Whether what the check said of this evidence is what it would say today."""
    before = known.get(check.id)
    return (
        before is not None
        and before.version == check.version
        and before.references == references_of(check, outline.surfaces, outline.supplied)
    )


def ask(check: Check, evidence: Evidence, outline: Outline) -> Said:
    """What one check says about the evidence, and by which reference data."""
    return Said(
        version=check.version,
        references=references_of(check, outline.surfaces, outline.supplied),
        findings=findings_of(check, evidence, outline),
    )


def rolled_up(outline: Outline, said: Mapping[str, Said], at: datetime, by: Court) -> Judgement:
    """The judgement that follows from what the checks said."""
    findings: list[Finding] = [finding for one in said.values() for finding in one.findings]
    findings.sort(key=lambda finding: finding.id)
    references: set[Reference] = {reference for one in said.values() for reference in one.references}
    if outline.seen:
        references.update(outline.known)
    world = World(
        product=outline.product,
        surfaces=(*outline.product.surface, *(one.surface for one in outline.seen if one.decides)),
        looks=outline.looks,
        gaps=outline.gaps,
        present=outline.present,
        findings=tuple(findings),
        beside=tuple(one.surface for one in outline.seen if not one.decides),
    )
    return Judgement(
        evidence_digest=outline.digest,
        rules_digest=by.digest,
        references=tuple(sorted(references, key=lambda one: (one.name, one.sha256))),
        judged_at=at,
        findings=tuple(findings),
        verdict=roll_up(by.rules, by.facts, world, at),
    )
