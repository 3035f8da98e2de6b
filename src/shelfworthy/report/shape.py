"""What a report says before it has a format: the records that `--format json` prints and all others show."""

from datetime import date, datetime
from enum import StrEnum

from shelfworthy.model import (
    Cause,
    Confidence,
    Fact,
    Gap,
    Identity,
    Kind,
    Outcome,
    Owner,
    Place,
    Record,
    Reference,
    Severity,
    Standing,
    Unit,
    Verdict,
)


class ReportFinding(Record, frozen=True):
    """A finding. says: id of the sentence, because: the sentence itself, filled with the facts.

    key: the same in every audit of this product. requirements: those it is reported under. evidence: ids of
    observations; place: where in them.
    """

    id: str
    key: str
    check: str
    check_version: int
    requirements: tuple[str, ...]
    surface: str
    unit: str
    subject: str
    outcome: Outcome
    says: str
    facts: dict[str, Fact]
    because: str
    severity: Severity | None
    confidence: Confidence
    cause: Cause | None
    place: Place | None
    evidence: tuple[str, ...]
    seen_at: datetime
    until: datetime | None


class ReportSurface(Record, frozen=True):
    """A surface of the product file."""

    id: str
    kind: Kind
    where: str
    unit: str
    owner: Owner


class State(StrEnum):
    """What became of a declaration."""

    SETTLES = "settles"
    CONTRADICTED = "contradicted"  # a finding or a seen surface stands against it
    NOT_NEEDED = "not needed"  # what was seen answers the question
    LEFT_OPEN = "left open"  # it says that nobody can tell
    REPLACED = "replaced"  # by a newer one
    NOT_YET = "not yet"  # it begins later
    EXPIRED = "expired"
    NO_SUCH_REQUIREMENT = "no such requirement"


class ReportDeclaration(Record, frozen=True):
    """What a person declared. against: what contradicts it, in words, or ""."""

    requirement: str
    answer: Standing
    because: str
    quote: str
    by: str
    on: date
    until: date
    state: State
    against: str


class SeenNotFollowed(Record, frozen=True):
    """A name or address found in content that no surface of the product file covers; nobody contacted it."""

    what: str
    role: str
    surface: str
    observation: str
    field: str


class Report(Record, frozen=True):
    """One audit: what was judged, the verdict, and what it rests on. verdict.exposures: by requirement."""

    product: Identity
    units: tuple[Unit, ...]
    judged_at: datetime
    rules_digest: str
    evidence_digest: str
    verdict: Verdict
    findings: tuple[ReportFinding, ...]
    surfaces: tuple[ReportSurface, ...]
    gaps: tuple[Gap, ...]
    declarations: tuple[ReportDeclaration, ...]
    seen_not_followed: tuple[SeenNotFollowed, ...]
    references: tuple[Reference, ...]
