"""Every check against every lab product, as `expected.toml` said before the probes were written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.model import Judgement, Level, Standing
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
    ("toy", "2018"),
    ("toy", "app-gate"),
    ("toy", "constant-key"),
    ("toy", "just-works"),
    ("toy", "fixed"),
    ("cayla", "open"),
    ("cayla", "fixed"),
    ("dino", "2017"),
    ("dino", "fixed"),
    ("camera", "2018"),
    ("camera", "fixed"),
]
# Each is pushed to once, after all else.
TAKERS = [one for one in PRODUCTS if one[0] in ("toy", "camera")]
STATED = ("available", "readable", "choices", "children", "sensors")  # what a policy can say of itself
LEVELS = [Level.LOOK, Level.KNOCK, Level.USE]

pytestmark = pytest.mark.lab


class Running:
    """A running product, audited once at each level that a test asks for."""

    def __init__(self, instance: Instance, folder: Path) -> None:
        self.instance = instance
        self._folder = folder
        self._judged: dict[Level, Judgement] = {}

    def folder(self, level: Level) -> Path:
        return self._folder / f"{level}.audit"

    def judged(self, level: Level) -> Judgement:
        if level not in self._judged:
            _, self._judged[level] = audit(self.instance, level, self.folder(level))
        return self._judged[level]


@pytest.fixture(scope="module", params=PRODUCTS, ids=" ".join)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    name, edition = request.param
    folder = tmp_path_factory.mktemp("lab")
    instance = up(name, edition, folder)
    stopped = {part: said for part, said in instance.parts.items() if said != "running"}
    if stopped:
        down(name, edition, folder)
        missing(f"what lab/README.md says (a Debian, libcurl4, libldap-2.5-0): {stopped}")
    yield Running(instance, folder)
    down(name, edition, folder)


def test_answers_are_as_expected(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    instance = running.instance
    rows: list[Row] = []
    for level in LEVELS:
        judgement = running.judged(level)
        rows += table(instance, level, judgement)
        assert unexpected(instance, level, judgement) == set()
    with capsys.disabled():
        print(f"\n{instance.name} {instance.edition}: {summary(rows)}")
    assert rows
    assert {row.grade for row in rows} == {"right"}, summary(rows)


@pytest.mark.parametrize("running", TAKERS, indirect=True, ids=" ".join)
def test_what_takes_a_changed_image_is_told(running: Running) -> None:
    rows = list(table(running.instance, Level.RISK, running.judged(Level.RISK)))
    assert rows
    assert {row.grade for row in rows} == {"right"}, summary(rows)


@pytest.mark.parametrize("running", PRODUCTS[:2], indirect=True, ids=" ".join)
def test_the_verdict_is_the_storys(running: Running) -> None:
    judgement = running.judged(Level.USE)
    guidelines = {name: verdict.answer for name, verdict in judgement.verdict.guidelines.items()}
    exposures = {name: verdict.answer for name, verdict in judgement.verdict.exposures.items()}
    requirements = {
        name: verdict.answer
        for guideline in judgement.verdict.guidelines.values()
        for name, verdict in guideline.requirements.items()
    }
    if running.instance.edition == "2018":
        assert set(guidelines.values()) == set(exposures.values()) == {Standing.NOT_MET}
        assert requirements["encryption.radio"] is Standing.NOT_MET
        assert {requirements[f"privacy.{name}"] for name in (*STATED, "practice")} == {Standing.NOT_MET}
    else:
        assert Standing.NOT_MET not in {*guidelines.values(), *exposures.values(), *requirements.values()}
        assert guidelines["vulnerabilities"] is Standing.MET
        assert guidelines["updates"] is guidelines["privacy"] is Standing.CANNOT_DETERMINE
        assert requirements["encryption.radio"] is Standing.MET
        assert {requirements[f"privacy.{name}"] for name in STATED} == {Standing.MET}
        # Whether it does what its policy says, nobody saw: there is neither an app nor a capture.
        assert requirements["privacy.practice"] is Standing.CANNOT_DETERMINE


@pytest.mark.parametrize("running", PRODUCTS[:1], indirect=True, ids=" ".join)
def test_what_the_policy_promises_is_shown_beside_the_open_database(running: Running) -> None:
    judgement = running.judged(Level.USE)
    (broken,) = (one for one in judgement.findings if one.check == "policy-security-claims")
    assert broken.says == "broken"
    assert "secure, encrypted communications" in str(broken.facts["sentence"])
    assert (broken.facts["check"], broken.facts["surface"]) == ("database-open", "records")


def test_nothing_the_lab_planted_is_kept(running: Running) -> None:
    running.judged(Level.USE)
    values = planted(running.instance)
    if running.instance.name == "cloudpets":
        assert len(values) > 20
    for path in (path for path in running.folder(Level.USE).rglob("*") if path.is_file()):
        content = path.read_bytes()
        for value in values:
            plain = value if isinstance(value, bytes) else value.encode()
            assert plain not in content, f"{plain!r} in {path.name}"
