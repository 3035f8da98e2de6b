"""Law 8: of other stores full of people, nothing that was in them lies in what an audit keeps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shelfworthy.model import Level
from shelfworthy_lab import elasticsearch, mariadb, mysql, postgresql, pouchdb, redis
from tests.looking import Left
from tests.probes.database import http_stores as fixtures
from tests.probes.database.stores_told_apart import look_at, run_lab
from tests.servers import serving

pytestmark = pytest.mark.lab

# As keys, values, and in the names of tables, indices and databases.
PEOPLE = ("mia.marsh@plumpost.test", "tel-0170-5551234", "born-2009-05-17")
NEEDLES = (b"plumpost", b"5551234", b"2009-05", b"mia.marsh", b"sorrel-kettle")
ROWS = "insert into users values ('mia.marsh@plumpost.test', '0170 5551234')"
USERS = "users (email varchar(80), phone varchar(40))"


@asynccontextmanager
async def stores(folder: Path) -> AsyncIterator[dict[str, str]]:
    """One of each, open, with people in it: name → `where`."""
    with redis.start(folder) as cache, postgresql.start(folder) as relations:
        redis.fill(cache, [("SET", person, person) for person in PEOPLE])
        odd = "; ".join(f'create table "{person}" (id int)' for person in PEOPLE)
        postgresql.fill(relations, f'create table {USERS}; {ROWS}; {odd}; create schema "mia.marsh"')
        odd = "\n".join(f"create table bears.`{person}` (id int)" for person in PEOPLE)
        rows = ROWS.replace("users", "bears.users")
        sql = (
            f"create database bears\ncreate table bears.{USERS}\n{rows}\n{odd}\ncreate database `{PEOPLE[1]}`"
        )
        names = ("users", *PEOPLE)
        told = {name: [{"who": one} for one in PEOPLE] for name in names}
        documents = {name: [{"_id": one, "who": one} for one in PEOPLE] for name in names}
        with (
            mariadb.start(folder, sql=sql) as other,
            mysql.start(folder, sql=sql) as oracle,
            elasticsearch.start(folder) as elastic,
            pouchdb.start(folder) as couch,
        ):
            elasticsearch.fill(elastic, told)
            pouchdb.fill(couch, documents)
            async with serving(fixtures.serve(fixtures.firebase(list(names))), "127.0.0.1") as fire:
                yield {
                    "redis": f"redis://127.0.0.1:{cache.port}",
                    "postgresql": f"postgresql://127.0.0.1:{relations.port}",
                    "mariadb": f"mysql://127.0.0.1:{other.port}",
                    "mysql": f"mysql://127.0.0.1:{oracle.port}",
                    "elasticsearch": f"elasticsearch+http://127.0.0.1:{elastic.port}",
                    "couchdb": f"couchdb+http://127.0.0.1:{couch.port}",
                    "firebase": f"firebase+http://127.0.0.1:{fire.port}",
                }


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    async def run() -> Left:
        folder = tmp_path_factory.mktemp("stores")
        async with stores(folder / "servers") as places:
            return await look_at(places, folder / "audit", Level.USE)

    return run_lab(run)


def test_nothing_planted_is_kept(left: Left) -> None:
    kept = left.bytes.lower()
    for needle in NEEDLES:
        assert needle not in kept, needle


def test_and_yet_it_was_there_to_be_seen(left: Left) -> None:
    """Everything was listed, and what looks like a value is told by its shape."""
    shown = {one["surface"]: one["seen"]["answer"] for one in left.observations if "notes" in one["seen"]}
    stores = {"redis", "postgresql", "mariadb", "mysql", "elasticsearch", "couchdb", "firebase"}
    assert shown.keys() == stores
    (keys,) = shown["redis"]["databases"]
    assert [one["count"] for one in keys["collections"]] == [3]
    (tables,) = shown["postgresql"]["databases"]
    found = {one["name"]: one["count"] for one in tables["collections"]}
    assert found == {"users": 1, "‹a.a@a.a›": 0, "‹a-9-9›": 0, "‹a-9-9-9›": 0}
    for store in ("mariadb", "mysql"):
        assert [base["name"] for base in shown[store]["databases"]] == ["bears", "‹a-9-9›"]
    for store in ("elasticsearch", "couchdb"):
        assert {base["name"] for base in shown[store]["databases"]} == found.keys()
    (root,) = shown["firebase"]["databases"]
    assert {one["name"] for one in root["collections"]} == found.keys()


def test_the_transcript_keeps_lengths_and_hashes_only(left: Left) -> None:
    entries = [entry for script in left.transcripts for entry in script.entries]
    assert sum(entry.length for entry in entries) > 3_000
    assert all(entry.kept == b"" for entry in entries)
