"""What is new, gone or changed between two audits, and what could not be looked at again. Pure.

Kept here:
- Findings are matched by their key and unit; of several looks the one that counts is the newest that
  answered, else the newest that stayed open.
- What was answered before and is not answered now is not gone: it could not be looked at again. `gone` is
  only what the same check, at the same surface, answered again without saying it.
- Findings that stayed open are never `new` and never `gone`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import structs

from shelfworthy.model import Cause, Judgement, Record, Standing
from shelfworthy.record import Evidence
from shelfworthy.report.assemble import answers, kinds, report_of
from shelfworthy.report.clean import plain
from shelfworthy.report.counting import answered, standing
from shelfworthy.report.counting import key as key_of
from shelfworthy.report.on_the_way import called
from shelfworthy.report.policies.comparing import policy_diffs
from shelfworthy.report.policies.lines import policy_lines
from shelfworthy.report.policies.shape import PolicyDiff
from shelfworthy.report.shape import Report, ReportDeclaration, ReportFinding, ReportSeen, State
from shelfworthy.report.words import words


class Turn(Record, frozen=True):
    """An answer of a guideline, requirement or exposure that changed. None: these rules do not know it."""

    id: str
    old: Standing | None
    new: Standing | None


class Change(Record, frozen=True):
    """A finding that is on both sides and says something else."""

    old: ReportFinding
    new: ReportFinding


class NotAgain(Record, frozen=True):
    """Something answered before that could not be looked at again. cause: why, because: in words."""

    old: ReportFinding
    cause: Cause
    because: str


class Diff(Record, frozen=True):
    """Two audits of one product side by side.

    same_product: whether findings can be matched at all. rules_changed, references_changed: the judging
    differs, so a difference need not lie in the product. newly_seen, not_seen_again: on the way.
    policies: those whose text changed, sentence against sentence. declared: what is to be declared again,
    because its words are gone from a policy, or a policy changed in what its requirement asks.
    """

    old_evidence: str
    new_evidence: str
    old_judged_at: datetime
    new_judged_at: datetime
    same_product: bool
    rules_changed: bool
    references_changed: bool
    answers: tuple[Turn, ...]
    new: tuple[ReportFinding, ...]
    gone: tuple[ReportFinding, ...]
    changed: tuple[Change, ...]
    not_looked_at_again: tuple[NotAgain, ...]
    newly_seen: tuple[ReportSeen, ...]
    not_seen_again: tuple[ReportSeen, ...]
    policies: tuple[PolicyDiff, ...] = ()
    declared: tuple[ReportDeclaration, ...] = ()

    @property
    def same(self) -> bool:
        """Whether both audits say the same of the same product."""
        found = (self.new, self.gone, self.changed, self.not_looked_at_again)
        seen = (self.newly_seen, self.not_seen_again, self.policies, self.declared)
        return self.same_product and not any((self.answers, *found, *seen))


def diff(
    old_evidence: Evidence, old_judgement: Judgement, new_evidence: Evidence, new_judgement: Judgement
) -> Diff:
    """What changed from the old to the new audit."""
    old, new = report_of(old_evidence, old_judgement), report_of(new_evidence, new_judgement)
    policies = policy_diffs(old_evidence.observations, new_evidence.observations)
    known = [one for one in old.declarations if one.state is State.QUOTE_GONE]
    reopened = {requirement for one in policies for requirement in one.reopened}
    return structs.replace(
        between(old, new),
        policies=policies,
        declared=tuple(
            one
            for one in new.declarations
            if (one.state is State.QUOTE_GONE and one not in known)
            or (one.state is State.SETTLES and one.requirement in reopened)
        ),
    )


def between(old: Report, new: Report) -> Diff:
    """What changed from the old to the new report, without what their policies say."""
    before, after = standing(old.findings), standing(new.findings)
    lost = {key: _not_again(one, new) for key, one in before.items() if _unanswered(one, after.get(key), new)}
    return Diff(
        old_evidence=old.evidence_digest,
        new_evidence=new.evidence_digest,
        old_judged_at=old.judged_at,
        new_judged_at=new.judged_at,
        same_product=old.product.key == new.product.key,
        rules_changed=old.rules_digest != new.rules_digest,
        references_changed=old.references != new.references,
        answers=tuple(_turns(old, new)),
        new=_ordered(one for key, one in after.items() if key not in before and answered(one)),
        gone=_ordered(
            one for key, one in before.items() if key not in after and key not in lost and answered(one)
        ),
        changed=tuple(
            Change(old=one, new=after[key_of(one)])
            for one in _ordered(before.values())
            if key_of(one) in after and key_of(one) not in lost and _said(one) != _said(after[key_of(one)])
        ),
        not_looked_at_again=tuple(
            lost[key_of(one)] for one in _ordered(before.values()) if key_of(one) in lost
        ),
        newly_seen=_only_in(new, old),
        not_seen_again=_only_in(old, new),
    )


def _said(finding: ReportFinding) -> tuple[object, ...]:
    """What of a finding makes it another one when it changes; evidence and time do not."""
    return (finding.outcome, finding.says, finding.facts, finding.severity, finding.confidence, finding.cause)


def _ordered(findings: Iterable[ReportFinding]) -> tuple[ReportFinding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.check, one.surface, one.unit, one.subject, one.id)))


def _only_in(one: Report, other: Report) -> tuple[ReportSeen, ...]:
    """What was seen on the way in one, and is neither seen nor declared in the other."""
    known = {(surface.kind, surface.where) for surface in other.surfaces}
    known |= {(surface.kind, surface.where) for surface in other.seen}
    return tuple(seen for seen in one.seen if (seen.kind, seen.where) not in known)


def _asked_again(finding: ReportFinding, new: Report) -> list[ReportFinding]:
    """What the same check said at the same surface and unit in the new audit."""
    place = (finding.check, finding.surface, finding.unit)
    return [one for one in new.findings if (one.check, one.surface, one.unit) == place]


def _unanswered(old: ReportFinding, again: ReportFinding | None, new: Report) -> bool:
    if not answered(old):
        return False
    if again is not None:
        return not answered(again)
    return not any(answered(one) for one in _asked_again(old, new))


def _not_again(old: ReportFinding, new: Report) -> NotAgain:
    """Why it could not be looked at again: a finding that stayed open, a gap, a surface that is not there."""
    for finding in _asked_again(old, new):
        if finding.cause is not None:
            return NotAgain(old=old, cause=finding.cause, because=finding.because)
    for gap in new.gaps:
        if gap.surface == old.surface and gap.unit == old.unit:
            return NotAgain(old=old, cause=gap.cause, because=gap.words)
    if old.surface not in kinds(new):
        seen = old.surface.startswith("seen:")
        because = (
            f"{called(old.surface)} was not seen on the way again."
            if seen
            else f"The product file does not name {old.surface} any more."
        )
        return NotAgain(old=old, cause=Cause.NOT_SUPPLIED, because=because)
    return NotAgain(old=old, cause=Cause.NOBODY_LOOKED, because="Nobody looked.")


def _turns(old: Report, new: Report) -> Iterator[Turn]:
    before = {id: one.answer for id, one in old.verdict.guidelines.items()}
    before |= {id: one.answer for id, one in answers(old.verdict).items()}
    after = {id: one.answer for id, one in new.verdict.guidelines.items()}
    after |= {id: one.answer for id, one in answers(new.verdict).items()}
    for id in sorted(before.keys() | after.keys()):
        if before.get(id) is not after.get(id):
            yield Turn(id=id, old=before.get(id), new=after.get(id))


def text(found: Diff) -> str:
    """The diff for people, a line for each difference."""
    return "\n".join(_lines(found))


def _lines(found: Diff) -> Iterator[str]:
    yield f"old: evidence {found.old_evidence}, judged {found.old_judged_at:%Y-%m-%d %H:%M} UTC"
    yield f"new: evidence {found.new_evidence}, judged {found.new_judged_at:%Y-%m-%d %H:%M} UTC"
    if not found.same_product:
        yield "These are two products (vendor, name or model differ): their findings cannot be matched."
    if found.rules_changed:
        yield "The rules differ: a difference may lie in them, not in the product. Judge the old audit again."
    if found.references_changed:
        yield "The reference data differs: a difference may lie in it, not in the product."
    if found.same:
        yield "No difference."
    parts = {
        "Answers": [f"{one.id}: {one.old or 'unknown'} → {one.new or 'unknown'}" for one in found.answers],
        "New": [_line(one) for one in found.new],
        "Gone": [_line(one) for one in found.gone],
        "Changed": [f"{_line(one.old)} → {one.new.outcome}: {one.new.because}" for one in found.changed],
        "Could not be looked at again": [
            f"{_line(one.old)} → {one.cause}: {plain(one.because)}" for one in found.not_looked_at_again
        ],
        "To be declared again": [_declared_line(one) for one in found.declared],
        "Newly seen on the way": [_seen_line(one) for one in found.newly_seen],
        "Not seen on the way again": [_seen_line(one) for one in found.not_seen_again],
    }
    for title, lines in parts.items():
        if lines:
            yield f"\n{title}:"
            yield from (f"  {line}" for line in lines)
    for policy in found.policies:
        yield from policy_lines(policy)


def _declared_line(one: ReportDeclaration) -> str:
    why = words().policies[one.state.replace(" ", "_")]
    return f"{one.requirement}: {one.answer}, by {plain(one.by, 80)}: {why}"


def _seen_line(one: ReportSeen) -> str:
    looked = "looked at" if one.looked_at else "not looked at"
    return f"{one.kind} {plain(called(one.id), 80)}: {one.owner} ({plain(one.because)}), {looked}"


def _line(finding: ReportFinding) -> str:
    where = " / ".join(
        plain(part, 80) for part in (called(finding.surface), finding.unit, finding.subject) if part
    )
    return f"{finding.check} at {where}: {finding.outcome}: {finding.because}"
