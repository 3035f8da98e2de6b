"""A folder for what is sent to the shelf, which is not the one people work in."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def shelf_folder(tmp_path: Path, settings: Any) -> Path:
    """A folder of the shelf's own."""
    settings.SHELF = tmp_path / "shelf"
    settings.SHELF.mkdir()
    return tmp_path / "shelf"
