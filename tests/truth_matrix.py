"""The truth matrix: each kind of store and broker in each state a stranger may meet it in, beside the truth.

python -m tests.truth_matrix        writes docs/truth-matrix.md

The truth was written down first, in `truth_matrix.toml`; the answers come from looks at servers.
"""

import asyncio
import re
import subprocess
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, AnySurface, Broker, Database, Level
from shelfworthy.reach import Limits, fuse
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.broker import states as brokers
from tests.probes.database import stores
from tests.probes.database.stores_told_apart import read
from tests.specimen import outcome

PAGE = Path(__file__).parents[1] / "docs" / "truth-matrix.md"
TRUTH = Path(__file__).with_name("truth_matrix.toml")
LIMITS = Limits(silence=1.0)

# What stands behind a kind: the Debian package of the real server, or words; "" where none can be had.
SERVERS = {
    "MongoDB": "mongod 6.0.5",
    "Redis": "redis-server",
    "PostgreSQL": "postgresql-15",
    "MariaDB": "mariadb-server",
    "MySQL": "MySQL 5.7.29",
    "Elasticsearch": "Elasticsearch 1.5.2",
    "CouchDB": "PouchDB Server 4.2.0",
    "Firebase": "",
    "MQTT": "mosquitto",
    "AMQP": "rabbitmq-server",
    "CoAP": "libcoap3-bin",
}
# The states that are fixtures, and after what.
LOGIN = ("password", "TLS only")
FIXTURES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "Elasticsearch": (LOGIN, "Elasticsearch 7 and 8 and OpenSearch 2, after their documentation"),
    "CouchDB": (LOGIN, "CouchDB 3, after its documentation"),
    "Firebase": (("open", *LOGIN, "other port"), "Firebase Realtime Database, after its documentation"),
    "CoAP": (("password", "other protocol"), "after RFC 7252"),
}
# The states of the brokers' own table that the matrix asks for.
BROKERS: Mapping[str, Mapping[str, str]] = {
    "MQTT: mosquitto": {"TLS only": "TLS only, password", "other protocol": "other protocol: web server"},
    "AMQP: RabbitMQ": {
        "open": "open to guest",
        "TLS only": "TLS only, password",
        "other protocol": "other protocol: mosquitto",
    },
    "CoAP: libcoap": {
        "password": "password (fixture)",
        "TLS only": "DTLS only",
        "other protocol": "other protocol: echo (fixture)",
    },
}
# RabbitMQ lets nobody in without a name: what opens it to all is its published guest, which takes `use`.
LEVELS = {"AMQP": Level.USE}
CLOSED = {"closed": "nobody listens"}


class Row(msgspec.Struct, frozen=True):
    """One cell."""

    kind: str
    state: str
    check: str
    expected: str
    answer: str

    @property
    def grade(self) -> str:
        """`right`, `wrong`, `left open`: inconclusive although more was expected."""
        if self.answer == self.expected:
            return "right"
        return "left open" if self.answer == "inconclusive" else "wrong"

    @property
    def words(self) -> str:
        """What the cell of the table says."""
        if self.grade == "right":
            return "left open, as expected" if self.answer == "inconclusive" else f"right: {self.answer}"
        return f"**{self.grade}**: {self.answer}, expected {self.expected}"


def expected() -> dict[str, dict[str, dict[str, str]]]:
    """What must be said: kind → state → check → answer."""
    told = tomllib.loads(TRUTH.read_text())
    return {
        kind: {state: usual | own.get(state, {}) for state, usual in group["states"].items()}
        for group in told.values()
        for kind, own in group["kinds"].items()
    }


async def measured(kind: str, folder: Path) -> tuple[list[Row], Left]:
    """The rows of one kind, from a look at all its states, and what that left, also about the states that
    are not the matrix'. Raises CantRun."""
    truth = expected()[kind]
    own: Mapping[str, str] = {}
    if kind in stores.STARTS:
        async with stores.running(kind, folder / "servers", more=kind in stores.MORE) as places:
            surfaces: list[AnySurface] = [Database(id=state, where=where) for state, where in places.items()]
            left = await look_at(surfaces, folder / "audit")
    else:
        name = next(name for name in brokers.MATRIX if name.startswith(f"{kind}:"))
        own = CLOSED | dict(BROKERS[name])
        async with brokers.running(name, folder / "servers") as places:
            surfaces = [Broker(id=state, where=where) for state, where in places.items()]
            left = await look_at(surfaces, folder / "audit", LEVELS.get(kind, Level.KNOCK))
    by_id = {surface.id: surface for surface in surfaces}
    of_matrix = {state: by_id[own.get(state, state)] for state in truth}
    return list(rows(kind, truth, of_matrix, left)), left


