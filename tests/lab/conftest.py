"""The lab's tests keep their instances apart from the user's."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def lab_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh state folder; fetched programs stay where they are."""
    monkeypatch.setenv("SHELFWORTHY_LAB_HOME", str(tmp_path / "state"))
    return tmp_path / "state"
