"""Short ways to build small worlds, so that a test reads as the sentence it is about."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from shelfworthy.guidelines import CheckFacts, Guideline, Requirement, Rules, World, roll_up
from shelfworthy.model import (
    AnySurface,
    Cause,
    Confidence,
    Declaration,
    Field,
    Finding,
    Gap,
    Identity,
    Kind,
    Level,
    Looked,
    Outcome,
    Owner,
    Product,
    RequirementVerdict,
    Severity,
    Standing,
    Surface,
)

TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = 7  # shelf life of every kind in the rules built here


def days(before: float) -> datetime:
    """The moment so many days before today."""
    return TODAY - timedelta(days=before)


def facts(check: str, kind: Kind = Kind.DATABASE, *tags: str) -> CheckFacts:
    """A check; without tags it reads the one of its kind (`database/1`)."""
    return CheckFacts(id=check, version=1, kind=kind, level=Level.KNOCK, reads=tags or (f"{kind}/1",))


def rules(**requirements: Requirement) -> Rules:
    """Rules with one guideline `g` of these requirements, and the first of them as exposure `e` too."""
    heading = Guideline(title="G", wording="W", source="S")
    first = next(iter(requirements.values()))
    return Rules(
        guideline={"g": heading},
        exposure=heading,
        requirement={"g": requirements, "exposure": {"e": first}},
        shelf_life=dict.fromkeys(Kind, DAYS),
    )


def surface(name: str, kind: Kind = Kind.DATABASE, unit: str = "", owner: Owner = Owner.MAKER) -> AnySurface:
    fields = {"kind": kind.value, "id": name, "where": f"{name}.example", "unit": unit, "owner": owner.value}
    made: AnySurface = msgspec.convert(fields, AnySurface)
    return made


def looked(
    place: str,
    *observations: str,
    sees: tuple[str, ...] = ("database/1",),
    complete: bool = True,
    at: datetime = TODAY,
    unit: str = "",
) -> Looked:
    """A look that ended at that moment; its id follows from what it says."""
    return Looked(
        id=f"look-{place}-{at:%m%d%H%M%S}-{'-'.join(observations)}",
        surface=place,
        unit=unit,
        observer="bench",
        began=at - timedelta(seconds=5),
        ended=at,
        by="probe/1",
        sees=sees,
        observations=observations,
        attachments=(),
        complete=complete,
    )


def finding(
    check: str,
    outcome: Outcome,
    place: str,
    *evidence: str,
    at: datetime = TODAY,
    unit: str = "",
    subject: str = "",
    cause: Cause = Cause.SILENT,
    until: datetime | None = None,
    mark: str = "",
) -> Finding:
    """A finding; its id names what it says, mark tells apart what is otherwise alike."""
    open_ = outcome is Outcome.INCONCLUSIVE
    name = f"{check}/{outcome}/{place}/{unit}/{subject}/{at:%m%d%H%M%S}/{','.join(evidence)}/{mark}"
    return Finding(
        id=name,
        key=f"{check}/{place}/{subject}",
        check=check,
        check_version=1,
        surface=place,
        unit=unit,
        outcome=outcome,
        says="said",
        facts={},
        subject=subject,
        severity=Severity.HIGH if outcome is Outcome.FAIL else None,
        confidence=Confidence.CERTAIN,
        cause=cause if open_ else None,
        place=None if open_ else Field(path="x"),
        evidence=evidence,
        seen_at=at,
        until=until,
    )


def gap(place: str, cause: Cause, *lacks: str, at: datetime = TODAY) -> Gap:
    return Gap(
        id=f"gap-{place}-{cause}-{at:%m%d%H%M%S}",
        surface=place,
        unit="",
        observer="bench",
        at=at,
        by="probe/1",
        cause=cause,
        words="words",
        lacks=lacks,
    )


def declared(
    requirement: str,
    answer: Standing,
    on: date = date(2026, 1, 1),
    until: date = date(2026, 12, 31),
    by: str = "A. Person",
) -> Declaration:
    return Declaration(requirement=requirement, answer=answer, because="I read it", by=by, on=on, until=until)


def product(*declarations: Declaration, for_children: bool | None = False, category: str = "") -> Product:
    identity = Identity(name="N", vendor="V", for_children=for_children, category=category)
    return Product(product=identity, declaration=declarations)


def world(
    *parts: AnySurface | Looked | Gap | Finding,
    about: Product | None = None,
    gone: frozenset[str] = frozenset(),
) -> World:
    """A world of surfaces, looks, gaps and findings; every observation named is there, but for the gone."""
    looks = tuple(part for part in parts if isinstance(part, Looked))
    findings = tuple(part for part in parts if isinstance(part, Finding))
    named = {observation for look in looks for observation in look.observations}
    named |= {observation for one in findings for observation in one.evidence}
    return World(
        product=about or product(),
        surfaces=tuple(part for part in parts if isinstance(part, Surface)),
        looks=looks,
        gaps=tuple(part for part in parts if isinstance(part, Gap)),
        present=frozenset(named - gone),
        findings=findings,
    )


CHECKS = {
    check.id: check
    for check in (
        facts("open"),
        facts("clear", Kind.DATABASE, "hello/1"),
        facts("page", Kind.CONTACT),
        facts("bounty", Kind.CONTACT),
        facts("domain-owned", Kind.DOMAIN),
    )
}
OPEN_ONLY = Requirement(asks="?", all=("open",))
RECORDS = surface("records")


def answer(of: World, requirement: Requirement = OPEN_ONLY) -> RequirementVerdict:
    """What the roll-up says today of one requirement, `g.r`, alone."""
    return roll_up(rules(r=requirement), CHECKS, of, TODAY).guidelines["g"].requirements["g.r"]


def told(verdict: RequirementVerdict) -> list[tuple[str, str, Cause, str]]:
    """What would change it, as (check, surface, cause, what to do)."""
    return [(one.check, one.surface, one.cause, one.what) for one in verdict.would_change]
