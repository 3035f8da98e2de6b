"""Law 8: of a database full of people, nothing that was in it lies in what an audit keeps."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.model import Database, Level
from shelfworthy.reach import Limits
from shelfworthy_lab import mongod
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server
from shelfworthy_lab.products.cloudpets import content
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing

pytestmark = pytest.mark.lab

# As in the story's kind of mess: values where a programmer would have put names.
KEYS = ("mia.marsh@plumpost.test", "+49 170 5551234", "2009-05-17", "507f1f77bcf86cd799439011")
NAMED_AFTER = ("Mia", "Lena", "Oskar")  # first names as keys, among many others


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The 2018 cloud's database, and a collection, a field and a database named after somebody."""
    try:
        with mongod.start(tmp_path_factory.mktemp("mongod")) as running:
            with mongod.connect(running) as client:
                content.fill(client, "2018", ransom=True)
                odd = client["bears"]
                for key in KEYS:
                    odd[key].insert_one({"note": "for " + key})
                    odd["notes"].insert_one({"about": {key: 1}, key.replace(".", "_"): True})
                family: list[dict[str, object]] = [
                    {"_id": n, f"{NAMED_AFTER[n % 3]} {chr(65 + n % 26)}{chr(97 + n % 7)}": n}
                    for n in range(90)
                ]
                odd["families"].insert_many(family)
                client["tel-0170-5551234"]["calls"].insert_one({"minutes": 3})
            yield running
    except CantRun as why:
        missing(str(why))


@pytest.mark.parametrize("level", [Level.LOOK, Level.KNOCK, Level.USE])
def test_nothing_planted_is_kept(server: Server, level: Level, tmp_path: Path) -> None:
    left = look_at(server, level, tmp_path)
    kept = left.bytes.lower()
    for value in (*content.planted(), *KEYS, "0170-555", "-5551234", *(f'"{name} ' for name in NAMED_AFTER)):
        needle = value if isinstance(value, bytes) else value.encode()
        assert needle.lower() not in kept, value


def test_and_yet_it_was_there_to_be_seen(server: Server, tmp_path: Path) -> None:
    """The names, types and counts of the same records are kept, so the look did meet them."""
    left = look_at(server, Level.USE, tmp_path)
    (listing,) = [one["seen"] for one in left.observations if "listing" in one["seen"]["kind"]]
    bases = {base["name"]: base for base in listing["answer"]["databases"]}
    assert "‹a-9-9›" in bases
    users = next(one for one in bases["murmurpal"]["collections"] if one["name"] == "users")
    assert users["count"] == 7 * 821
    email = next(one for one in users["fields"] if one["name"] == "email")
    assert email == {"name": "email", "types": ["string"], "records": 1000, "email_like": 1000}
    families = next(one for one in bases["bears"]["collections"] if one["name"] == "families")
    assert {one["name"] for one in families["fields"]} == {"_id", "‹a a›"}


def test_the_transcript_keeps_lengths_and_hashes_only(server: Server, tmp_path: Path) -> None:
    left = look_at(server, Level.USE, tmp_path)
    entries = [entry for script in left.transcripts for entry in script.entries]
    assert sum(entry.length for entry in entries) > 10_000
    assert all(entry.kept == b"" for entry in entries)


def look_at(server: Server, level: Level, folder: Path) -> Left:
    surface = Database(id="records", where=f"mongodb://127.0.0.1:{server.port}")
    it = product([surface], [allow("127.0.0.1", level)])
    return asyncio.run(looked(it, door(it, bench(("127.0.0.1/32",)), Limits()), folder))
