"""An importing process that is killed, for real, at random moments: what it wrote is whole, and the next
import completes it; nothing is lost, nothing is there twice."""

import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.shelf.catalogue.processes import Sold, migrated, start, whole, written

KILLS = 10
ROWS = 1500
SOLD = """
select l.sku, l.firmware, p.name, (
    select group_concat(code) from (
        select code from shelf_market m join shelf_listing_markets x on x.market_id = m.id
        where x.listing_id = l.id order by code))
from shelf_listing l left join shelf_product p on p.id = l.product_id where l.vanished_at is null
"""


def rows(shelf: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(shelf / "shelf.sqlite3")) as base:
        return base.execute(sql).fetchall()


def sold(shelf: Path) -> Sold:
    """What is sold, by SKU: firmware, product and markets."""
    listed = rows(shelf, SOLD)
    found = {row[0]: row[1:] for row in listed}
    assert len(found) == len(listed)
    return found


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
    migrated(first)
    assert whole(first, before)[0] == f"done {ROWS} 0 0"
    assert sold(first) == old

    unharmed = shutil.copytree(first, tmp_path / "unharmed")
    words, took = whole(unharmed, after)
    assert words == f"done {ROWS} {ROWS // 10} 0"
    assert sold(unharmed) == new

    ends = set()
    for number in range(KILLS):
        shelf = shutil.copytree(first, tmp_path / f"shelf-{number}")
        with start(shelf, after) as process:
            time.sleep(moments.uniform(0, took))
            process.kill()
        there = sold(shelf)
        assert all(it in (old.get(sku), new.get(sku)) for sku, it in there.items())
        found = rows(shelf, "select state, rows, inserted from shelf_import where id = 2")
        state, read, inserted = found[0] if found else ("not begun", 0, 0)
        if state == "running":
            assert read == sum(it == new.get(sku) for sku, it in there.items())
            assert inserted == len(there.keys() - old.keys())
        ends.add((state, read))
        assert whole(shelf, after)[0] == f"done {ROWS} {0 if state == 'done' else ROWS // 10} 0"
        assert sold(shelf) == new
        assert rows(shelf, "select count(*) from shelf_listing") == [(ROWS + ROWS // 10,)]
        assert not rows(shelf, "select id from shelf_import where state = 'running'")
    print(sorted(ends))
    assert len(ends) > 2  # the moments differ
