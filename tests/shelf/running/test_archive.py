"""Export and import of everything: the same bytes, whole or not at all."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shelf.api.filled import carry_out, fill
from tests.shelf.process import running

FILL = """
import django; django.setup()
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.chain import decide
from shelfworthy.shelf.evidence.current import refresh
from shelfworthy.shelf.models import *
at = now()
someone = Person.objects.get()
market = Market.objects.get_or_create(code="DE")[0]
product = Product.objects.create(key="k1", name="Bear ü \\u2028", changed_at=at)
for number in range(30):
    one = Listing.objects.create(
        sku=f"S{number}", title=f"Bear {number}", product=product, created_at=at, changed_at=at
    )
    one.markets.add(market)
    lots = ["7"] if number % 2 else []
    decide(one.pk, Action.HOLD, "critical exposure", "because", someone, expected=State.LISTED, lots=lots)
seen = Product.objects.filter(audits__isnull=False).order_by("pk").first()
bear = Listing.objects.create(sku="Seen", title="Bear", product=seen, created_at=at, changed_at=at)
refresh([bear.pk])
assert Judged.objects.exists()
"""

TABLES = """
from shelfworthy.shelf import place
place.prepared()
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a shelf that holds something."""
    folder = tmp_path_factory.mktemp("written")
    with running(folder / "shelf", "", "--no-worker") as shelf:
        fill(shelf)  # with evidence, verdicts, and what follows from them
        carry_out(FILL, shelf.environment)
        done = shelf.command("shelf", "export", str(folder / "one.zip"))
        assert done.returncode == 0, done.stderr
        again = shelf.command("shelf", "export", str(folder / "two.zip"))
        assert again.returncode == 0, again.stderr
        assert shelf.command("shelf", "check").returncode == 0
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()
    assert (folder / "one.zip").stat().st_mode & 0o777 == 0o600
    return folder / "one.zip"


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shelf whose tables are made and which holds nothing."""
    folder = tmp_path_factory.mktemp("new") / "shelf"
    carry_out(TABLES, {**os.environ, "SHELFWORTHY_SHELF": str(folder), "DATABASE_URL": ""})
    return folder


