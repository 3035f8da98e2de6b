"""How fast, and how rightly, are the states of a MongoDB server told apart? Beside nmap's mongodb-databases.

    python -m benchmarks.mongodb

Every state of `tests/probes/database/states.py` in every version the lab has, one target at a time: one whole
look (both probes, evidence written), the median of `ROUNDS`. nmap runs in the same run where it is installed.
Writes `results/mongodb.md`.
"""

import asyncio
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.looking import allow, bench, door, look_only, product
from tests.probes.database.states import OTHERS, REAL, others, real
from tests.specimen import outcome

from benchmarks.results import keep
from shelfworthy.audit.findings import answers
from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Database, Outcome
from shelfworthy.reach import Limits, fuse
from shelfworthy.record.load import OBSERVATION
from shelfworthy_lab import mongod

ROUNDS = 5
AIM = 100.0  # milliseconds, where the target answers
QUIET = frozenset({"no MongoDB: web server", "no MongoDB: TLS web server", "hangs"})  # these do not answer
WORDS = ("right", "wrong", "left open")
OPEN = BY_ID["database-open"]


@dataclass(frozen=True)
class Row:
    """One target: what is true of it, what we and nmap (None: not installed) said, in how many ms."""

    version: str
    state: str
    truth: Outcome
    ours: Outcome
    our_ms: float
    theirs: Outcome | None
    their_ms: float


async def measured(version: str, state: str, truth: Outcome, port: int, nmap: str | None) -> Row:
    """Look at one target, alone."""
    times, said = [], Outcome.INCONCLUSIVE
    for _ in range(1 if state in QUIET else ROUNDS):
        with tempfile.TemporaryDirectory() as place:
            began = time.perf_counter()
            said = await ours(port, Path(place))
            times.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    theirs = await asyncio.to_thread(nmaps, nmap, port) if nmap else None
    their_ms = (time.perf_counter() - began) * 1000
    return Row(version, state, truth, said, statistics.median(times), theirs, their_ms)


async def ours(port: int, folder: Path) -> Outcome:
    """What `database-open` says after one look with the limits every audit has."""
    surface = Database(id="records", where=f"mongodb://127.0.0.1:{port}")
    it = product([surface], [allow("127.0.0.1")])
    await look_only(it, door(it, bench(("127.0.0.1/32",)), Limits()), folder)
    seen = [
        OBSERVATION.decode(path.read_bytes()) for path in (folder / "evidence/observations").glob("*.json")
    ]
    of = [one for one in seen if isinstance(one.seen, OPEN.reads)]
    if not of:
        return Outcome.INCONCLUSIVE
    return outcome([said for one in of for said in answers(OPEN, one, About(surface=surface))])


def nmaps(nmap: str, port: int) -> Outcome:
    """What nmap's script says: databases listed, an error about authorisation, or nothing."""
    # "+" makes the script run although the port is not 27017.
    command = [nmap, "-Pn", "-n", "-p", str(port), "--script", "+mongodb-databases", "127.0.0.1"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout
    if "mongodb-databases" not in said:
        return Outcome.INCONCLUSIVE
    if any(word in said.lower() for word in ("unauthorized", "not authorized", "requires authentication")):
        return Outcome.PASS
    return Outcome.FAIL if "databases" in said.partition("mongodb-databases")[2] else Outcome.INCONCLUSIVE


async def run(nmap: str | None) -> list[Row]:
    """All rows."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for version in mongod.VERSIONS:
            with real(version, Path(place) / version) as ports:
                for state, (truth, _) in REAL.items():
                    rows.append(await measured(version, state, truth, ports[state], nmap))
        async with others(Path(place) / "others") as ports:
            for state, (truth, _) in OTHERS.items():
                rows.append(await measured("–", state, truth, ports[state], nmap))
    return rows


def verdict(truth: Outcome, said: Outcome | None) -> str:
    """right, wrong or left open; "" where nobody said anything."""
    if said is None:
        return ""
    return "right" if said is truth else "left open" if said is Outcome.INCONCLUSIVE else "wrong"


def line(row: Row) -> tuple[str, ...]:
    """One row of the table."""
    theirs = (verdict(row.truth, row.theirs), f"{row.their_ms:.0f}") if row.theirs else ("–", "–")
    return (
        row.version,
        row.state,
        row.truth,
        verdict(row.truth, row.ours),
        f"{row.our_ms:.0f}",
        *theirs,
    )


def sums(rows: Sequence[Row]) -> Iterator[str]:
    """What it comes to."""
    for name, said in (("shelfworthy", [row.ours for row in rows]), ("nmap", [row.theirs for row in rows])):
        words = [verdict(row.truth, one) for row, one in zip(rows, said, strict=True)]
        if any(words):
            yield f"{name}: " + ", ".join(f"{words.count(word)} {word}" for word in WORDS) + "."
    slowest = max(row.our_ms for row in rows if row.state not in QUIET)
    yield f"The slowest of ours that answers: {slowest:.0f} ms (aim: under {AIM:.0f} ms)."


def main() -> None:
    fuse.arm(lambda host: host in {"127.0.0.1", "localhost"})  # the lab's own servers, while no look runs
    nmap = shutil.which("nmap")
    rows = asyncio.run(run(nmap))
    peer = "nmap is not installed here"
    if nmap:
        said = subprocess.run([nmap, "--version"], capture_output=True, text=True, check=True).stdout
        peer = said.partition(" (")[0] + " with its script mongodb-databases"
    what = (
        f"Ours: one whole look, evidence written, median of {ROUNDS}; what does not answer, once."
        f" Right means: as `database-open` must answer. Beside it {peer}; it gives no verdict, so a listing,"
        " even an empty one, is read as fail and an error about authorisation as pass."
    )
    head = ("mongod", "state", "truth", "shelfworthy", "ms", "nmap", "ms")
    keep(
        "mongodb",
        "MongoDB: told apart, and how fast",
        what,
        head,
        [line(row) for row in rows],
        "\n".join(sums(rows)),
    )


if __name__ == "__main__":
    main()
