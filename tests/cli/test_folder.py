"""An audit's folder is its own, also when several begin at once; and its name can be typed."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shelfworthy.cli.given import new_folder
from shelfworthy.product.slug import slug
from shelfworthy.record import claim, load_evidence, verify
from tests.builders import database, product
from tests.cli.command import run

FILE = '[product]\nname = "Bär"\nvendor = "Tests"\n'


def test_of_many_that_claim_a_folder_at_once_one_gets_it(tmp_path: Path) -> None:
    for number in range(20):
        ready = threading.Barrier(16)

        def one(
            _: int, folder: Path = tmp_path / f"{number}.audit", ready: threading.Barrier = ready
        ) -> bool:
            ready.wait()
            return claim(folder)

        with ThreadPoolExecutor(16) as pool:
            assert sum(pool.map(one, range(16))) == 1


def test_of_many_that_begin_at_once_each_gets_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ready = threading.Barrier(16)

    def one(_: int) -> str:
        ready.wait()
        return str(new_folder(product(database()), None))

    with ThreadPoolExecutor(16) as pool:
        folders = list(pool.map(one, range(16)))
    numbers = ["test-bear.audit", *(f"test-bear-{number}.audit" for number in range(2, 17))]
    assert sorted(folders) == sorted(numbers)


def test_audits_that_begin_at_once_do_not_share_a_folder(tmp_path: Path) -> None:
    (tmp_path / "bear.toml").write_text(FILE, encoding="utf-8")
    command = [sys.executable, "-m", "shelfworthy", "audit", "bear.toml"]
    running = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [one.communicate(timeout=120)[1] for one in running]
    assert [one.returncode for one in running] == [11, 11, 11], said
    folders = sorted(path.name for path in tmp_path.glob("*.audit"))
    assert folders == ["bar-2.audit", "bar-3.audit", "bar.audit"]
    assert all(verify(tmp_path / folder).problems == () for folder in folders)


def test_an_empty_folder_that_was_named_is_taken_and_a_file_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bear.toml").write_text(FILE, encoding="utf-8")
    (tmp_path / "here").mkdir()
    assert run(capsys, monkeypatch, tmp_path, "audit", "bear.toml", "--out", "here").code == 11
    assert load_evidence(tmp_path / "here").product.product.name == "Bär"
    refused = run(capsys, monkeypatch, tmp_path, "audit", "bear.toml", "--out", "bear.toml")
    assert refused.code == 2
    assert "bear.toml is there already" in refused.err


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Bär", "bar"),
        ("Çocuk Ayıcığı 2", "cocuk-aycg-2"),
        ("Ｔｏｙ", "toy"),
        ("クマ", "product"),
        ("../..", "product"),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_a_folder_name_can_be_typed(name: str, folder: str) -> None:
    assert slug(name) == folder
