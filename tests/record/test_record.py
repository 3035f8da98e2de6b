"""Evidence on disk: any changed byte is found, redactions are on record, answers are remembered rightly."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.judge import judge, judge_folder
from shelfworthy.model import Outcome, Standing
from shelfworthy.record import CannotRedact, Unreadable, cache, load_evidence, looks_done, redact, verify
from tests.builders import NOON, database, kept, open_listing, product, refused_listing


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    return kept(tmp_path / "bear.audit", product(database()), open_listing())


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "evidence").rglob("*") if path.is_file())


def test_untouched_evidence_verifies(audit: Path) -> None:
    found = verify(audit)
    assert found.problems == ()
    assert found.files == len(files(audit)) - 1  # all but the manifest
    assert verify(audit, found.digest).problems == ()


def test_every_changed_byte_is_found(audit: Path) -> None:
    for path in files(audit):
        before = path.read_bytes()
        for place in {0, len(before) // 2, len(before) - 1}:
            changed = bytearray(before)
            changed[place] ^= 1
            path.write_bytes(bytes(changed))
            expected = "" if path.name != "manifest.json" else verify_digest(before)
            assert verify(audit, expected).problems, f"byte {place} of {path.name}"
        path.write_bytes(before)


def verify_digest(manifest: bytes) -> str:
    import hashlib

    return hashlib.sha256(manifest).hexdigest()


def test_missing_added_and_linked_files_are_found(audit: Path, tmp_path: Path) -> None:
    observation = next((audit / "evidence" / "observations").iterdir())
    content = observation.read_bytes()
    observation.unlink()
    assert [problem for problem in verify(audit).problems if "missing" in problem]
    (tmp_path / "elsewhere.json").write_bytes(content)
    observation.symlink_to(tmp_path / "elsewhere.json")
    assert [problem for problem in verify(audit).problems if "link" in problem]
    observation.unlink()
    observation.write_bytes(content)
    (audit / "evidence" / "gaps").mkdir(exist_ok=True)
    (audit / "evidence" / "gaps" / ".hidden").write_bytes(b"x")
    assert [problem for problem in verify(audit).problems if "added" in problem]


def test_another_digest_is_told(audit: Path) -> None:
    assert "expected abcd" in verify(audit, "abcd").problems[0]


def test_a_changed_observation_is_not_judged(audit: Path) -> None:
    path = next((audit / "evidence" / "observations").iterdir())
    path.write_bytes(path.read_bytes().replace(b"5000", b"6000"))
    with pytest.raises(Unreadable, match="was changed"):
        load_evidence(audit)


def test_a_redaction_is_on_record_and_verifies(audit: Path) -> None:
    observation = load_evidence(audit).observations[0].id
    digest = verify(audit).digest
    entry = redact(
        audit, observation, "seen.answer.databases.0.name", because="a name", by="A. Person", at=NOON
    )
    found = verify(audit, digest)
    assert found.problems == ()
    assert found.redacted == (entry.path,)
    assert b"bears" not in (audit / "evidence" / entry.path).read_bytes()
    path = audit / "evidence" / entry.path
    path.write_bytes(path.read_bytes().replace(b"users", b"xxxxx"))
    assert verify(audit).problems, "a redaction on record must not cover another change"


def test_a_redacted_observation_still_fails_and_never_passes(tmp_path: Path) -> None:
    opened = kept(tmp_path / "open.audit", product(database()), open_listing())
    shut = kept(tmp_path / "shut.audit", product(database()), refused_listing())
    for folder, field in ((opened, "seen.answer.databases.0.name"), (shut, "seen.answer.name")):
        before = answer_of(folder)
        redact(folder, load_evidence(folder).observations[0].id, field, because="x", by="y", at=NOON)
        after = answer_of(folder)
        if folder == opened:
            assert before is after is Standing.NOT_MET
        else:
            assert after is Standing.CANNOT_DETERMINE


def answer_of(folder: Path) -> Standing:
    return judge(load_evidence(folder), NOON).verdict.exposures["exposure.data"].answer


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("", "Name the field"),
        ("seen.nothing", "no field"),
        ("seen.answer.total", "not a text"),
        ("seen.answer.kind", "not a text"),
        ("surface", "not a text"),
    ],
)
def test_redactions_that_are_refused(audit: Path, field: str, words: str) -> None:
    observation = load_evidence(audit).observations[0].id
    with pytest.raises(CannotRedact, match=words):
        redact(audit, observation, field, because="x", by="y", at=NOON)
    assert verify(audit).problems == ()


def test_an_attachment_is_redacted_whole_and_no_path_escapes(audit: Path) -> None:
    attachment = next((audit / "evidence" / "attachments").iterdir())
    redact(audit, attachment.name, "", because="x", by="y", at=NOON)
    assert attachment.read_bytes() == b""
    assert verify(audit).problems == ()
    with pytest.raises(CannotRedact):
        redact(audit, "../product.toml", "", because="x", by="y", at=NOON)


def remembered_at(audit: Path) -> Path:
    where = cache.place(audit)
    assert where is not None
    return where


def test_a_redacted_audit_is_closed(audit: Path) -> None:
    text = (audit / "evidence" / "product.toml").read_bytes()
    assert looks_done(audit, text, {}) == {("records", "test/1")}
    attachment = next((audit / "evidence" / "attachments").iterdir())
    redact(audit, attachment.name, "", because="x", by="y", at=NOON)
    with pytest.raises(Unreadable, match="redacted"):
        looks_done(audit, text, {})
    assert verify(audit).problems == ()


def test_judging_again_gives_the_same_bytes_cold_and_remembered(audit: Path) -> None:
    cold = judge_folder(audit, NOON)
    assert remembered_at(audit).is_file()
    remembered = judge_folder(audit, NOON)
    plain = judge(load_evidence(audit), NOON)
    assert msgspec.json.encode(cold) == msgspec.json.encode(remembered) == msgspec.json.encode(plain)
    assert len(list((audit / "judgements").glob("*.json"))) == 1


def test_what_is_remembered_is_dropped_when_the_evidence_is_another(audit: Path, tmp_path: Path) -> None:
    judge_folder(audit, NOON)
    other = kept(tmp_path / "other.audit", product(database()), refused_listing())
    outcomes = {finding.outcome for finding in judge_folder(other, NOON).findings if "open" in finding.check}
    assert outcomes == {Outcome.PASS}


def test_a_broken_cache_is_no_evidence(audit: Path) -> None:
    before = judge_folder(audit, NOON)
    remembered_at(audit).write_bytes(b"{}")
    assert judge_folder(audit, NOON) == before


def test_evidence_ages_with_the_date_only(tmp_path: Path) -> None:
    shut = kept(tmp_path / "shut.audit", product(database()), refused_listing())
    today = judge_folder(shut, NOON)
    later = judge_folder(shut, NOON + timedelta(days=4000))
    assert today.findings == later.findings
    assert later.verdict.exposures["exposure.data"].answer is Standing.CANNOT_DETERMINE
