"""Whoever hands over an audit may have edited it: no edit makes an answer better than what was seen."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.judge import judge, judge_folder
from shelfworthy.model import Outcome, Standing, canonical, digest
from shelfworthy.product.write import product_toml
from shelfworthy.record import Recorder, Unreadable, close, load_evidence, looks_done, redact, verify
from shelfworthy.record import cache as memory
from tests.builders import NOON, database, kept, looked, observed, open_listing, product, refused_listing


@pytest.fixture(autouse=True)
def forgetful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered from one test to the next."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    return kept(tmp_path / "bear.audit", product(database()), open_listing())


def outcomes(folder: Path, check: str = "database-open") -> set[Outcome]:
    return {found.outcome for found in judge_folder(folder, NOON).findings if found.check == check}


@pytest.mark.parametrize("part", ["observations", "looks", "attachments"])
def test_evidence_with_a_file_taken_away_is_not_judged_under_its_digest(audit: Path, part: str) -> None:
    next((audit / "evidence" / part).iterdir()).unlink()
    with pytest.raises(Unreadable, match="missing"):
        judge_folder(audit, NOON)


def test_what_is_remembered_of_a_digest_is_what_its_evidence_said(audit: Path) -> None:
    """Evidence that was swapped after it was judged is not judged, nor does it change what is remembered."""
    assert outcomes(audit) == {Outcome.FAIL}
    for part in ("observations", "looks"):
        next((audit / "evidence" / part).iterdir()).unlink()
    assert outcomes(audit) == {Outcome.FAIL}
    with pytest.raises(Unreadable, match="missing"):
        load_evidence(audit)


def test_evidence_of_another_audit_put_beside_is_not_judged(audit: Path, tmp_path: Path) -> None:
    other = kept(tmp_path / "other.audit", product(database()), refused_listing())
    for part in ("observations", "looks"):
        for path in (other / "evidence" / part).iterdir():
            shutil.copy(path, audit / "evidence" / part / path.name)
    with pytest.raises(Unreadable, match="added"):
        judge_folder(audit, NOON)


def test_another_product_file_is_not_judged_under_the_digest(audit: Path) -> None:
    path = audit / "evidence" / "product.toml"
    path.write_bytes(path.read_bytes().replace(b"[[surface]]", b'[[surface]]\nowner = "third party"', 1))
    with pytest.raises(Unreadable, match="changed"):
        judge_folder(audit, NOON)


def test_answers_that_came_with_an_audit_are_not_believed(audit: Path) -> None:
    """Whatever an audit's folder brings along, the answers are asked of the evidence."""
    assert outcomes(audit) == {Outcome.FAIL}
    for path in [path for path in audit.rglob("*") if path.is_file() and b'"fail"' in path.read_bytes()]:
        content = json.loads(path.read_bytes())
        path.write_bytes(json.dumps(_all_pass(content)).encode())
    assert outcomes(audit) == {Outcome.FAIL}


def _all_pass(value: object) -> object:
    if isinstance(value, dict):
        inner = {key: _all_pass(one) for key, one in value.items()}
        if inner.get("outcome") == "fail":
            inner |= {"outcome": "pass", "says": "refused", "severity": None}
        return inner
    return [_all_pass(one) for one in value] if isinstance(value, list) else value


def test_what_is_remembered_does_not_outlive_a_redaction(tmp_path: Path) -> None:
    """The manifest stays as it is when something is redacted; what is remembered must not."""
    shut = kept(tmp_path / "shut.audit", product(database()), refused_listing())
    judge_folder(shut, NOON)
    redact(shut, load_evidence(shut).observations[0].id, "seen.answer.name", because="x", by="y", at=NOON)
    cold = judge(load_evidence(shut), NOON)
    assert msgspec.json.encode(judge_folder(shut, NOON)) == msgspec.json.encode(cold)
    assert cold.verdict.exposures["exposure.data"].answer is Standing.CANNOT_DETERMINE


def test_a_redaction_is_told_as_a_gap(audit: Path) -> None:
    """What a redaction takes out of sight is told with who took it out, and why."""
    observation = load_evidence(audit).observations[0].id
    redact(audit, observation, "seen.answer.databases.0.name", because="a child's name", by="R. Ed", at=NOON)
    (gap,) = load_evidence(audit).gaps
    assert gap.surface == "records"
    assert "R. Ed" in gap.words
    assert "a child's name" in gap.words


