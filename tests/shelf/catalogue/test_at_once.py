"""Two imports at the same time, as processes, on SQLite and a real PostgreSQL."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.shelf.catalogue.processes import migrated, said, start, written

ROWS = 1000
SOLD = """
select count(distinct l.id), count(x.id) from shelf_listing l
left join shelf_listing_markets x on x.listing_id = l.id where l.vanished_at is null
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The DATABASE_URL of a fresh database; "" for SQLite in the shelf's folder."""
    if request.param == "sqlite":
        return ""
    server = request.getfixturevalue("postgres")
    name = f"shelf_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as base:
        base.execute(f'create database "{name}"'.encode())
    return str(server).rpartition("/")[0] + f"/{name}"


def count(shelf: Path, url: str) -> tuple[int, int]:
    """Listings that are sold, and pairs of such a listing and a market."""
    if url:
        with psycopg.connect(url) as base:
            found = base.execute(SOLD.encode()).fetchone()
    else:
        with closing(sqlite3.connect(shelf / "shelf.sqlite3")) as base:
            found = base.execute(SOLD).fetchone()
    assert found is not None
    return found[0], found[1]


@pytest.mark.slow
def test_two_catalogues_with_the_same_listings(tmp_path: Path, url: str) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    written(one, 0, ROWS, "1.0", "DE FR")
    written(two, ROWS // 2, ROWS + ROWS // 2, "1.1", "DE")
    shelf = tmp_path / "shelf"
    migrated(shelf, url)
    both = [start(shelf, one, url, "one"), start(shelf, two, url, "two")]
    assert [said(process) for process in both] == [f"done {ROWS} 0 0"] * 2
    listings, pairs = count(shelf, url)
    assert listings == ROWS + ROWS // 2
    assert ROWS + ROWS // 2 + ROWS // 2 <= pairs <= 2 * listings


@pytest.mark.slow
def test_the_newer_import_of_a_catalogue_takes_over(tmp_path: Path, url: str) -> None:
    long, short = tmp_path / "long.csv", tmp_path / "short.csv"
    written(long, 0, 15 * ROWS, "1.0", "DE FR")
    written(short, 0, ROWS, "1.1", "DE")
    shelf = tmp_path / "shelf"
    migrated(shelf, url)
    older = start(shelf, long, url)
    newer = start(shelf, short, url)
    assert said(older).split()[0] == "stopped"
    assert said(newer).split()[:2] == ["done", str(ROWS)]
    assert count(shelf, url) == (ROWS, ROWS)
