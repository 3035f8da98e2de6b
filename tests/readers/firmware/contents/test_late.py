"""The largest import waits for the first program, where it can be imported then at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shelfworthy.readers.firmware.contents import late

IMPORTS = """
import sys
import shelfworthy.readers.firmware.contents.reading
from shelfworthy.readers.firmware.contents.programs import hardened
assert all(getattr(module, "__file__", "") is not Ellipsis for module in list(sys.modules.values()))
assert "lief._lief" not in sys.modules
assert hardened(open(sys.executable, "rb").read()).machine != "unknown"
assert "lief._lief" in sys.modules
"""


def test_it_is_imported_with_the_first_program() -> None:
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)


def test_who_becomes_nobody_waits_only_for_what_nobody_may_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_to_all = Path("/bin/sh")
    closed = tmp_path / "closed" / "module.py"
    closed.parent.mkdir(0o700)
    closed.touch(0o644)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert late.stays(open_to_all)
    assert not late.stays(closed)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert late.stays(closed)
