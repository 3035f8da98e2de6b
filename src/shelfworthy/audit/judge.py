"""Judge evidence: findings, then the guidelines' roll-up. Repeatable years later without the device.

Same evidence, rules, reference data and date: same bytes (law 6). The clock comes in as `at`, and only the
roll-up sees it, so what the checks said can be remembered (`record.cache`).
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from operator import attrgetter
from pathlib import Path

from msgspec import Struct, structs

from shelfworthy.audit.findings import findings_of, references_of
from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import (
    CheckFacts,
    Plan,
    Rules,
    World,
    five_guidelines,
    plan_of,
    rules_digest,
    verdict,
)
from shelfworthy.model import Check, Judgement, canonical
from shelfworthy.record import (
    Evidence,
    Outline,
    Remembered,
    Said,
    keep_judgement,
    load_evidence,
    recall,
    remember,
    written,
)

NOTHING = Said(versions={}, references={}, findings=())


class NotYet(Exception):
    """There was no evidence yet at the time it was to be judged as of. first: when its first look began."""

    def __init__(self, first: datetime) -> None:
        super().__init__(f"the first look began at {first}")
        self.first = first


class Court(Struct, frozen=True):
    """Everything that judges: checks, rules, how both are gone through, and the digest that names them.

    versions: of the checks.
    """

    checks: tuple[Check, ...]
    versions: Mapping[str, int]
    rules: Rules
    facts: Mapping[str, CheckFacts]
    plan: Plan
    digest: str


def court(checks: tuple[Check, ...], rules: Rules) -> Court:
    """These checks under these rules."""
    facts = {check.id: CheckFacts.of(check) for check in checks}
    versions = {check.id: check.version for check in checks}
    return Court(checks, versions, rules, facts, plan_of(rules, facts), rules_digest(rules, facts))


@cache
def our_court() -> Court:
    """The checks and rules of this version."""
    return court(CHECKS, five_guidelines())


def judge(evidence: Evidence, at: datetime, by: Court | None = None) -> Judgement:
    """The judgement of this evidence on that day. at: UTC, whole seconds."""
    by = by or our_court()
    outline = evidence.outline()
    return rolled_up(outline, ask(by.checks, evidence, outline), at, by)


def judge_folder(folder: Path, at: datetime, *, chosen: bool = False) -> Judgement:
    """Judge `NAME.audit` and keep the judgement; only checks that changed since last time are asked again.

    chosen: whether a person chose the time; then it must not lie before the evidence. Raises NotYet, and
    Unreadable.
    """
    by = our_court()
    known = said_of(folder, by)
    if chosen and (first := min([look.began for look in known.outline.looks], default=at)) > at:
        raise NotYet(first)
    judgement = rolled_up(known.outline, known.said, at, by)
    keep_judgement(folder, judgement, known.written.text)
    return judgement


def said_of(folder: Path, by: Court) -> Remembered:
    """What the checks say of `NAME.audit`; only those that changed since last time are asked again.

    Raises Unreadable.
    """
    known = recall(folder)
    if known is None or not still_holds(known, by):
        evidence = load_evidence(folder)
        outline = evidence.outline()
        said = ask(by.checks, evidence, outline, known.said if known else NOTHING)
        known = Remembered(outline=outline, said=said, written=written(canonical(said.findings)))
        remember(folder, known)
    return known


def still_holds(known: Remembered, by: Court) -> bool:
    """Whether what the checks said of this evidence is what they would say today."""
    said = known.said
    return said.versions == by.versions and said.references == references_of(by.checks, known.outline)


def ask(checks: tuple[Check, ...], evidence: Evidence, outline: Outline, before: Said = NOTHING) -> Said:
    """What the checks say about the evidence, and by which reference data.

    before: what was said of it; checks that are as they were then, and their data, are not asked again.
    """
    references = references_of(checks, outline)
    versions = {check.id: check.version for check in checks}
    same = {
        name
        for name, version in versions.items()
        if before.versions.get(name) == version and before.references.get(name) == references.get(name)
    }
    same -= {check.id for check in checks if not same.issuperset(check.reads_answers)}
    findings = [finding for finding in before.findings if finding.check in same]
    by_type = defaultdict(list)
    for observation in evidence.observations:
        by_type[type(observation.seen.newest())].append(observation)
    for check in sorted(checks, key=lambda check: bool(check.reads_answers)):  # the second pass last
        if check.id not in same:
            reads = tuple(one for kind in check.reads for one in by_type.get(kind, ()))
            concerns = structs.replace(evidence, observations=reads)
            findings += findings_of(check, concerns, outline, findings if check.reads_answers else ())
    findings.sort(key=attrgetter("id"))
    return Said(versions=versions, references=references, findings=tuple(findings))


def rolled_up(outline: Outline, said: Said, at: datetime, by: Court) -> Judgement:
    """The judgement that follows from what the checks said."""
    references = {reference for several in said.references.values() for reference in several}
    if outline.seen:
        references.update(outline.known)
    world = World(
        product=outline.product,
        surfaces=(*outline.product.surface, *(one.surface for one in outline.seen if one.decides)),
        looks=outline.looks,
        gaps=outline.gaps,
        present=outline.present,
        findings=said.findings,
        beside=tuple(one.surface for one in outline.seen if not one.decides),
        lapsed=outline.lapsed,
    )
    return Judgement(
        evidence_digest=outline.digest,
        rules_digest=by.digest,
        references=tuple(sorted(references, key=attrgetter("name", "sha256"))),
        judged_at=at,
        findings=said.findings,
        verdict=verdict(by.plan, world, at),
    )
