"""Judging again: only what changed is asked, and the answers are those of judging for the first time."""

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from shelfworthy.audit import judge as judging
from shelfworthy.audit.findings import findings_of
from shelfworthy.audit.judge import (
    NOTHING,
    Court,
    ask,
    court,
    judge,
    judge_folder,
    our_court,
    rolled_up,
    said_of,
)
from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import Check, Finding, Reference, canonical
from shelfworthy.record import Evidence, Outline, cache, load_evidence, recall
from tests.builders import NOON, database, kept, open_listing, product
from tests.golden import audits

OPEN = "database-open"
READS_IT = "policy-security-claims"  # what it says of a promise follows from that answer


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An audit that nobody has judged yet: other tests judge the same evidence, and that is remembered."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return kept(tmp_path / "bear.audit", product(database()), open_listing())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which checks are asked, from now on."""
    names: list[str] = []

    def told(
        check: Check, evidence: Evidence, outline: Outline, before: Iterable[Finding] = ()
    ) -> tuple[Finding, ...]:
        names.append(check.id)
        return findings_of(check, evidence, outline, before)

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
    assert asked == [OPEN, READS_IT]
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
    assert asked == [READS_IT]
    assert OPEN in {one.check for one in said_of(audit, our_court()).said.findings}
    assert asked == [READS_IT, OPEN, READS_IT]


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


def test_what_was_said_in_another_form_is_not_remembered(
    audit: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding that gains a field is written with it, also where all was asked before."""
    said_of(audit, our_court())
    monkeypatch.setattr(cache, "FORM", "another")
    assert recall(audit) is None
    asked.clear()
    said_of(audit, our_court())
    assert sorted(asked) == sorted(check.id for check in CHECKS)


@pytest.mark.parametrize("golden", audits(), ids=lambda one: f"{one.parent.name}-{one.stem}")
def test_what_is_written_is_the_judgement_cold_and_remembered(golden: Path, tmp_path: Path) -> None:
    folder = tmp_path / golden.name
    shutil.copytree(golden / "evidence", folder / "evidence")
    written = []
    for at in (NOON, NOON, NOON + timedelta(days=1)):
        judgement = judge_folder(folder, at)
        (path,) = (folder / "judgements").iterdir()
        written.append(path.read_bytes())
        assert written[-1] == canonical(judgement) == canonical(judge(load_evidence(folder), at))
        path.unlink()
    assert written[0] == written[1] != written[2]


@pytest.mark.parametrize("golden", audits(), ids=lambda one: f"{one.parent.name}-{one.stem}")
def test_findings_in_any_order_are_judged_alike(golden: Path) -> None:
    """What is remembered is sorted once; no verdict leans on it."""
    evidence = load_evidence(golden)
    outline = evidence.outline()
    said = ask(CHECKS, evidence, outline)
    turned = replace(said, findings=said.findings[::-1])
    one, other = (rolled_up(outline, each, NOON, our_court()) for each in (said, turned))
    assert canonical(one.verdict) == canonical(other.verdict)
    assert list(one.findings) == sorted(one.findings, key=lambda finding: finding.id)
