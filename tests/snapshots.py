"""Texts people see are compared whole. `UPDATE_SNAPSHOTS=1 make test` rewrites them: read the diff."""

import os
from pathlib import Path


def same_as(path: Path, text: str) -> None:
    """Assert that a text is what the snapshot file says, or write the file when asked to."""
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"no snapshot {path.name}: run once with UPDATE_SNAPSHOTS=1 and read it"
    assert text == path.read_text(encoding="utf-8")
