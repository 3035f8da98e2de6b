"""What a maker says of known flaws, in both forms, and what is none."""

from pathlib import Path

import pytest

from shelfworthy.seen.vex import NoVex, Statement, statements

DATA = Path(__file__).parents[1] / "vulndata" / "data"


def test_both_forms_say_the_same() -> None:
    openvex = {one.names[0]: one for one in statements((DATA / "vex.openvex.json").read_bytes())}
    cyclonedx = {one.names[0]: one for one in statements((DATA / "vex.cdx.json").read_bytes())}
    for said in (openvex, cyclonedx):
        one = said["CVE-2014-0160"]
        assert (one.status, one.author) == ("not_affected", "Maker's security team")
        assert "code not present: Built without heartbeats" in one.because
    assert cyclonedx["CVE-2017-14491"].status == "fixed"


def test_an_older_form_of_openvex_names_the_flaw_by_itself() -> None:
    said = (
        b'{"@context": "https://openvex.dev/ns", "author": "A\\u001b[31m", '
        b'"statements": [{"vulnerability": "CVE-2099-12345", "status": "affected"}]}'
    )
    assert statements(said) == (Statement(("CVE-2099-12345",), "affected", "A[31m", ""),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"@context": "https://openvex.dev/ns", "statements": 7}',
        b'{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": [], "status": {}}]}',
        b'{"bomFormat": "CycloneDX", "vulnerabilities": [{"id": 7, "analysis": []}]}',
        b'{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": {"aliases": 7}}]}',
    ],
)
def test_what_is_none_is_answered(content: bytes) -> None:
    with pytest.raises(NoVex):
        statements(content)
