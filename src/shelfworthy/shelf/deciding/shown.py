"""What of a decision a reader may see: for pages, exports, the API, letters and the feed.

The findings a decision rests on go through `audience.visible`. Their ids are told only with all of their
keys, because an id does not say whose key it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shelfworthy.audience import EVERYBODY, Mark, Reader, may_see, visible
from shelfworthy.model import Finding, Record
from shelfworthy.shelf.deciding import judged
from shelfworthy.shelf.evidence.marks import marks_of
from shelfworthy.shelf.models import Decision


class Told(Record, frozen=True):
    """One decision for one kind of reader. left_out: whether it rests on findings that are not for them."""

    number: int
    at: datetime
    sku: str
    title: str
    action: str
    before: str
    after: str
    reason: str
    words: str
    rule: str
    policy: str
    person: str
    seconded_by: str
    markets: tuple[str, ...]
    skus: tuple[str, ...]
    lots: tuple[str, ...]
    evidence: str
    rules: str
    finding_keys: tuple[str, ...]
    finding_ids: tuple[str, ...]
    left_out: bool
    previous: str
    hash: str


class ToldFinding(Record, frozen=True):
    """A finding in words. evidence: digests of what was seen."""

    id: str
    key: str
    check: str
    surface: str
    severity: str
    says: str
    seen_at: datetime
    evidence: tuple[str, ...]


def told(decisions: Sequence[Decision], reader: Reader, at: datetime) -> list[Told]:
    """Decisions for a reader inside. They come with listing, person, seconded_by and policy."""
    marks = marks_of(key for one in decisions for key in one.finding_keys)
    return [_told(one, reader, at, marks) for one in decisions]


def findings(decision: Decision, reader: Reader, at: datetime) -> list[ToldFinding]:
    """The findings that decided, as far as a reader may see them, the gravest first."""
    return [worded(one) for one in _visible(decision, reader, at)]


def hidden_outside(decision: Decision, reader: Reader, at: datetime) -> list[ToldFinding]:
    """Those a reader inside may see and nobody outside may: what a letter leaves out unless it is lifted."""
    outside = {one.key for one in _visible(decision, Reader(), at)}
    return [one for one in findings(decision, reader, at) if one.key not in outside]


def for_outside(decision: Decision, at: datetime) -> tuple[bool, list[ToldFinding], bool]:
    """Whether anybody outside may know of a decision, its public findings, and whether those are all.

    Nobody may while one of its findings is marked for some only: that something was decided would tell.
    """
    marks = marks_of(decision.finding_keys)
    if any(mark.holds(at) and EVERYBODY not in mark.to for mark in marks.values()):
        return False, [], False
    public = findings(decision, Reader(), at)
    return True, public, {one.key for one in public} == set(decision.finding_keys)


def worded(finding: Finding) -> ToldFinding:
    """A finding in the words of its check."""
    from shelfworthy.report.sentences import sentence  # all checks, which weigh

    return ToldFinding(
        id=finding.id,
        key=finding.key,
        check=finding.check,
        surface=finding.surface,
        severity=str(finding.severity or ""),
        says=sentence(finding),
        seen_at=finding.seen_at,
        evidence=finding.evidence,
    )


def _visible(decision: Decision, reader: Reader, at: datetime) -> Iterable[Finding]:
    if decision.judged is None or not decision.finding_keys:
        return ()
    found = judged.failing_of(decision.judged, decision.finding_keys)
    return visible(found, reader, at, marks_of(decision.finding_keys))


def _told(one: Decision, reader: Reader, at: datetime, marks: dict[str, Mark]) -> Told:
    keys = tuple(key for key in one.finding_keys if may_see(key, reader, at, marks))
    whole = len(keys) == len(one.finding_keys)
    return Told(
        number=one.number,
        at=one.at,
        sku=one.listing.sku,
        title=one.listing.title,
        action=one.action,
        before=one.before,
        after=one.after,
        reason=one.reason,
        words=one.words,
        rule=one.rule,
        policy=one.policy.digest if one.policy else "",
        person=str(one.person),
        seconded_by=str(one.seconded_by) if one.seconded_by else "",
        markets=tuple(one.markets),
        skus=tuple(one.skus),
        lots=tuple(one.lots),
        evidence=one.evidence_digest,
        rules=one.rules_digest,
        finding_keys=keys,
        finding_ids=tuple(one.finding_ids) if whole else (),
        left_out=not whole,
        previous=one.previous,
        hash=one.hash,
    )
