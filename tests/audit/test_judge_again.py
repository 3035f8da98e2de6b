"""Judging again: only what changed is asked, and the answers are those of judging for the first time."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from shelfworthy.audit import judge as judging
from shelfworthy.audit.findings import findings_of
from shelfworthy.audit.judge import NOTHING, Court, ask, court, our_court, rolled_up, said_of
from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import Check, Finding, Reference, canonical
from shelfworthy.record import Evidence, Outline, Remembered, load_evidence, recall
from tests.builders import NOON, database, kept, open_listing, product
from tests.golden import audits

OPEN = "database-open"


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    return kept(tmp_path / "bear.audit", product(database()), open_listing())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which checks are asked, from now on."""
    names: list[str] = []

    def told(check: Check, evidence: Evidence, outline: Outline) -> tuple[Finding, ...]:
        names.append(check.id)
        return findings_of(check, evidence, outline)

    monkeypatch.setattr(judging, "findings_of", told)
    return names


def with_check(check_id: str, **fields: object) -> Court:
    """Our court, with one check changed."""
    changed = tuple(replace(one, **fields) if one.id == check_id else one for one in CHECKS)
    return court(changed, five_guidelines())


def test_everything_is_asked_once(audit: Path, asked: list[str]) -> None:
    first, second = said_of(audit, our_court()), said_of(audit, our_court())
    assert sorted(asked) == sorted(check.id for check in CHECKS)
    assert first == second == recall(audit)


def test_a_check_that_changed_is_asked_again_and_alone(audit: Path, asked: list[str]) -> None:
    before = said_of(audit, our_court()).said
    asked.clear()
    newer = with_check(OPEN, version=99)
    after = said_of(audit, newer).said
    assert asked == [OPEN]
    assert {one.check_version for one in after.findings if one.check == OPEN} == {99}
    assert [one for one in after.findings if one.check != OPEN] == [
        one for one in before.findings if one.check != OPEN
    ]
    asked.clear()
    assert said_of(audit, newer).said == after
    assert asked == []


def test_a_check_that_is_new_is_asked_and_one_that_is_gone_says_nothing(
    audit: Path, asked: list[str]
) -> None:
    fewer = court(tuple(one for one in CHECKS if one.id != OPEN), five_guidelines())
    assert OPEN in {one.check for one in said_of(audit, our_court()).said.findings}
    asked.clear()
    assert OPEN not in {one.check for one in said_of(audit, fewer).said.findings}
    assert asked == []
    assert OPEN in {one.check for one in said_of(audit, our_court()).said.findings}
    assert asked == [OPEN]


def test_where_the_data_changed_what_rests_on_it_is_asked_again() -> None:
    """And nothing else: a check without data, and one whose data is the same, keep their answers."""
    evidence = load_evidence(max(one for one in audits() if one.name == "endpoints-all.audit"))
    outline = evidence.outline()
    said = ask(CHECKS, evidence, outline)
    assert said.references.keys() == {"tls-certificate"}
    other = (Reference(name="roots", version="1", date="", sha256="00"),)
    asked_before = replace(said, references={"tls-certificate": other}, findings=said.findings[:1])
    again = ask(CHECKS, evidence, outline, asked_before)
    rest = [one for one in said.findings[:1] if one.check != "tls-certificate"]
    assert {one.check for one in again.findings} == {"tls-certificate", *(one.check for one in rest)}
    assert again.references == said.references
    assert ask(CHECKS, evidence, outline, said) == said == ask(CHECKS, evidence, outline, NOTHING)


def test_findings_in_any_order_are_judged_alike() -> None:
    """What is remembered is sorted once; no verdict leans on it."""
    for folder in audits():
        evidence = load_evidence(folder)
        outline = evidence.outline()
        known = Remembered(outline=outline, said=ask(CHECKS, evidence, outline))
        turned = replace(known, said=replace(known.said, findings=known.said.findings[::-1]))
        one, other = (rolled_up(each, NOON, our_court()) for each in (known, turned))
        assert canonical(one.verdict) == canonical(other.verdict)
        assert list(one.findings) == sorted(one.findings, key=lambda finding: finding.id)
