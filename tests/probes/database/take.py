"""Take the specimens of the database checks from real servers.

python -m tests.probes.database.take
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Database, Kind, Level, Outcome
from shelfworthy.probes import PROBES
from shelfworthy.reach import Limits, NotSeen
from shelfworthy.seen import AnySeen
from shelfworthy_lab import mongod
from shelfworthy_lab.processes import Server
from tests.harvest import write_specimen
from tests.looking import allow, bench, door, product
from tests.probes.database.states import PEOPLE, real

FAIL, PASS, OPEN, MOOT = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.MOOT
Records = list[dict[str, Any]]
Filling = dict[str, dict[str, Records]]

ONE: Records = [{"_id": "schema", "version": 7}]
THINGS: Records = [{"_id": n, "colour": "plum"} for n in range(40)]
NOTE: Records = [{"bitcoin": "1NotARea1Address", "mail": "pay@plumpost.test", "note": "Pay."}]
BEARS: Filling = {"bears": {"users": PEOPLE, "meta": ONE}}


def few(number: int) -> Records:
    return PEOPLE[:number]


# name of the specimen → what is in the server, level, and what each check must say of it
FILLED: dict[str, tuple[Filling, Level, dict[str, Outcome]]] = {
    "open": (
        BEARS,
        Level.KNOCK,
        {"database-open": FAIL, "database-ransom-traces": PASS, "database-production-copy": MOOT},
    ),
    "note": (
        BEARS | {"PLEASE_READ": {"PLEASE_READ": NOTE}},
        Level.KNOCK,
        {"database-ransom-traces": FAIL},
    ),
    "note-by-field": ({"README": {"notes": NOTE}}, Level.USE, {"database-ransom-traces": FAIL}),
    "note-by-pair": ({"CONTACTME": {"CONTACTME": NOTE}}, Level.KNOCK, {"database-ransom-traces": FAIL}),
    "note-perhaps": ({"WARNING": {"sensors": THINGS}}, Level.KNOCK, {"database-ransom-traces": OPEN}),
    "passwords-pwned": ({"pwned": {"passwords": THINGS}}, Level.KNOCK, {"database-ransom-traces": OPEN}),
    "shop-takes-bitcoin": (
        {"shop": {"payments": [{"_id": n, "bitcoin": "1NotARea1Address"} for n in range(40)]}},
        Level.USE,
        {"database-ransom-traces": PASS},
    ),
    "sensors-named-warning": (
        {"bears": {"WARNING": THINGS, "bitcoin": THINGS}},
        Level.USE,
        {"database-ransom-traces": PASS},
    ),
    "many-collections": (
        {
            "bears": {f"part_{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}": ONE for n in range(100)}
            | {"z": ONE}
        },
        Level.KNOCK,
        {"database-ransom-traces": OPEN, "database-production-copy": OPEN},
    ),
    "staging-copy": (
        BEARS | {"bears-staging": {"users": few(60), "meta": ONE}},
        Level.KNOCK,
        {"database-production-copy": FAIL},
    ),
    "staging-copy-of-people": (
        BEARS | {"bearsStaging": {"users": few(60)}},
        Level.USE,
        {"database-production-copy": FAIL},
    ),
    "staging-people": (
        BEARS | {"bears_dev": {"accounts": PEOPLE}},
        Level.USE,
        {"database-production-copy": FAIL},
    ),
    "staging-unknown": (
        BEARS | {"bears_dev": {"accounts": PEOPLE}},
        Level.KNOCK,
        {"database-production-copy": OPEN},
    ),
    "staging-below-a-tenth": (
        BEARS | {"bears-staging": {"users": few(59)}},
        Level.KNOCK,
        {"database-production-copy": PASS},
    ),
    "staging-of-things": (
        BEARS | {"bears-staging": {"fixtures": THINGS}},
        Level.USE,
        {"database-production-copy": PASS},
    ),
    "staging-same-version": (
        BEARS | {"bears-staging": {"meta": ONE}},
        Level.KNOCK,
        {"database-production-copy": FAIL},
    ),
    "staging-empty": (BEARS | {"bears-test": {"users": []}}, Level.KNOCK, {"database-production-copy": PASS}),
    "staging-alone": ({"test": {"users": few(60)}}, Level.KNOCK, {"database-production-copy": OPEN}),
    "largest-is-production": (
        {"bears": {"users": PEOPLE}, "toys": {"users": few(5)}, "test": {"users": few(100)}},
        Level.KNOCK,
        {"database-production-copy": FAIL},
    ),
}
REFUSED = {"database-open": PASS, "database-ransom-traces": OPEN, "database-production-copy": OPEN}
# state of a real server → name of the specimen and what each check must say of it
STATES: dict[str, tuple[str, dict[str, Outcome]]] = {
    "open": ("cleartext", {"database-cleartext": FAIL}),
    "open, still empty": (
        "empty",
        {"database-open": FAIL, "database-ransom-traces": PASS, "database-production-copy": MOOT},
    ),
    "--auth with users": ("users", REFUSED | {"database-cleartext": FAIL}),
    "--auth without any user": ("no-user-yet", REFUSED),
    "TLS only, open": ("tls-open", {"database-open": FAIL, "database-cleartext": PASS}),
    "TLS only, --auth with users": ("tls-users", REFUSED | {"database-cleartext": PASS}),
    "TLS only, client certificate": ("tls-client-certificate", {"database-cleartext": OPEN}),
}


# name → the command that a real mongod is told to fail (`failCommand`), its error code, the truth
FAILING: dict[str, tuple[str, int, dict[str, Outcome]]] = {
    "names-only": ("listCollections", 13, {"database-open": FAIL, "database-ransom-traces": OPEN}),
    "not-counted": ("count", 13, {"database-open": FAIL, "database-production-copy": OPEN}),
    "other-error": ("listDatabases", 8, {"database-open": OPEN}),
    "log-in-failed": ("listDatabases", 18, {"database-open": PASS}),
}


def take_failing(folder: Path, today: str) -> None:
    """The specimens of `FAILING`."""
    holding = BEARS | {"bears-test": {"users": few(5)}}
    with mongod.start(folder, name="failing", test_commands=True) as server, filled(server, holding):
        for name, (command, code, expected) in FAILING.items():
            point = {"configureFailPoint": "failCommand", "mode": "alwaysOn"}
            with mongod.connect(server) as client:
                client.admin.command(point | {"data": {"failCommands": [command], "errorCode": code}})
            seen = asyncio.run(look(server.port, Level.KNOCK))
            with mongod.connect(server) as client:
                client.admin.command(point | {"mode": "off"})
            keep(name, f"mongod 6.0.5, told to fail {command} ({code}), {today}", seen, expected)


def main() -> None:
    today = date.today().isoformat()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for version in mongod.VERSIONS:
            with real(version, folder / version) as ports:
                for state, (name, expected) in STATES.items():
                    source = f"mongod {version}, {state}, {today}"
                    seen = asyncio.run(look(ports[state], Level.KNOCK))
                    keep(f"{name}-{version.replace('.', '-')}", source, seen, expected)
        with mongod.start(folder) as server:
            for name, (filling, level, expected) in FILLED.items():
                with filled(server, filling):
                    seen = asyncio.run(look(server.port, level))
                keep(
                    name,
                    f"mongod 6.0.5, open, filled for this specimen, looked at by {level}, {today}",
                    seen,
                    expected,
                )
        take_failing(folder, today)


@contextmanager
def filled(server: Server, filling: Filling) -> Iterator[None]:
    with ExitStack() as stack:
        client = stack.enter_context(mongod.connect(server))
        for base, collections in filling.items():
            stack.callback(client.drop_database, base)
            for collection, records in collections.items():
                client[base].create_collection(collection)
                if records:
                    client[base][collection].insert_many([dict(record) for record in records])
        yield


async def look(port: int, level: Level, host: str = "127.0.0.1") -> list[AnySeen]:
    """All that the probes see, without what they could not."""
    surface = Database(id="records", where=f"mongodb://{host}:{port}")
    it = product([surface], [allow(host, level)])
    found: list[AnySeen] = []
    for probe in PROBES:
        if probe.kind is Kind.DATABASE:
            reach = door(it, bench((f"{host}/32",)), Limits()).reach(surface)
            try:
                found += [cast(AnySeen, seen) async for seen in probe.observe(surface, reach)]
            except NotSeen as gap:
                print(f"{probe.name}: {gap.words}")
    return found


def keep(name: str, source: str, seen: list[AnySeen], expected: dict[str, Outcome]) -> None:
    """Write what each check says; ValueError if it is not what was expected."""
    about = About(surface=Database(id="records", where="mongodb://records.bears.test"))
    for check, outcome in expected.items():
        reads = BY_ID[check].reads
        (one,) = (one for one in seen if isinstance(one, reads))
        print(write_specimen(check, one, about, source, name, outcome).name)


if __name__ == "__main__":
    main()