async def look_at(surfaces: list[AnySurface], folder: Path, level: Level = Level.KNOCK) -> Left:
    """One audit of all of them at once, as somebody who may knock, or more."""
    it = product(surfaces, [allow("127.0.0.0/8", level)])
    return await looked(it, door(it, bench(("127.0.0.0/8",)), LIMITS), folder)


def rows(
    kind: str, truth: Mapping[str, Mapping[str, str]], surfaces: Mapping[str, AnySurface], left: Left
) -> Iterator[Row]:
    """Every cell: what a check says of what was seen there; inconclusive where nothing was."""
    observations = read(left.folder)
    for state, surface in surfaces.items():
        seen = [one for one in observations if one.surface == surface.id]
        for check, wanted in truth[state].items():
            known = BY_ID[check]
            read_here = [one for one in seen if isinstance(one.seen, known.reads)]
            said = [told for one in read_here for told in answers(known, one, About(surface=surface))]
            answer = outcome(said).value if said else "inconclusive"
            yield Row(kind=kind, state=state, check=check, expected=wanted, answer=answer)


def page(all_rows: Mapping[str, list[Row]]) -> str:
    """The page, without ports and times."""
    lines = [
        "# The truth matrix: stores and brokers",
        "",
        "*Generated by `python -m tests.truth_matrix` from looks at the servers named; not edited by hand.*",
        "",
        "What the checks answer somebody who may knock (AMQP: may log in, as the published guest) and has no",
        "password of his own, beside what was written down in",
        "`tests/truth_matrix.toml` beforehand. What the states mean stands there. *Left open, as expected*",
        "is an inconclusive answer where a stranger cannot know more: silence never clears. Of firmware",
        "speaks the [firmware matrix](firmware-matrix.md), of Bluetooth the [radio matrix](radio-matrix.md).",
        "",
        "| kind | looked at |",
        "|---|---|",
        *(f"| {kind} | {behind(kind)} |" for kind in all_rows),
    ]
    for kind, found in all_rows.items():
        checks = list(dict.fromkeys(row.check for row in found))
        lines += ["", f"## {kind}", "", "| state | " + " | ".join(f"`{one}`" for one in checks) + " |"]
        lines += ["|---" * (len(checks) + 1) + "|"]
        for state in dict.fromkeys(row.state for row in found):
            cells = [row.words for row in found if row.state == state]
            named = f"{state}{stores.MARK}" if state in FIXTURES.get(kind, ((), ""))[0] else state
            lines.append(f"| {named} | " + " | ".join(cells) + " |")
    grades = Counter(row.grade for found in all_rows.values() for row in found)
    waiting = sum(row.words == "left open, as expected" for found in all_rows.values() for row in found)
    lines += ["", "## Count", "", f"right: {grades['right']}, of which left open as expected: {waiting}; "]
    lines[-1] += f"wrong: {grades['wrong']}; left open against expectation: {grades['left open']}."
    return "\n".join(lines) + "\n"


def behind(kind: str) -> str:
    """What stands behind a kind, fixtures named as such."""
    states, after = FIXTURES.get(kind, ((), ""))
    real = [server(SERVERS[kind])] if SERVERS[kind] else []
    return "; ".join([*real, *([f"fixture for {', '.join(states)}: {after}"] if states else [])])


def of_state(kind: str, state: str) -> str:
    """What stands behind one state, as a specimen names it. Those of no matrix are marked `(fixture)`."""
    states, after = FIXTURES.get(kind, ((), ""))
    if state in states or state.endswith(stores.MARK):
        return f"fixture: {after}, {state.removesuffix(stores.MARK)}"
    return f"{server(SERVERS[kind])}, {state}"


def server(name: str) -> str:
    """A real server with its version, a fixture by its words."""
    if " " in name:
        return name
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=False
    )
    version = re.match(r"(\d+:)?([\d.]+)", found.stdout)
    return f"{name} {version[2]} (Debian)" if version else f"{name} (Debian)"


def without_versions(text: str) -> str:
    """A page as it is on every machine."""
    return re.sub(r" \d+(\.\d+)+", " N", text)


def main() -> None:
    fuse.arm(lambda host: host.startswith("127."))  # the lab speaks to its own servers between the looks
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: asyncio.run(measured(kind, Path(folder) / kind))[0] for kind in expected()}
    PAGE.write_text(page(found))
    print(PAGE)


if __name__ == "__main__":
    main()
