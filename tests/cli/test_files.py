"""A file can be audited without a product file, wherever it lies."""

import json
from pathlib import Path

import pytest

from shelfworthy_lab.radio import oad
from tests.cli.command import run


def test_an_image_in_another_folder_is_looked_into(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "toy.bin").write_bytes(oad.image(19, "B", size=4096))
    done = run(capsys, monkeypatch, tmp_path, "audit", "images/toy.bin", "--format", "json")
    answers = {one["check"]: one["outcome"] for one in json.loads(done.out)["findings"]}
    assert answers["firmware-signed"] == "fail"