def test_a_redaction_cannot_put_something_else_in_place(audit: Path) -> None:
    """An entry in the list of redactions covers a text that was taken out, not one that was put in."""
    observation = load_evidence(audit).observations[0].id
    field = "seen.answer.databases.0.name"
    redact(audit, observation, field, because="x", by="y", at=NOON)
    path = audit / "evidence" / "observations" / f"{observation}.json"
    forged = path.read_bytes().replace("‹redacted›".encode(), b"pets")
    listing = audit / "evidence" / "redactions.json"
    entries = json.loads(listing.read_bytes())
    entries[0]["now"] = digest(forged)
    path.write_bytes(forged)
    listing.write_bytes(canonical(entries))
    assert any("redacted" in problem for problem in verify(audit).problems)
    with pytest.raises(Unreadable):
        judge_folder(audit, NOON)


def test_a_redaction_must_begin_with_what_the_manifest_names(audit: Path) -> None:
    observation = load_evidence(audit).observations[0].id
    redact(audit, observation, "seen.answer.databases.0.name", because="x", by="y", at=NOON)
    listing = audit / "evidence" / "redactions.json"
    entries = json.loads(listing.read_bytes())
    entries[0]["was"] = "0" * 64
    listing.write_bytes(canonical(entries))
    assert any("redacted" in problem for problem in verify(audit).problems)


def test_a_second_redaction_of_the_same_observation_verifies(audit: Path) -> None:
    observation = load_evidence(audit).observations[0].id
    for field in ("seen.answer.databases.0.name", "seen.answer.databases.0.collections.0.name"):
        redact(audit, observation, field, because="x", by="y", at=NOON)
    assert verify(audit).problems == ()
    assert outcomes(audit) == {Outcome.FAIL}


def test_what_is_dated_after_the_day_of_judgement_does_not_pass(tmp_path: Path) -> None:
    """A clock set ahead neither outdates a failure nor keeps a pass fresh for years."""
    folder = tmp_path / "clock.audit"
    recorder = Recorder(folder, product_toml(product(database())).encode(), {})
    for seen, at in ((open_listing(), NOON), (refused_listing(), NOON + timedelta(days=3650))):
        observation = observed(seen, at=at)
        recorder.observation(observation)
        recorder.looked(looked(observation))
    recorder.close()
    later = NOON + timedelta(hours=1)
    assert judge_folder(folder, later).verdict.exposures["exposure.data"].answer is Standing.NOT_MET


def test_a_pass_is_worth_nothing_on_a_day_before_it_was_seen(tmp_path: Path) -> None:
    shut = kept(tmp_path / "shut.audit", product(database()), refused_listing())
    listed = "database-open"
    today = judge_folder(shut, NOON).verdict.guidelines["encryption"].requirements["encryption.storage"]
    before = judge_folder(shut, NOON - timedelta(days=900))
    storage = before.verdict.guidelines["encryption"].requirements["encryption.storage"]
    assert listed not in {change.check for change in today.would_change}
    assert listed in {change.check for change in storage.would_change}


def test_an_audit_goes_on_only_with_the_certificates_it_began_with(tmp_path: Path) -> None:
    """What was seen under one set of roots is not judged by another."""
    text = product_toml(product(database())).encode()
    Recorder(tmp_path / "a.audit", text, {"ca.pem": b"one"})
    assert looks_done(tmp_path / "a.audit", text, {"ca.pem": b"one"}) == frozenset()
    with pytest.raises(Unreadable, match=r"ca\.pem"):
        looks_done(tmp_path / "a.audit", text, {"ca.pem": b"another"})


def test_a_look_that_goes_on_opens_the_evidence_again(audit: Path) -> None:
    """While evidence grows no digest names it, so that a run that is killed leaves none that is wrong."""
    text = (audit / "evidence" / "product.toml").read_bytes()
    recorder = Recorder(audit, text, {})
    assert not (audit / "evidence" / "manifest.json").exists()
    recorder.observation(observed(refused_listing()))
    close(audit)
    assert verify(audit).problems == ()


def test_memory_is_not_kept_in_the_audit(audit: Path) -> None:
    judge_folder(audit, NOON)
    assert {path.suffix for path in (audit / "judgements").iterdir()} == {".json"}
    assert memory.place(audit) is not None
    assert not memory.place(audit).is_relative_to(audit)  # type: ignore[union-attr]