def read(archive: Path, folder: Path, database: str = "") -> subprocess.CompletedProcess[str]:
    """`shelf import` into a folder."""
    environment = {**os.environ, "SHELFWORTHY_SHELF": str(folder), "DATABASE_URL": database}
    command = [sys.executable, "-m", "shelfworthy", "shelf", "import", str(archive)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.lab
@pytest.mark.timeout(300)
@pytest.mark.parametrize("on", [pytest.param("sqlite", marks=pytest.mark.slow), "postgresql"])
def test_what_was_exported_comes_back(
    written: Path, tmp_path: Path, on: str, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("new_database") if on == "postgresql" else ""
    done = read(written, tmp_path / "shelf", database)
    assert done.returncode == 0, done.stderr
    with running(tmp_path / "shelf", database, "--no-worker") as shelf:
        assert "one-time password" not in shelf.log()  # its people came along
        assert shelf.command("shelf", "check").returncode == 0
        again = FILL.replace('"S', '"T').replace('"k1"', '"k2"')
        carry_out(again, shelf.environment)  # numbers of rows go on behind those
        assert shelf.command("shelf", "check").returncode == 0
        full = shelf.command("shelf", "import", str(written))
        assert full.returncode == 2
        assert "Import into a new" in full.stderr
    assert done.stdout.split()[-1] == digest_of(written)


@pytest.mark.lab
def test_a_shelf_that_was_moved_is_exported_as_the_same_bytes(written: Path, tmp_path: Path) -> None:
    assert read(written, tmp_path / "shelf").returncode == 0
    environment = {**os.environ, "SHELFWORTHY_SHELF": str(tmp_path / "shelf")}
    command = [sys.executable, "-m", "shelfworthy", "shelf", "export", str(tmp_path / "again.zip")]
    subprocess.run(command, env=environment, check=True, timeout=60)
    assert digest_of(tmp_path / "again.zip") == digest_of(written)


def digest_of(archive: Path) -> str:
    with zipfile.ZipFile(archive) as one:
        return hashlib.sha256(one.read("manifest.json")).hexdigest()


def rewritten(archive: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """An archive in which somebody changed something, and who made its digests right again if they could."""
    with zipfile.ZipFile(archive) as one:
        files = {name: one.read(name) for name in one.namelist()}
    change(files)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return to


DECISIONS = "tables/shelf.decision.jsonl"
JUDGED = "tables/shelf.judged.jsonl"


def one_byte(files: dict[str, bytes]) -> None:
    files[DECISIONS] = files[DECISIONS].replace(b"because", b"Because", 1)


def with_its_digest(files: dict[str, bytes]) -> None:
    one_byte(files)
    resign(files)


def another_severity(files: dict[str, bytes]) -> None:
    """What is written beside a judgement, so that no policy objects to it."""
    rows = [json.loads(line) for line in files[JUDGED].splitlines()]
    assert any(row[-1] for row in rows)
    files[JUDGED] = b"".join(json.dumps([*row[:-1], {}]).encode() + b"\n" for row in rows)
    resign(files)


def resign(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    for name, table in manifest["tables"].items():
        content = files[f"tables/{name}.jsonl"]
        table |= {"sha256": hashlib.sha256(content).hexdigest(), "rows": content.count(b"\n")}
    files["manifest.json"] = json.dumps(manifest).encode()


def other_evidence(files: dict[str, bytes]) -> None:
    """A byte of the evidence, with all digests of the archive made right again."""
    name = next(name for name in sorted(files) if "/evidence/observations/" in name)
    files[name] = files[name].replace(b"a", b"b", 1)
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name]["sha256"] = hashlib.sha256(files[name]).hexdigest()
    files["manifest.json"] = json.dumps(manifest).encode()


def less_evidence(files: dict[str, bytes]) -> None:
    """The evidence of a row is not there at all."""
    manifest = json.loads(files["manifest.json"])
    for name in [name for name in files if name.startswith("audits/")]:
        del files[name], manifest["files"][name]
    files["manifest.json"] = json.dumps(manifest).encode()


def a_row_less(files: dict[str, bytes]) -> None:
    lines = files[DECISIONS].splitlines(keepends=True)
    files[DECISIONS] = b"".join(lines[:3] + lines[4:])
    resign(files)


def a_part_elsewhere(files: dict[str, bytes]) -> None:
    name = "tables/shelf.listing.jsonl"
    files[name] = files[name].replace(b'["7"]', b'["8"]', 1)
    resign(files)


def outside(files: dict[str, bytes]) -> None:
    files["audits/../../out"] = b"x"
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["audits/../../out"] = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    files["manifest.json"] = json.dumps(manifest).encode()


def endless(files: dict[str, bytes]) -> None:
    files["audits/a"] = bytes(50 << 20)
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["audits/a"] = {"size": 10, "sha256": "0" * 64}
    files["manifest.json"] = json.dumps(manifest).encode()


def an_extra(files: dict[str, bytes]) -> None:
    files["audits/extra"] = b"x"


def orphan(files: dict[str, bytes]) -> None:
    files["tables/shelf.listing_markets.jsonl"] += b"[9999,9999,9999]\n"
    resign(files)


def garbage(files: dict[str, bytes]) -> None:
    files["tables/shelf.market.jsonl"] = b'{"a": [\n'
    resign(files)


def wrong_types(files: dict[str, bytes]) -> None:
    files["tables/shelf.market.jsonl"] = b'["one", 7]\n'
    resign(files)


@pytest.mark.lab
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (one_byte, "not what the manifest says"),
        (with_its_digest, "Decision 1"),
        pytest.param(a_row_less, "Decision", marks=pytest.mark.slow),
        (a_part_elsewhere, "a part is where no decision has brought it"),
        pytest.param(another_severity, "something else written beside it", marks=pytest.mark.slow),
        (other_evidence, "is not whole"),
        pytest.param(less_evidence, "is not", marks=pytest.mark.slow),
        pytest.param(outside, "outside of where evidence lies", marks=pytest.mark.slow),
        (endless, "larger than the manifest says"),
        pytest.param(an_extra, "other files than its manifest names", marks=pytest.mark.slow),
        pytest.param(orphan, "not there", marks=pytest.mark.slow),
        pytest.param(garbage, "shelf.market.jsonl", marks=pytest.mark.slow),
        pytest.param(wrong_types, "shelf.market.jsonl", marks=pytest.mark.slow),
    ],
)
def test_what_was_changed_is_refused_and_nothing_of_it_is_kept(
    written: Path, new: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], says: str
) -> None:
    shutil.copytree(new, tmp_path / "shelf")
    wrong = rewritten(written, tmp_path / "wrong.zip", change)
    done = read(wrong, tmp_path / "shelf")
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr, done.stderr
    assert "fault of ours" not in done.stderr
    assert not list((tmp_path / "shelf").glob(".import*"))
    assert read(written, tmp_path / "shelf").returncode == 0  # it is as empty as before


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"no zip"])
def test_what_is_no_archive_is_told_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some.zip").write_bytes(content)
    done = read(tmp_path / "some.zip", tmp_path / "shelf")
    assert done.returncode == 2
    assert "no archive of a shelf" in done.stderr
    made = {path.name for path in (tmp_path / "shelf").iterdir()}
    assert (made == {"secret"}) is not content.startswith(b"PK")  # no database for what is no zip at all
