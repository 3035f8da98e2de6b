"""What is new, gone, changed, and what could not be looked at again. Silence is never `gone`."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from shelfworthy.model import Cause, Finding, Identity, Judgement, Outcome, Severity, Standing, digest, field
from shelfworthy.record import Evidence
from shelfworthy.report.diff import Diff, diff, text
from tests.report import audits, hostile
from tests.snapshots import same_as

OPEN, CLEAR, PROMISE, GUESS, NOTE = audits.FOUND


def audit(*findings: Finding) -> tuple[Evidence, Judgement]:
    evidence, judgement = audits.bear()
    return evidence, msgspec.structs.replace(judgement, findings=findings)


def between(old: Sequence[Finding], new: Sequence[Finding]) -> Diff:
    return diff(*audit(*old), *audit(*new))


def again(finding: Finding, **changed: object) -> Finding:
    """The same question asked a day later."""
    later = msgspec.structs.replace(finding, seen_at=finding.seen_at + timedelta(days=1), id="", **changed)
    return msgspec.structs.replace(later, id=digest(later)[:24])


def unsure(finding: Finding, subject: str = "") -> Finding:
    return again(
        finding,
        outcome=Outcome.INCONCLUSIVE,
        says="hung-up",
        facts={},
        severity=None,
        place=None,
        cause=Cause.SILENT,
        subject=subject,
        key=finding.key if subject == finding.subject else "of another subject",
    )


def other(finding: Finding) -> Finding:
    """Something else that the same check says at the same surface."""
    return again(finding, subject="staging", key="of the staging subject")


def test_the_same_evidence_does_not_differ() -> None:
    found = diff(*audits.bear(), *audits.bear())
    assert found.same
    assert "No difference." in text(found)


def test_a_later_look_that_says_the_same_does_not_differ() -> None:
    assert between([OPEN, PROMISE], [again(OPEN), again(PROMISE)]).same


def test_new() -> None:
    found = between([PROMISE], [PROMISE, OPEN])
    assert [one.id for one in found.new] == [OPEN.id]
    assert not found.gone
    assert not found.same


def test_gone_is_only_what_the_same_check_answered_without() -> None:
    found = between([OPEN, other(OPEN)], [OPEN])
    assert [one.id for one in found.gone] == [other(OPEN).id]
    assert not found.not_looked_at_again


def test_silence_is_not_gone() -> None:
    found = between([OPEN], [])
    assert not found.gone
    assert [one.old.id for one in found.not_looked_at_again] == [OPEN.id]
    assert found.not_looked_at_again[0].cause is Cause.NOBODY_LOOKED


@pytest.mark.parametrize("subject", ["", "another"])
def test_what_stayed_open_was_not_looked_at_again(subject: str) -> None:
    found = between([OPEN], [unsure(OPEN, subject)])
    assert not found.gone
    assert not found.changed
    assert [one.cause for one in found.not_looked_at_again] == [Cause.SILENT]


def test_a_gap_says_why() -> None:
    evidence, judgement = audit()
    silent = audits.gap("records", Cause.UNREACHABLE, "No route.")
    found = diff(*audit(OPEN), msgspec.structs.replace(evidence, gaps=(silent,)), judgement)
    [lost] = found.not_looked_at_again
    assert (lost.cause, lost.because) == (Cause.UNREACHABLE, "No route.")


def test_a_surface_taken_out_of_the_product_file_is_not_gone() -> None:
    found = diff(*audit(OPEN), *audits.nothing())
    assert not found.gone
    assert "does not name records" in found.not_looked_at_again[0].because


def test_changed_by_outcome_severity_or_fact() -> None:
    closed = again(OPEN, outcome=Outcome.PASS, says="refused", severity=None, facts={"reason": "x"})
    milder = again(OPEN, severity=Severity.HIGH)
    grown = again(OPEN, facts={"databases": 3, "records": 20000})
    for now in (closed, milder, grown):
        found = between([OPEN], [now])
        assert [(one.old.id, one.new.id) for one in found.changed] == [(OPEN.id, now.id)]
        assert not found.new
        assert not found.gone


def test_where_it_was_seen_is_not_a_change() -> None:
    assert between([OPEN], [again(OPEN, place=field("answer"), evidence=("elsewhere",))]).same


def test_of_several_looks_the_newest_answer_counts_and_silence_supersedes_nothing() -> None:
    assert between([OPEN], [OPEN, unsure(OPEN)]).same
    closed = again(OPEN, outcome=Outcome.PASS, says="refused", severity=None, facts={})
    assert [one.new.id for one in between([OPEN], [OPEN, closed]).changed] == [closed.id]


def test_an_open_question_that_is_answered_now_is_a_change() -> None:
    found = between([unsure(OPEN)], [OPEN])
    assert [one.new.id for one in found.changed] == [OPEN.id]


def test_open_questions_are_neither_new_nor_gone() -> None:
    assert between([], [GUESS]).same
    assert between([GUESS], []).same


def test_answers_that_turned() -> None:
    evidence, judgement = audits.bear()
    met = msgspec.structs.replace(judgement.verdict.guidelines["encryption"], answer=Standing.MET)
    guidelines = {**judgement.verdict.guidelines, "encryption": met}
    verdict = msgspec.structs.replace(judgement.verdict, guidelines=guidelines)
    found = diff(evidence, judgement, evidence, msgspec.structs.replace(judgement, verdict=verdict))
    assert [(one.id, one.old, one.new) for one in found.answers] == [
        ("encryption", Standing.NOT_MET, Standing.MET)
    ]


def test_other_rules_are_told_from_another_product() -> None:
    evidence, judgement = audits.bear()
    other_rules = msgspec.structs.replace(judgement, rules_digest="other")
    assert diff(evidence, judgement, evidence, other_rules).rules_changed
    assert not diff(evidence, judgement, evidence, judgement).rules_changed
    renamed = msgspec.structs.replace(evidence.product, product=Identity(name="Lion", vendor="Plumwhistle"))
    found = diff(evidence, judgement, msgspec.structs.replace(evidence, product=renamed), judgement)
    assert not found.same_product
    assert not found.same


def test_the_whole_text() -> None:
    new = [again(OPEN, severity=Severity.HIGH, facts={"databases": 1, "records": 7}), unsure(CLEAR), GUESS]
    found = between([OPEN, CLEAR, other(OPEN), NOTE], [*new, PROMISE])
    same_as(Path(__file__).parent / "snapshots" / "diff.txt", text(found))


def test_hostile_text_can_only_be_read() -> None:
    said = text(diff(*audits.bear(), *hostile.product(hostile.ALL)))
    said += text(diff(*hostile.product(hostile.ALL), *audits.nothing()))
    assert not set(said) & set("\x1b\x07\x08\r\x9b\u202e\u2066\u200b\u2028")
