"""Every state of a peripheral, as `radio_matrix.toml` said before the probes were written."""

from pathlib import Path

import pytest

from tests.radio_matrix import audited, rows
from tests.truth import summary

pytestmark = pytest.mark.lab


@pytest.mark.timeout(400)
def test_every_state_is_answered_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = list(rows(audited(tmp_path)))
    with capsys.disabled():
        print(f"\nradio matrix: {summary(table)}")
    assert len(table) >= 24 * 12
    assert {row.grade for row in table} == {"right"}, summary(table)
