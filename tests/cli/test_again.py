"""What is done with audits on disk: as of which day, several at once, and what is no audit."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shelfworthy.cli.day import moment
from shelfworthy.cli.exits import failed
from shelfworthy.record import load_evidence
from tests.builders import database, kept, open_listing, product
from tests.cli.command import Ran, run


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Said":
    kept(tmp_path / "bear.audit", product(database()), open_listing())  # looked at 2026-11-21 12:00
    return Said(tmp_path, capsys, monkeypatch)


class Said:
    """Runs commands in a folder that holds `bear.audit`."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder = folder
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str) -> Ran:
        return run(self._capsys, self._monkeypatch, self.folder, *arguments)


def test_a_day_counts_whole_and_a_time_is_utc() -> None:
    assert moment("2026-11-22") == datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert moment("2026-11-22T00:58:02Z") == datetime(2026, 11, 22, 0, 58, 2, tzinfo=UTC)


@pytest.mark.parametrize("at", ["2026-11-21", "2026-11-21T12:00:00Z"])
@pytest.mark.parametrize("command", [("judge", "bear.audit"), ("report", "bear.audit")])
def test_an_audit_is_judged_from_its_first_look_on(said: Said, command: tuple[str, ...], at: str) -> None:
    assert said(*command, "--at", at).err == ""


@pytest.mark.parametrize("at", ["2026-11-20", "2026-11-21T11:59:59Z"])
@pytest.mark.parametrize(
    "command",
    [("judge", "bear.audit"), ("report", "bear.audit"), ("diff", "bear.audit", "bear.audit")],
)
def test_before_its_first_look_it_is_not(said: Said, command: tuple[str, ...], at: str) -> None:
    ran = said(*command, "--at", at)
    assert ran.code == 2
    assert ran.out == ""
    assert "give --at 2026-11-21 or later" in ran.err
    assert not (said.folder / "bear.audit" / "judgements").exists()


def test_among_several_the_one_that_is_too_young_or_no_audit_is_told(said: Said) -> None:
    good = said("judge", "bear.audit", "bear.audit", "--at", "2026-11-21")
    assert good.code == 10
    assert good.out.count("bear.audit: ") == 2
    mixed = said("judge", "bear.audit", "nowhere.audit")
    assert mixed.code == 2
    assert "bear.audit: encryption" in mixed.out
    assert "nowhere.audit: not an audit" in mixed.out
    young = said("judge", "bear.audit", "bear.audit", "--at", "2026-11-20")
    assert young.code == 2
    assert young.out.count("give --at 2026-11-21 or later") == 2


def test_a_good_digest_verifies_and_a_wrong_one_is_tampering(said: Said) -> None:
    digest = load_evidence(said.folder / "bear.audit").digest
    assert said("verify", "bear.audit", "--digest", digest.upper()).code == 0
    assert said("verify", "bear.audit", "--digest", "0" * 64).code == 10


@pytest.mark.parametrize("name", ["product.toml", "manifest.json"])
def test_an_audit_that_lost_a_file_is_tampered_with_and_still_an_audit(said: Said, name: str) -> None:
    (said.folder / "bear.audit" / "evidence" / name).unlink()
    ran = said("verify", "bear.audit")
    assert ran.code == 10
    assert name in ran.out


@pytest.mark.parametrize("blank", ["--because", "--by"])
def test_nothing_is_redacted_without_a_reason_and_a_name(said: Said, blank: str) -> None:
    evidence = said.folder / "bear.audit" / "evidence"
    (path,) = (evidence / "observations").iterdir()
    before = path.read_bytes()
    words = {"--because": "by mistake", "--by": "A person"} | {blank: " \t"}
    options = [word for pair in words.items() for word in pair]
    field = ["--field", "seen.answer.databases.0.name"]
    assert said("redact", "bear.audit", path.stem, *options, *field).code == 2
    assert path.read_bytes() == before
    assert not (evidence / "redactions.json").exists()
    words[blank] = "given"
    options = [word for pair in words.items() for word in pair]
    assert said("redact", "bear.audit", path.stem, *options, *field).code == 0


def test_a_fault_of_the_machine_without_a_file_name_has_words_of_its_own() -> None:
    assert failed(OSError(28, "No space left on device")) == "No space left on device."
    assert failed(OSError(13, "Permission denied", "a.audit")) == "a.audit: Permission denied."
    assert failed(OSError("all is lost")) == "all is lost."
    assert failed(TimeoutError()) == "TimeoutError."
