"""Reports of a real audit of real servers: what the lab's bear of 2018 looks like to its readers."""

import io
import json as plain_json
import re
from collections.abc import Iterator

import jsonschema_rs
import pytest
from rich.console import Console

from shelfworthy.model import Judgement, Level
from shelfworthy.record import Evidence
from shelfworthy.report import html, json, terminal
from shelfworthy.report.diff import diff
from shelfworthy.report.schema import report_schema
from shelfworthy_lab import down, planted, up
from tests.needs import missing
from tests.truth import audit

Audited = tuple[Evidence, Judgement, tuple[str | bytes, ...]]  # and what the lab planted

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def bear(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Audited]:
    folder = tmp_path_factory.mktemp("lab")
    instance = up("cloudpets", "2018", folder)
    try:
        stopped = {part: said for part, said in instance.parts.items() if said != "running"}
        if stopped:
            missing(f"the Debian packages libcurl4 and libldap-2.5-0: {stopped}")
        evidence, judgement = audit(instance, Level.USE, folder / "bear.audit")
        yield evidence, judgement, tuple(planted(instance))
    finally:
        down("cloudpets", "2018", folder)


def test_every_reason_leads_to_the_field_that_decided_it(
    bear: Audited,
) -> None:
    evidence, judgement, _ = bear
    text = html.report(evidence, judgement)
    ids = set(re.findall(r'id="([^"]+)"', text))
    assert judgement.findings
    for finding in judgement.findings:
        item = re.search(rf'id="finding-{finding.id}">.*?</li>', text, re.DOTALL)
        assert item, finding.check
        links = re.findall(r'href="#(observation-[^"]+)"', item[0])
        assert links, finding.check
        assert set(links) <= ids
        if finding.place is not None:
            assert "." in links[0], f"{finding.check}: {finding.place} is no field that is shown"
            row = re.search(rf'id="{re.escape(links[0])}" class="decisive"', text)
            words = re.search(rf'<li id="{re.escape(links[0])}">.*?</blockquote>', text, re.DOTALL)
            assert row or (words and "<mark>" in words[0]), finding.check


def test_the_json_is_what_the_schema_says(bear: Audited) -> None:
    evidence, judgement, _ = bear
    validator = jsonschema_rs.Draft202012Validator(plain_json.loads(report_schema()))
    validator.validate(plain_json.loads(json.report(evidence, judgement)))


def test_no_format_shows_what_the_lab_planted(
    bear: Audited,
) -> None:
    evidence, judgement, secrets = bear
    written = io.StringIO()
    terminal.report(evidence, judgement, Console(file=written, width=100))
    pages = (
        html.report(evidence, judgement).encode(),
        json.report(evidence, judgement),
        written.getvalue().encode(),
    )
    assert secrets
    for page in pages:
        assert b"MurmurPal" in page
        values = (secret.encode() if isinstance(secret, str) else secret for secret in secrets)
        assert [value for value in values if value in page] == []


def test_an_audit_does_not_differ_from_itself(
    bear: Audited,
) -> None:
    evidence, judgement, _ = bear
    assert diff(evidence, judgement, evidence, judgement).same
