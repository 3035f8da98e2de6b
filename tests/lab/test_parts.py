"""Parts come from the registry with their hash or not at all, and their licence is named first."""

from pathlib import Path

import pytest

from shelfworthy_lab import parts
from shelfworthy_lab.home import CantRun


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHELFWORTHY_LAB_PARTS", str(tmp_path / "parts"))
    return tmp_path / "parts"


def test_a_part_is_fetched_once_and_its_licence_named(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = parts.fetch("openssl-1_1")
    assert folder.parent == empty
    assert {path.name for path in folder.iterdir()} == {
        "libcrypto-2f2fcd35.so.1.1",
        "libcrypto.so.1.1",
        "libssl.so.1.1",
    }
    assert "licence OpenSSL" in capsys.readouterr().err
    assert parts.fetch("openssl-1_1") == folder
    assert capsys.readouterr().err == ""


def test_a_part_with_another_hash_is_refused(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = parts.lock()["openssl-1_1"] | {"sha256": "0" * 64}
    monkeypatch.setattr(parts, "lock", lambda: {"openssl-1_1": wrong})
    with pytest.raises(CantRun, match=r"psycopg2-binary==2\.9\.3"):
        parts.fetch("openssl-1_1")
    assert not [path for path in empty.iterdir() if path.is_dir()]


def test_every_mongod_is_named_with_its_licence() -> None:
    mongods = [about for name, about in parts.lock().items() if name.startswith("mongod")]
    assert len(mongods) == 3
    assert all("SSPL" in about["licence"] for about in mongods)
