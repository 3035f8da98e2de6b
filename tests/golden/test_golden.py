"""Evidence of every release still verifies, still reads, and is answered as then."""

from pathlib import Path

import pytest

from shelfworthy.audit.judge import judge
from shelfworthy.record import load_evidence, verify
from tests.golden import JUDGED_AT, audits, says

ALL = pytest.mark.parametrize("folder", audits(), ids=lambda folder: f"{folder.parent.name}-{folder.stem}")


def test_there_is_golden_evidence() -> None:
    assert audits()


@ALL
def test_golden_evidence_verifies(folder: Path) -> None:
    assert verify(folder).problems == ()


@ALL
def test_golden_evidence_is_answered_as_then(folder: Path) -> None:
    again = says(judge(load_evidence(folder), JUDGED_AT))
    assert again.decode() == (folder / "says.json").read_text()
