"""A check that reads others' answers is asked after them, and anew when one of them is."""

from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit import judge as judging
from shelfworthy.audit.findings import findings_of
from shelfworthy.audit.judge import ask, our_court, said_of
from shelfworthy.checks import BY_ID, CHECKS
from shelfworthy.model import Finding, NotLooked, Outcome, Target
from shelfworthy.model.surfaces import Firmware
from shelfworthy.product.write import product_toml
from shelfworthy.record import Evidence, Recorder, load_evidence
from shelfworthy.seen.firmware import FirmwareImage
from shelfworthy.seen.target import TargetSeen
from tests.builders import looked, observed, product
from tests.specimen import DECODER, FOLDER

SIGNED, TAMPERED = "firmware-signed", "update-accepts-tampered"


def image(sha256: str) -> FirmwareImage:
    """The bear of 2018: a check sum is all that protects it."""
    seen = DECODER.decode((FOLDER / SIGNED / "fail/lab-2018.json").read_bytes()).seen
    assert isinstance(seen, FirmwareImage)
    return msgspec.structs.replace(seen, sha256=sha256)


def device(sha256: str, **changed: object) -> TargetSeen:
    """A device that refused a changed copy of the image with this hash."""
    seen = DECODER.decode((FOLDER / TAMPERED / "pass/verifies-and-counts.json").read_bytes()).seen
    assert isinstance(seen, TargetSeen)
    return msgspec.structs.replace(seen, sha256=sha256, **changed)


def kept(folder: Path, *devices: TargetSeen) -> Evidence:
    of = product(
        Firmware(id="image", where="firmware.bin"), Target(id="device", where="target:http://127.0.0.1/")
    )
    recorder = Recorder(folder, product_toml(of).encode(), {"firmware.bin": b"-"})
    seen = [observed(image("a" * 64), "image"), *(observed(one, "device") for one in devices)]
    for one in seen:
        recorder.observation(one)
        recorder.looked(looked(one))
    recorder.close()
    return load_evidence(folder)


def said(evidence: Evidence) -> set[tuple[Outcome, str]]:
    findings = ask(CHECKS, evidence, evidence.outline()).findings
    return {(one.outcome, one.says) for one in findings if one.check == SIGNED}


UNSIGNED = {(Outcome.FAIL, "unsigned")}


def test_alone_an_unsigned_image_fails(tmp_path: Path) -> None:
    assert said(kept(tmp_path / "a.audit")) == UNSIGNED


def test_where_its_device_refused_a_changed_copy_that_stays_open(tmp_path: Path) -> None:
    evidence = kept(tmp_path / "a.audit", device("a" * 64))
    assert said(evidence) == {(Outcome.INCONCLUSIVE, "refused-live")}


@pytest.mark.parametrize(
    "of",
    [
        device("b" * 64),
        device("a" * 64, changed=NotLooked()),
        device("a" * 64, format="", sums=()),
    ],
    ids=["of another image", "that was sent none", "that may only have seen a check sum"],
)
def test_a_device_excuses_nothing(of: TargetSeen, tmp_path: Path) -> None:
    assert said(kept(tmp_path / "a.audit", of)) == UNSIGNED


def test_a_device_that_ran_one_once_excuses_nothing(tmp_path: Path) -> None:
    good = device("a" * 64)
    ran = msgspec.structs.replace(good.changed, runs=good.changed_says)
    assert said(kept(tmp_path / "a.audit", good, device("a" * 64, changed=ran))) == UNSIGNED


def test_the_order_of_the_checks_does_not_matter(tmp_path: Path) -> None:
    evidence = kept(tmp_path / "a.audit", device("a" * 64))
    outline = evidence.outline()
    assert ask(tuple(reversed(CHECKS)), evidence, outline).findings == ask(CHECKS, evidence, outline).findings


def test_it_is_asked_anew_when_what_it_reads_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    kept(tmp_path / "a.audit", device("a" * 64))
    said_of(tmp_path / "a.audit", our_court())
    asked: list[str] = []

    def told(check: object, *rest: object) -> tuple[Finding, ...]:
        asked.append(check.id)  # type: ignore[attr-defined]
        return findings_of(check, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "findings_of", told)
    newer = tuple(
        msgspec.structs.replace(one, version=one.version + 1) if one.id == TAMPERED else one for one in CHECKS
    )
    said_of(tmp_path / "a.audit", judging.court(newer, our_court().rules))
    assert sorted(asked) == [SIGNED, TAMPERED]


def test_no_check_reads_answers_of_one_that_reads_some() -> None:
    for check in CHECKS:
        for read in check.reads_answers:
            assert not BY_ID[read].reads_answers, check.id
