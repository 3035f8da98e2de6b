"""An importing process that is killed, for real, at random moments: what it wrote is whole, and the next
import completes it; nothing is lost, nothing is there twice."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

KILLS = 10
ROWS = 1500
BEGAN = "began"
PROGRAM = f"""
import sys
import django
django.setup()
from shelfworthy.shelf.catalogue import importing
from shelfworthy.shelf.catalogue.rows import Form
from shelfworthy.shelf.models import Person
importing.AT_ONCE = 100
with open(sys.argv[1], "rb") as file:
    print("{BEGAN}", flush=True)
    done = importing.run(file, sys.argv[1], Person.objects.get(), Form.CSV)
print(done.state, done.rows, done.vanished, done.wrong)
"""
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from shelfworthy.shelf.models import Membership, Person
Membership.objects.create(person=Person.objects.create(name="Ann"), role="analyst")
"""


def environment(shelf: Path) -> dict[str, str]:
    said = {
        "SHELFWORTHY_SHELF": str(shelf),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings",
    }
    return os.environ | said | {"PYTHONPATH": os.pathsep.join(sys.path)}


def start(shelf: Path, file: Path) -> subprocess.Popen[str]:
    """An import as a process of its own, which has just begun."""
    command = [sys.executable, "-c", PROGRAM, str(file)]
    process = subprocess.Popen(command, env=environment(shelf), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == BEGAN
    return process


def whole(shelf: Path, file: Path) -> tuple[str, float]:
    """An import to its end; what it says of it, and the seconds it took."""
    with start(shelf, file) as process:
        began = time.monotonic()
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return said.strip(), time.monotonic() - began


def rows(shelf: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(shelf / "shelf.sqlite3")) as base:
        return base.execute(sql).fetchall()


def sold(shelf: Path) -> dict[object, tuple[object, ...]]:
    """What is sold, by SKU: firmware, product and markets."""
    listed = rows(
        shelf,
        "select l.sku, l.firmware, p.name, (select group_concat(code) from (select code from shelf_market m "
        "join shelf_listing_markets x on x.market_id = m.id where x.listing_id = l.id order by code)) "
        "from shelf_listing l left join shelf_product p on p.id = l.product_id where l.vanished_at is null",
    )
    found = {row[0]: row[1:] for row in listed}
    assert len(found) == len(listed)
    return found


def written(
    path: Path, first: int, last: int, firmware: str, markets: str
) -> dict[object, tuple[object, ...]]:
    """Write a catalogue; what is sold when it was imported."""
    said: dict[object, tuple[object, ...]] = {
        f"S{number}": (firmware, f"Bear {number // 3}", markets.replace(" ", ","))
        for number in range(first, last)
    }
    lines = [f"{sku},Bear,Plumwhistle,{it[0]},{it[1]},{markets}" for sku, it in said.items()]
    path.write_text("\n".join(["sku,title,maker,firmware,product,markets", *lines]))
    return said


@pytest.mark.slow
def test_a_killed_import_is_completed_by_the_next(tmp_path: Path) -> None:
    """1. A shelf with the first catalogue. 2. Kill the import of the second, at a random moment. 3. All that
    is there is a row of the first or of the second. 4. Import it again: exactly the second is sold."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    moments = random.Random(seed)
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    old = written(before, 0, ROWS, "1.0", "DE FR")
    new = written(after, ROWS // 10, ROWS + ROWS // 10, "1.1", "AT DE")
    first = tmp_path / "first"
    first.mkdir()
    subprocess.run([sys.executable, "-c", MIGRATE], env=environment(first), check=True, timeout=60)
    assert whole(first, before)[0] == f"done {ROWS} 0 0"
    assert sold(first) == old

    unharmed = shutil.copytree(first, tmp_path / "unharmed")
    said, took = whole(unharmed, after)
    assert said == f"done {ROWS} {ROWS // 10} 0"
    assert sold(unharmed) == new

    parts = set()
    for number in range(KILLS):
        shelf = shutil.copytree(first, tmp_path / f"shelf-{number}")
        with start(shelf, after) as process:
            time.sleep(moments.uniform(0, took))
            process.kill()
        there = sold(shelf)
        assert all(it in (old.get(sku), new.get(sku)) for sku, it in there.items())
        [(state, read, inserted)] = rows(
            shelf, "select state, rows, inserted from shelf_import where id = 2"
        ) or [("none", 0, 0)]
        if state == "running":
            assert read == sum(it == new.get(sku) for sku, it in there.items())
            assert inserted == len(there.keys() - old.keys())
        parts.add((state, read))
        assert whole(shelf, after)[0] == f"done {ROWS} {'0' if state == 'done' else ROWS // 10} 0"
        assert sold(shelf) == new
        assert rows(shelf, "select count(*) from shelf_listing") == [(ROWS + ROWS // 10,)]
        assert not rows(shelf, "select id from shelf_import where state = 'running'")
    print(sorted(parts))
    assert len(parts) > 2  # it was killed at moments that differ
