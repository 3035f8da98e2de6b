"""Run the command line in this process, as its user would see it."""

import sys
from pathlib import Path

import pytest

from shelfworthy.cli import main


class Ran:
    """What a command left: exit code, standard output, standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str
) -> Ran:
    """`shelfworthy ARGUMENTS` in that folder, 100 columns wide, without colour or a terminal."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setattr(sys, "argv", ["shelfworthy", *arguments])
    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return Ran(code if isinstance(code, int) else 0, said.out, said.err)
