"""Faults, done for real: the shelf is killed in an import, PostgreSQL while people decide.

The seed of each run is printed, and SHELF_SEED repeats one.
"""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shelfworthy_lab import postgresql
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, spawn, wait_for_port
from tests.needs import missing
from tests.shelf.api.filled import SECRET, carry_out, fill
from tests.shelf.process import PATIENCE, Shelf, running

pytestmark = pytest.mark.lab
ROWS, CLIENTS, LISTINGS = 3000, 8, 4
AT_LEAST = 15  # decisions before and after each kill
HEADERS = {"Authorization": f"Bearer {SECRET}"}
CSV = {**HEADERS, "Content-Type": "text/csv"}
JSON = {**HEADERS, "Content-Type": "application/json"}
CATALOGUE = b"sku,title,markets\n" + b"".join(b"K%d,Thing %d,DE AT\n" % (one, one) for one in range(ROWS))
COUNT = """
import django; django.setup()
from shelfworthy.shelf.models import Listing
kept = Listing.objects.filter(sku__startswith="K", vanished_at=None)
print(kept.count(), kept.values("sku").distinct().count(), kept.filter(markets__code="AT").count())
"""
NUMBERS = """
import json
import django; django.setup()
from shelfworthy.shelf.deciding.chain import verify
from shelfworthy.shelf.models import Decision
rows = Decision.objects.order_by("number").values_list("number", "words")
print(json.dumps({"rows": list(rows), "wrong": verify()}))
"""


def seeded() -> random.Random:
    seed = int(os.environ.get("SHELF_SEED", "0")) or random.SystemRandom().getrandbits(32)
    print(f"SHELF_SEED={seed}")
    return random.Random(seed)


def counts(shelf: Shelf) -> tuple[int, int, int]:
    kept, names, tied = map(int, carry_out(COUNT, shelf.environment).split())
    return kept, names, tied


def killed_in_an_import(shelf: Shelf, moment: float, key: str) -> float:
    """Kill all of it so many seconds into an import. key: of idempotency, "" for none."""
    headers = CSV | ({"Idempotency-Key": key} if key else {})
    sent = threading.Thread(target=shelf.ask, args=("POST", "/api/v1/imports", CATALOGUE, headers))
    sent.start()
    time.sleep(moment)
    shelf.kill()
    sent.join(60)
    shelf.start()
    return moment


def kill_imports(shelf: Shelf, times: int) -> None:
    chance = seeded()
    began = time.monotonic()
    status, _ = shelf.ask("POST", "/api/v1/imports", CATALOGUE.replace(b"K", b"L"), CSV)
    whole = time.monotonic() - began
    assert status == 201
    for number in range(times):
        key = f"import-{number}" if number % 2 else ""
        moment = killed_in_an_import(shelf, chance.uniform(0.02, whole), key)
        kept, names, tied = counts(shelf)
        assert kept == names == tied <= ROWS, f"killed after {moment:.3f} s"  # whole rows, none twice
        assert shelf.get("/health") == 200
        status, body = shelf.ask(
            "POST", "/api/v1/imports", CATALOGUE, CSV | ({"Idempotency-Key": key} if key else {})
        )
        assert status == 201, body
        assert counts(shelf) == (ROWS, ROWS, ROWS), f"killed after {moment:.3f} s"
        empty = b"sku,title\nOTHER,Thing\n"  # and all of them vanish again
        assert shelf.ask("POST", "/api/v1/imports", empty, CSV)[0] == 201
        assert counts(shelf)[0] == 0
    assert shelf.command("shelf", "check").returncode == 0


@pytest.mark.slow
def test_killed_in_the_middle_of_an_import(tmp_path: Path) -> None:
    with running(tmp_path / "shelf", "", "--no-worker") as shelf:
        fill(shelf, [])
        kill_imports(shelf, 2)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
