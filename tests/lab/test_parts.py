"""Parts come from the registries with their hash or not at all, and their licence is named first."""

import json
from pathlib import Path

import pytest

from shelfworthy_lab import npm, parts
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


ONE = "node_modules/wordwrap"  # a small package of a lock


def lock_of_one(integrity: str) -> dict[str, bytes]:
    """A lock that names one package with this hash."""
    entry = json.loads(npm.pinned("pouchdb-server", npm.LOCK))["packages"][ONE]
    wanted = {"dependencies": {"wordwrap": entry["version"]}}
    packages = {"": wanted, ONE: entry | {"integrity": integrity or entry["integrity"]}}
    lock = {"lockfileVersion": 3, "requires": True, "packages": packages}
    return {"package.json": json.dumps(wanted).encode(), npm.LOCK: json.dumps(lock).encode()}


@pytest.mark.parametrize("integrity", ["", "sha512-" + "A" * 86 + "=="])
def test_npm_brings_what_the_lock_has_the_hash_of_or_nothing(
    integrity: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = parts.fetch("node-24")
    lock = lock_of_one(integrity)
    monkeypatch.setattr(npm, "pinned", lambda name, file: lock[file])
    folder = tmp_path / "part"
    if integrity:
        with pytest.raises(CantRun, match="EINTEGRITY"):
            parts.once(folder, lambda whole: npm.install("one", whole, node, 60))
        assert not folder.exists()
    else:
        parts.once(folder, lambda whole: npm.install("one", whole, node, 60))
        assert (folder / ONE / "package.json").is_file()


def test_every_mongod_is_named_with_its_licence() -> None:
    mongods = [about for name, about in parts.lock().items() if name.startswith("mongod")]
    assert len(mongods) == 3
    assert all("SSPL" in about["licence"] for about in mongods)
