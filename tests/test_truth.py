"""Every check against every lab product, as `expected.toml` said before the probes were written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.model import Level, Standing
from shelfworthy_lab import Instance, down, planted, up
from tests.needs import missing
from tests.truth import Row, audit, summary, table, unexpected

PRODUCTS = [
    ("cloudpets", "2018"),
    ("cloudpets", "fixed"),
    ("endpoints", "all"),
    ("hello-barbie", "2015"),
    ("hello-barbie", "fixed"),
    ("princeton", "2018"),
    ("princeton", "fixed"),
]
LEVELS = [Level.LOOK, Level.KNOCK, Level.USE]

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module", params=PRODUCTS, ids=" ".join)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    name, edition = request.param
    folder = tmp_path_factory.mktemp("lab")
    instance = up(name, edition, folder)
    stopped = {part: said for part, said in instance.parts.items() if said != "running"}
    if stopped:
        down(name, edition, folder)
        missing(f"the Debian packages libcurl4 and libldap-2.5-0: {stopped}")
    yield instance
    down(name, edition, folder)


def test_answers_are_as_expected(
    running: Instance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[Row] = []
    for level in LEVELS:
        _, judgement = audit(running, level, tmp_path / f"{level}.audit")
        rows += table(running, level, judgement)
        assert unexpected(running, level, judgement) == set()
    with capsys.disabled():
        print(f"\n{running.name} {running.edition}: {summary(rows)}")
    assert rows
    assert {row.grade for row in rows} == {"right"}, summary(rows)


@pytest.mark.parametrize("running", PRODUCTS[:2], indirect=True, ids=" ".join)
def test_the_verdict_is_the_storys(running: Instance, tmp_path: Path) -> None:
    _, judgement = audit(running, Level.USE, tmp_path / "bear.audit")
    guidelines = {name: verdict.answer for name, verdict in judgement.verdict.guidelines.items()}
    exposures = {name: verdict.answer for name, verdict in judgement.verdict.exposures.items()}
    requirements = {
        name: verdict.answer
        for guideline in judgement.verdict.guidelines.values()
        for name, verdict in guideline.requirements.items()
    }
    if running.edition == "2018":
        assert set(guidelines.values()) == set(exposures.values()) == {Standing.NOT_MET}
    else:
        assert Standing.NOT_MET not in {*guidelines.values(), *exposures.values(), *requirements.values()}
        assert guidelines["vulnerabilities"] is Standing.MET
        assert guidelines["updates"] is guidelines["privacy"] is Standing.CANNOT_DETERMINE
    assert requirements["encryption.radio"] is Standing.CANNOT_DETERMINE
    assert requirements["privacy.available"] is Standing.CANNOT_DETERMINE


def test_nothing_the_lab_planted_is_kept(running: Instance, tmp_path: Path) -> None:
    folder = tmp_path / "bear.audit"
    audit(running, Level.USE, folder)
    values = planted(running)
    if running.name == "cloudpets":
        assert len(values) > 20
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for value in values:
            plain = value if isinstance(value, bytes) else value.encode()
            assert plain not in content, f"{plain!r} in {path.relative_to(folder)}"
