"""`shelfworthy vulndata`: what it says of what it imported, and of what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shelfworthy.vulndata.place import VARIABLE
from tests.cli.command import Ran, run

Command = Callable[..., Ran]
DATA = Path(__file__).parents[1] / "vulndata" / "data"


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data" / "v.sqlite"))

    def ran(*arguments: str) -> Ran:
        return run(capsys, monkeypatch, tmp_path, "vulndata", *arguments)

    return ran


def test_it_says_what_was_imported_and_lists_it(command: Command, tmp_path: Path) -> None:
    ran = command("import", str(DATA / "kev.csv"), str(DATA / "openssl.json"))
    assert (ran.code, ran.err) == (0, "")
    assert "kev.csv: kev of 2023-03-30, SHA-256 " in ran.out
    assert f"Kept in {tmp_path / 'data' / 'v.sqlite'}." in ran.out
    assert "openssl.json: eol of 2025-09-30, SHA-256 " in command("list").out


def test_nothing_imported_is_said(command: Command) -> None:
    assert command("list").out.startswith("Nothing was imported into ")


@pytest.mark.parametrize("content", ["{}", "not JSON", '{"cveMetadata": {}}'])
def test_what_is_wrong_is_answered_in_words(command: Command, tmp_path: Path, content: str) -> None:
    (tmp_path / "wrong.json").write_text(content)
    for name in ("wrong.json", "none.json"):
        ran = command("import", name)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"shelfworthy: {name}: ")
        assert "Traceback" not in ran.err


def test_another_file_is_not_written_over(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine " * 500)
    ran = command("import", str(DATA / "kev.csv"), "--into", "mine.txt")
    assert (ran.code, (tmp_path / "mine.txt").read_text()) == (2, "mine " * 500)
    assert "no file of `shelfworthy vulndata import`" in ran.err
