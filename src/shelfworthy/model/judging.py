"""What judging says: answers, checks, findings, verdicts. No answer without its place or cause."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from shelfworthy.model.base import Record
from shelfworthy.model.looking import Seen
from shelfworthy.model.product import Identity, Unit
from shelfworthy.model.surfaces import AnySurface
from shelfworthy.model.words import Cause, Confidence, Level, Outcome, Severity, Standing

Fact = str | int | float | bool | tuple[str, ...]


class Field(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="place", tag="field"):
    """A place: a field of the observation. path: dotted, list items by index (`versions.0.suites`)."""

    path: str


class Quote(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="place", tag="quote"):
    """A place: words in a text field of the observation. start: offset in characters."""

    path: str
    start: int
    text: str


Place = Field | Quote


class Answer(Record, frozen=True):
    """What one check says. says: id of a sentence in the check's `SAYS`; facts fill it.

    subject: the check's own stable word for what of the surface this is about, never a port or address.
    until: when the answer stops holding. Raises ValueError if the answer lacks what its outcome needs.
    """

    outcome: Outcome
    says: str
    place: Place | None = None
    cause: Cause | None = None
    severity: Severity | None = None
    confidence: Confidence = Confidence.CERTAIN
    subject: str = ""
    facts: dict[str, Fact] = msgspec.field(default_factory=dict)
    until: datetime | None = None

    def __post_init__(self) -> None:
        undecided = self.outcome is Outcome.INCONCLUSIVE
        if undecided != (self.cause is not None):
            raise ValueError(f"{self.says}: a cause belongs to `inconclusive`, and only to it")
        if undecided == (self.place is not None):
            raise ValueError(f"{self.says}: pass, fail and moot need a place, inconclusive has none")
        if (self.outcome is Outcome.FAIL) != (self.severity is not None):
            raise ValueError(f"{self.says}: a severity belongs to `fail`, and only to it")


def field(path: str) -> Field:
    """The place that is a field of the observation."""
    return Field(path=path)


def quote(path: str, text: str, start: int, end: int) -> Quote:
    """The place that is words start..end of a text field of the observation."""
    return Quote(path=path, start=start, text=text[start:end])


def fails(
    says: str,
    at: Place,
    severity: Severity,
    *,
    confidence: Confidence = Confidence.CERTAIN,
    subject: str = "",
    **facts: Fact,
) -> Answer:
    """A positive observation of something wrong (law 2)."""
    return Answer(
        outcome=Outcome.FAIL,
        says=says,
        place=at,
        severity=severity,
        confidence=confidence,
        subject=subject,
        facts=facts,
    )


def passes(
    says: str,
    at: Place,
    *,
    confidence: Confidence = Confidence.CERTAIN,
    subject: str = "",
    until: datetime | None = None,
    **facts: Fact,
) -> Answer:
    """A control that was seen to hold (law 1)."""
    return Answer(
        outcome=Outcome.PASS,
        says=says,
        place=at,
        confidence=confidence,
        subject=subject,
        until=until,
        facts=facts,
    )


def moot(says: str, at: Place, *, subject: str = "", **facts: Fact) -> Answer:
    """The question does not arise, shown by something positively seen."""
    return Answer(outcome=Outcome.MOOT, says=says, place=at, subject=subject, facts=facts)


def inconclusive(says: str, cause: Cause, *, subject: str = "", **facts: Fact) -> Answer:
    """The question stays open, because."""
    return Answer(outcome=Outcome.INCONCLUSIVE, says=says, cause=cause, subject=subject, facts=facts)


class Reference(Record, frozen=True):
    """Data that decides answers. date: ISO. supplied_by: "product file" when not shipped with us."""

    name: str
    version: str
    date: str
    sha256: str
    supplied_by: str = ""


class Told(Record, frozen=True):
    """What another check answered about this product, for a check that reads its answers."""

    check: str
    surface: str
    outcome: Outcome
    says: str
    facts: dict[str, Fact] = msgspec.field(default_factory=dict)


class About(Record, frozen=True):
    """What a check may know beside what was seen: the surface, and only what it declares it `needs`.

    Never the clock. references: content by name. answers: of the checks whose answers it reads.
    """

    surface: AnySurface
    product: Identity | None = None
    unit: Unit | None = None
    references: dict[str, bytes] = msgspec.field(default_factory=dict)
    answers: tuple[Told, ...] = ()


class Check(Struct, frozen=True, kw_only=True):
    """One question. judge: pure. reads: the types it judges, each observation by itself.

    needs: "product", "unit" or names of references. reads_answers: checks that are asked before it, whose
    answers it is told, and which read none themselves. says: sentences by id, in English.
    """

    id: str
    version: int
    level: Level
    judge: Callable[[Any, About], Iterator[Answer]]
    reads: tuple[type[Seen], ...]
    says: Mapping[str, str]
    needs: tuple[str, ...] = ()
    reads_answers: tuple[str, ...] = ()


class Finding(Record, frozen=True):
    """An answer with its check, surface and evidence.

    id: hash of the content, cites one look. key: hash of (product, surface, check, subject); what diffs,
    decisions and embargoes match on.
    """

    id: str
    key: str
    check: str
    check_version: int
    surface: str
    unit: str
    outcome: Outcome
    says: str
    facts: dict[str, Fact]
    subject: str
    severity: Severity | None
    confidence: Confidence
    cause: Cause | None
    place: Place | None
    evidence: tuple[str, ...]
    seen_at: datetime
    until: datetime | None


class Change(Record, frozen=True):
    """What would change an undetermined answer: which check, where, why it is open, what to do."""

    check: str
    surface: str
    cause: Cause
    what: str


class RequirementVerdict(Record, frozen=True):
    """The answer of one requirement. findings: ids of all that spoke; because: of those that decided.

    notes: ids of findings that are reported and never decide. contradicted: what a person declared against
    what was found, in words.
    """

    answer: Standing
    findings: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    would_change: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    declared_by: str = ""
    contradicted: str = ""


class GuidelineVerdict(Record, frozen=True):
    """The answer of one guideline. by_declaration_of: the person, when nothing else answers."""

    answer: Standing
    requirements: dict[str, RequirementVerdict]
    by_declaration_of: str = ""


class Verdict(Record, frozen=True):
    """The five answers, and the exposures beside them."""

    guidelines: dict[str, GuidelineVerdict]
    exposures: dict[str, RequirementVerdict]


class Judgement(Record, frozen=True):
    """One judging of one evidence by one set of rules on one day."""

    evidence_digest: str
    rules_digest: str
    references: tuple[Reference, ...]
    judged_at: datetime
    findings: tuple[Finding, ...]
    verdict: Verdict
