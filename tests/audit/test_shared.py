"""The table of what products share: one's own audits in, fingerprints and counts out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from shelfworthy import reference
from shelfworthy.audit.shared import table
from shelfworthy.model import Identity, Product, canonical
from shelfworthy.model.surfaces import Firmware
from shelfworthy.record import Evidence, load_evidence
from shelfworthy.reference import SHARED_SECRETS, of_this_machine, shipped
from shelfworthy.seen.firmware import FirmwareContents
from tests.builders import database, kept, open_listing, product
from tests.cli.command import run
from tests.readers.firmware.contents.seeing import contents
from tests.readers.firmware.contents.trees import Files
from tests.readers.firmware.with_tools import identity

IMAGE = {"firmware.bin": b"an image"}
HASH = b"$1$b3arcam0$Pq1Tz5bC7W1d3iPMLvBKt."
PASSWD = (
    b"root:%s:0:0::/:/bin/sh\nfree::1:1::/:/bin/sh\nweb:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=:1:1::/:/bin/sh\n"
)


def camera(name: str) -> Product:
    one = product(Firmware(id="records", where="firmware.bin"))
    return structs.replace(one, product=Identity(name=name, vendor="Cameras", category="camera"))


def seen(hashed: bytes = HASH, key: bytes = b"") -> FirmwareContents:
    files: dict[str, bytes | str] = {
        "etc/passwd": PASSWD % hashed,
        "etc/cam.conf": b"password = Sommer2016!\n",
    }
    return contents(Files({**files, "etc/key.pem": key} if key else files))


def audit(folder: Path, name: str, one: FirmwareContents) -> Evidence:
    return load_evidence(kept(folder / f"{name}.audit", camera(name), one, supplied=IMAGE))


def test_products_are_counted_once_and_named_never(tmp_path: Path) -> None:
    key, _, _ = identity("camera")
    audits = [audit(tmp_path, name, seen(key=key)) for name in ("One", "Two")]
    audits.append(audit(tmp_path / "again", "One", seen(key=key)))
    audits.append(audit(tmp_path, "Other", seen(b"!", b"")))
    made = table(audits)
    assert len(made.products) == 3
    assert {len(marks) for marks in made.secrets.values()} == {2}
    assert len(made.secrets) == 2  # one key, one salted hash: no empty password, none without a salt
    for fingerprint in made.secrets:
        assert made.others(fingerprint, camera("One").product.key) == 1
        assert made.others(fingerprint, camera("Other").product.key) == 2
    assert made.compared(camera("One").product.key) == 2
    assert made.date == "2026-11-21"
    assert table(reversed(audits)) == made
    text = canonical(made).decode()
    for word in (
        "One",
        "Two",
        "Cameras",
        "Sommer",
        "b3arcam0",
        *(camera(name).product.key for name in ("One", "Two")),
    ):
        assert word not in text


def test_a_product_has_another_mark_at_each_secret(tmp_path: Path) -> None:
    key, _, _ = identity("camera")
    made = table([audit(tmp_path, "One", seen(key=key))])
    marks = [mark for found in made.secrets.values() for mark in found] + list(made.products)
    assert len(set(marks)) == len(marks) == 3


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """As in a new process: what lies on this machine is read once."""
    shipped.cache_clear()
    reference._used.cache_clear()


def test_built_by_the_command_it_decides_and_is_named(
    own_data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(own_data, "One", seen())
    audit(own_data, "Two", seen())
    built = run(capsys, monkeypatch, own_data, "reference", "build", "One.audit", "Two.audit")
    assert built.code == 0, built.err
    assert "1 keys and password hashes of 2 products" in built.out.replace("\n", " ")
    assert of_this_machine().is_file()
    forget()
    said = run(capsys, monkeypatch, own_data, "report", "One.audit", "--format", "json")
    shown = json.loads(said.out)
    assert any(one["name"] == SHARED_SECRETS and one["date"] == "2026-11-21" for one in shown["references"])
    assert "shared-password" in said.out


def test_without_a_table_it_stays_open(
    own_data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(own_data, "One", seen())
    said = run(capsys, monkeypatch, own_data, "report", "One.audit", "--format", "json")
    assert "There is no table of other products to compare." in said.out


def test_a_table_elsewhere_decides_nothing_here(
    own_data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(own_data, "One", seen())
    built = run(capsys, monkeypatch, own_data, "reference", "build", "One.audit", "--out", "t/table.json")
    assert built.code == 0
    assert (own_data / "t" / "table.json").is_file()
    assert not of_this_machine().exists()


def test_a_broken_table_is_told_and_not_passed_over(
    own_data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(own_data, "One", seen())
    of_this_machine().parent.mkdir(parents=True)
    of_this_machine().write_text('{"version": 1}')
    said = run(capsys, monkeypatch, own_data, "judge", "One.audit")
    assert said.code == 2
    assert "shared-secrets.json" in said.err
    assert "shelfworthy reference build" in said.err
    assert "Traceback" not in said.err


def test_audits_without_firmware_make_no_table(tmp_path: Path) -> None:
    evidence = load_evidence(kept(tmp_path / "bear.audit", product(database()), open_listing()))
    assert table([evidence]).products == ()