def test_killed_at_ten_moments_of_an_import(tmp_path: Path, on: str, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue("new_database") if on == "postgresql" else ""
    with running(tmp_path / "shelf", database, "--no-worker") as shelf:
        fill(shelf, [])
        kill_imports(shelf, 10)


class Database:
    """A PostgreSQL that is killed and comes back, at the same place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.server: Server = postgresql.start(folder)
        self.url = f"postgresql://{postgresql.USER}@{self.server.host}:{self.server.port}/postgres"
        self._command = Path(f"/proc/{self._pid()}/cmdline").read_bytes().decode().split("\0")[:-1]
        self._program = os.readlink(f"/proc/{self._pid()}/exe")

    def _pid(self) -> int:
        return int(self.server.pid_file.read_text().split()[0])

    def kill(self) -> None:
        """As a machine dies, but for what its kernel had been given."""
        pid = self._pid()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)  # it is our child: until then its lock seems to be held

    def back(self) -> None:
        """Start it where it was; it recovers from its log."""
        command = [*postgresql._somebody(), self._program, *self._command[1:]]
        for _ in range(100):  # its children end by themselves, and hold its memory until they have
            pid_file = spawn("postgresql", command, self._folder)
            self.server = Server(self.server.host, self.server.port, pid_file)
            try:
                wait_for_port(
                    self.server.host, self.server.port, pid_file, self._folder / "logs" / "postgresql.log"
                )
            except CantRun:
                time.sleep(0.2)
                continue
            if postgresql._ready(self.server):
                return
        raise AssertionError((self._folder / "logs" / "postgresql.log").read_text()[-2000:])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    try:
        one = Database(tmp_path / "postgresql")
    except CantRun as why:
        missing(str(why))
    try:
        yield one
    finally:
        one.server.stop()


class Decider(threading.Thread):
    """A client that decides, and asks again under the same key until it has a definite answer."""

    def __init__(self, shelf: Shelf, number: int, stop: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self._shelf, self._number, self._stop_it = shelf, number, stop
        self._chance = random.Random(seed)
        self.made: dict[str, int] = {}  # number of the decision by the words it was made with
        self.statuses: Counter[int] = Counter()
        self.wrong: list[bytes] = []

    def run(self) -> None:
        turn = 0
        while not self._stop_it.is_set():
            turn += 1
            words = f"client {self._number} turn {turn}"
            hold = self._chance.random() < 0.5
            sku = f"F{self._chance.randrange(LISTINGS)}"
            body: dict[str, Any] = {
                "verdict": self._read(sku),
                "action": "hold" if hold else "reinstate",
                "expected": "listed" if hold else "held",
                "reason": "a test",
                "words": words,
            }
            self._ask(f"/api/v1/listings/{sku}/decisions", body, words)

    def _read(self, sku: str) -> str:
        while True:
            status, said = self._shelf.ask("GET", f"/api/v1/listings/{sku}/verdict", None, JSON)
            if status == 200:
                return str(json.loads(said)["digest"])
            time.sleep(self._chance.uniform(0.01, 0.2))

    def _ask(self, path: str, body: dict[str, Any], words: str) -> None:
        headers = JSON | {"Idempotency-Key": words.replace(" ", "-")}
        while True:
            status, said = self._shelf.ask("POST", path, json.dumps(body).encode(), headers)
            self.statuses[status] += 1
            if status == 201:
                self.made[words] = json.loads(said)["decision"]["number"]
                return
            if status == 409 and b"Still running" not in said:
                return  # somebody else was first
            if status not in (0, 409, 500, 502, 503):
                self.wrong.append(said)
                return
            time.sleep(self._chance.uniform(0.01, 0.2))


def until_decided(clients: list[Decider], many: int) -> None:
    """Wait until so many decisions were answered, on a slow machine too."""
    ends = time.monotonic() + PATIENCE
    while sum(len(client.made) for client in clients) < many:
        assert time.monotonic() < ends, [client.statuses for client in clients]
        time.sleep(0.05)


def decide_while_it_stops(shelf: Shelf, database: Database, outages: list[float]) -> None:
    chance = seeded()
    catalogue = b"sku,title\n" + b"".join(b"F%d,Thing\n" % one for one in range(LISTINGS))
    assert shelf.ask("POST", "/api/v1/imports", catalogue, CSV)[0] == 201
    stop = threading.Event()
    clients = [Decider(shelf, one, stop, chance.getrandbits(32)) for one in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for number, seconds in enumerate(outages, 1):
            until_decided(clients, number * AT_LEAST)
            time.sleep(chance.uniform(0.5, 2))
            database.kill()
            time.sleep(seconds)
            assert shelf.get("/health") == 503
            database.back()
        until_decided(clients, (len(outages) + 1) * AT_LEAST)
    finally:
        stop.set()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda client: client.join(60), clients))
    assert shelf.get("/health") == 200
    found = json.loads(carry_out(NUMBERS, shelf.environment).splitlines()[-1])
    assert found["wrong"] == []
    written = {words: number for number, words in found["rows"]}
    answered = {words: number for client in clients for words, number in client.made.items()}
    statuses = sum((client.statuses for client in clients), Counter())
    print(
        f"{len(answered)} decisions were answered, {len(written)} are in the chain; statuses {dict(statuses)}"
    )
    assert [client.wrong for client in clients if client.wrong] == []
    assert len(written) == len(found["rows"])  # none doubled
    assert written == answered  # none lost, none that nobody was told of


def test_postgresql_is_killed_while_clients_decide(tmp_path: Path, database: Database) -> None:
    with running(tmp_path / "shelf", database.url, "--no-worker", "--processes", "2") as shelf:
        fill(shelf, [])
        decide_while_it_stops(shelf, database, [1.0])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_postgresql_is_away_for_thirty_seconds_and_killed_at_ten_moments(
    tmp_path: Path, database: Database
) -> None:
    with running(tmp_path / "shelf", database.url, "--no-worker", "--processes", "2") as shelf:
        fill(shelf, [])
        decide_while_it_stops(shelf, database, [30.0, *([1.0] * 9)])
