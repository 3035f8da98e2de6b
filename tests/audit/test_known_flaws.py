"""From imported data to findings: what decides is listed, judging is repeatable, a maker's word is shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from shelfworthy.audit.judge import judge_folder
from shelfworthy.model import Finding, Judgement, Outcome, Reference
from shelfworthy.model.surfaces import Firmware
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.papers import check_papers
from shelfworthy.product.write import product_toml
from shelfworthy.record import Recorder
from shelfworthy.vulndata.importing import import_files
from shelfworthy.vulndata.place import VARIABLE, Unusable
from tests.builders import DAY, NOON, looked, observed, product
from tests.checks.firmware.take import DATA, Case, seen

HEARTBLEED = Case("x", "fixture", "openssl 1.0.1e", (Outcome.FAIL,) * 3)
EXPLOITED = "firmware-known-exploited"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    into = tmp_path / "vulndata.sqlite"
    monkeypatch.setenv(VARIABLE, str(into))
    return into


def audit(folder: Path, vex: str = "") -> Path:
    """The audit of an image with an OpenSSL that has Heartbleed."""
    surface = Firmware(id="image", where="image.bin", vex=vex)
    supplied = {"image.bin": b"an image"} | ({vex: (DATA / vex).read_bytes()} if vex else {})
    recorder = Recorder(folder, product_toml(product(surface)).encode(), supplied)
    observation = observed(seen(HEARTBLEED), surface="image")
    recorder.observation(observation)
    recorder.looked(looked(observation))
    recorder.close()
    return folder


def said(judgement: Judgement, check: str = EXPLOITED) -> list[Finding]:
    return [finding for finding in judgement.findings if finding.check == check]


def imported(judgement: Judgement) -> list[Reference]:
    return [one for one in judgement.references if one.supplied_by == "vulndata import"]


def test_without_data_it_says_so(tmp_path: Path, database: Path) -> None:
    judgement = judge_folder(audit(tmp_path / "a.audit"), NOON)
    assert [(one.says, one.outcome) for one in said(judgement)] == [("no-data", Outcome.INCONCLUSIVE)]
    assert imported(judgement) == []


def test_what_was_imported_later_changes_the_answer_and_is_listed(tmp_path: Path, database: Path) -> None:
    folder = audit(tmp_path / "a.audit")
    judge_folder(folder, NOON)
    (done,) = import_files([DATA], database)
    judgement = judge_folder(folder, NOON)
    (finding,) = said(judgement)
    assert (finding.outcome, finding.facts["flaws"]) == (Outcome.FAIL, "CVE-2014-0160")
    assert finding.facts["date"] == done.date
    assert [(one.name, one.date, one.sha256) for one in imported(judgement)] == [
        ("data", done.date, done.sha256)
    ]
    again = judge_folder(audit(tmp_path / "b.audit"), NOON)
    assert again == judgement
    assert said(judge_folder(folder, NOON + timedelta(days=1))) == [finding]


def test_a_makers_word_is_listed_and_shown_with_its_author(tmp_path: Path, database: Path) -> None:
    import_files([DATA], database)
    judgement = judge_folder(audit(tmp_path / "a.audit", "vex.openvex.json"), NOON)
    denied, rest = sorted(said(judgement), key=lambda one: one.says)
    assert (denied.says, denied.facts["who"]) == ("denied", "Maker's security team")
    assert "OPENSSL_NO_HEARTBEATS" in str(denied.facts["what"])
    assert (rest.says, rest.facts["other"]) == ("none", "other ")
    names = [one.name for one in judgement.references if one.supplied_by == "product file"]
    assert names == ["vex.openvex.json"]


def test_a_file_that_is_no_vex_is_answered_before_anything_is_looked_at(tmp_path: Path) -> None:
    surface = Firmware(id="image", where="image.bin", vex="vex.json")
    with pytest.raises(BadFile, match=r"vex\.json: it is neither OpenVEX nor CycloneDX"):
        check_papers(product(surface), {"image.bin": b"", "vex.json": b"{}"}, tmp_path, DAY)


def test_data_that_cannot_be_read_are_not_taken_for_none(tmp_path: Path, database: Path) -> None:
    database.write_text("no database at all, but long enough to look like a file of some kind" * 20)
    with pytest.raises(Unusable):
        judge_folder(audit(tmp_path / "a.audit"), NOON)
