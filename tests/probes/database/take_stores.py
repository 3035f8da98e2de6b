"""Take the specimens of the database checks from real stores of other kinds, and from fixtures named as such.

python -m tests.probes.database.take_stores [KIND…]     else all of them; the filled ones always
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Database, Level, Outcome
from shelfworthy.reach import fuse
from shelfworthy_lab import elasticsearch, mariadb, postgresql, pouchdb, redis
from shelfworthy_lab.processes import Server
from tests.harvest import write_specimen
from tests.probes.database import http_stores as fixtures
from tests.probes.database.stores import CHECKS, FAIL, MARK, MORE, OPEN, PASS, Truth, running
from tests.probes.database.stores_told_apart import look_at, read
from tests.servers import serving
from tests.truth_matrix import SERVERS, expected, of_state, server

OPENED, CLEAR, RANSOM, COPY = CHECKS
Expected = Mapping[str, Outcome]
NOTE = 'create database "bears"; create database readme_to_recover'
NOTES = "create database PLEASE_READ_ME_VVV\ncreate table PLEASE_READ_ME_VVV.WARNING (id int)"
STAGING = {"bears": 600, "bears-staging": 60}
FEW = {"bears": 600, "bears-test": 40}
KEYS = {"crackit": FAIL, "PLEASE_READ": FAIL, "backup1": OPEN}
# name → records by index or database, what that is, and what must be said of it
Filled = Mapping[str, tuple[dict[str, int], str, Expected]]
INDICES: Filled = {
    "elasticsearch-note": ({"read_me_to_recover_database": 1}, "a note", {RANSOM: FAIL}),
    "elasticsearch-perhaps": ({"read_me": 1}, "an index read_me", {RANSOM: OPEN}),
    "elasticsearch-staging": (STAGING, "a copy", {COPY: FAIL}),
    "elasticsearch-staging-alone": ({"toys": 40, "bears-staging": 20}, "a test index alone", {COPY: OPEN}),
}
DATABASES: Filled = {
    "couchdb-staging": (STAGING, "a copy", {COPY: FAIL}),
    "couchdb-staging-few": (FEW, "few test records", {COPY: PASS}),
}
ABOUT = About(surface=Database(id="records", where="redis://records.bears.test"))


async def main(kinds: Sequence[str]) -> None:
    fuse.arm(lambda host: host.startswith("127."))  # the lab speaks to its own servers between the looks
    today = date.today().isoformat()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for kind in kinds or MORE:
            truth = usual(kind) | MORE[kind]
            wanted = {state: dict(zip(CHECKS, says, strict=True)) for state, says in truth.items()}
            sources = {state: f"{of_state(kind, state)}, {today}" for state in truth}
            async with running(kind, folder / kind, more=True) as places:
                there = {state: places[state] for state in truth}
                await keep(there, wanted, sources, f"{kind}-", folder / f"{kind}-audit")
        async with filled(folder / "filled") as (places, asked, told):
            sources = {state: f"{words}, {today}" for state, words in told.items()}
            await keep(places, asked, sources, "", folder / "filled-audit")


def usual(kind: str) -> dict[str, Truth]:
    """The matrix' own states that are such a store."""
    states = ("open", "password", "TLS only")
    told = expected()[kind]
    return {state: tuple(Outcome(told[state][check]) for check in CHECKS) for state in states}  # type: ignore[misc]


@asynccontextmanager
async def filled(folder: Path) -> AsyncIterator[tuple[dict[str, str], dict[str, Expected], dict[str, str]]]:
    """Stores with something particular in them: where, what must be said, and what they are."""
    places: dict[str, str] = {}
    wanted: dict[str, Expected] = {}
    sources: dict[str, str] = {}
    async with AsyncExitStack() as stack:

        def real(name: str, scheme: str, at: Server, kind: str, what: str, says: Expected) -> None:
            places[name] = f"{scheme}://{at.host}:{at.port}"
            wanted[name], sources[name] = says, f"{server(SERVERS[kind])}, {what}"

        async def fixture(name: str, scheme: str, store: fixtures.Store, what: str, says: Expected) -> None:
            at = await stack.enter_async_context(serving(fixtures.serve(store), "127.0.0.1"))
            places[name] = f"{scheme}://127.0.0.1:{at.port}"
            wanted[name], sources[name] = says, f"fixture: {what}"

        for key, says in KEYS.items():
            name = f"redis-key-{key.lower().replace('_', '-')}"
            at = stack.enter_context(redis.start(folder, name=name))
            redis.fill(at, [("SET", "session:1", "plum"), ("SET", key, "plum")])
            real(name, "redis", at, "Redis", f"open, with a key {key}", {RANSOM: says})
        at = stack.enter_context(postgresql.start(folder, name="postgresql-note"))
        for statement in NOTE.split("; "):
            postgresql.fill(at, statement)
        real("postgresql-note", "postgresql", at, "PostgreSQL", "open, with a note", {RANSOM: FAIL})
        at = stack.enter_context(mariadb.start(folder, name="mariadb-note", sql=NOTES))
        real("mariadb-note", "mysql", at, "MariaDB", "open, with a note", {RANSOM: FAIL})
        for name, (held, what, asked) in INDICES.items():
            at = stack.enter_context(elasticsearch.start(folder, name=name))
            elasticsearch.fill(at, records(held))
            real(name, "elasticsearch+http", at, "Elasticsearch", f"open, with {what}", asked)
        for name, (held, what, asked) in DATABASES.items():
            at = stack.enter_context(pouchdb.start(folder, name=name))
            pouchdb.fill(at, records(held))
            real(name, "couchdb+http", at, "CouchDB", f"open, with {what}", asked)
        store, what = fixtures.elasticsearch_of_few_rights, "Elasticsearch, an empty list"
        await fixture("elasticsearch-shows-nothing", "elasticsearch+http", store, what, {OPENED: OPEN})
        yield places, wanted, sources


def records(held: Mapping[str, int]) -> dict[str, list[dict[str, int]]]:
    return {name: [{"plum": number} for number in range(count)] for name, count in held.items()}


async def keep(
    places: Mapping[str, str],
    wanted: Mapping[str, Expected],
    sources: Mapping[str, str],
    prefix: str,
    folder: Path,
) -> None:
    """Look at all of them at once, and write what each check says; ValueError if that was not expected."""
    left = await look_at(places, folder, Level.KNOCK)
    for one in read(left.folder):
        plain = f"{prefix}{one.surface}".lower().removesuffix(MARK)
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        for check, outcome in wanted[one.surface].items():
            if isinstance(one.seen, BY_ID[check].reads):
                print(write_specimen(check, one, ABOUT, sources[one.surface], slug, outcome))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
