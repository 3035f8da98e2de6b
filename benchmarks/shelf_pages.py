"""The shelf's gate, listing page and catalogue page through a real gunicorn, as tills and people ask.

    python -m benchmarks.shelf_pages [LISTINGS ON POSTGRESQL] [ON SQLITE]      default 100,000 and 20,000

The gate is asked 200 times a second by a clock, whatever the answers take: the time of an answer is counted
from when it should have been asked, so a queue is not hidden. Pages are asked one after the other by somebody
who is logged in. The dry run of a policy has a process of its own. PostgreSQL is at rest: vacuumed after it
was filled. Memory is the proportional set of each process at the end. The clients share the machine's cores
with what they measure.
Writes `results/shelf-pages.md`.
"""

import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.shelf.api.filled import PEOPLE, SECRET, SESSION, carry_out
from tests.shelf.process import Shelf, running

from benchmarks.results import keep
from benchmarks.shop import VARIANTS
from shelfworthy_lab import postgresql

LISTINGS = (100_000, 20_000)  # on PostgreSQL, on SQLite
RATE, SECONDS, CLIENTS = 200, 20, 32  # questions a second, for so long, by so many connections
PAGES = 200
AIMS = {"gate, p99": 20.0, "listing page, p95": 100.0, "catalogue page, p95": 200.0}  # ms
AIM_DRY_RUN = 20.0  # seconds: then it is cut off
AIM_MEMORY = 150.0  # MB of a process
FILTERS = (
    "",
    "q=bear",
    "standing=not+met",
    "standing=met&sort=changed",
    "market=DE",
    "exposed=yes",
    "q=lamp+7",
)
FILL = """
from benchmarks.shop import fill
fill({number})
"""
DRY_RUN = """
import django; django.setup()
from time import perf_counter
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.dry_run import dry_run
from shelfworthy.shelf.deciding.policy import read, shipped
from shelfworthy.shelf.models import Listing
began = perf_counter()
done = dry_run(read(shipped()), Listing.objects.all(), now(), seconds=3600)
assert done.whole and done.listings == {number} and sum(done.counts.values()), done
print(perf_counter() - began)
"""


def at(times: list[float], share: float) -> float:
    """So many of them are not above it; in ms."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ask(shelf: Shelf, client: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> bytes:
    """An answer, which has to be one."""
    client.request("GET", path, headers=headers)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status} {answer.headers}\n{body[:500]!r}")
    return body


def gate(shelf: Shelf, listings: int) -> list[float]:
    """Seconds of each answer, counted from when it should have been asked."""
    chance, taken, lock = random.Random(3), [], threading.Lock()
    questions = iter([chance.randrange(listings) for _ in range(RATE * SECONDS)])
    began, number = time.perf_counter() + 0.5, [0]

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", shelf.port, timeout=60)
        connection.connect()
        while True:
            with lock:
                one = next(questions, None)
                due = began + number[0] / RATE
                number[0] += 1
            if one is None:
                return connection.close()
            time.sleep(max(0.0, due - time.perf_counter()))
            ask(shelf, connection, f"/api/v1/gate/SKU-{one:07}", {"Authorization": f"Bearer {SECRET}"})
            taken.append(time.perf_counter() - due)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return taken


def pages(shelf: Shelf, paths: list[str], cookie: str) -> list[float]:
    """Seconds of each page, one after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", shelf.port, timeout=60)
    taken = []
    for path in paths:
        began = time.perf_counter()
        ask(shelf, connection, path, {"Cookie": f"sessionid={cookie}"})
        taken.append(time.perf_counter() - began)
    return taken


def memory(shelf: Shelf) -> float:
    """MB of the largest process of it."""
    pids = subprocess.run(
        ["pgrep", "-s", str(shelf.process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    sizes = []
    for pid in pids:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        if found:
            sizes.append(int(found[1]) / 1024)
    return max(sizes)


def measured(shelf: Shelf, listings: int) -> list[str]:
    """A row of the table."""
    carry_out(PEOPLE + FILL.format(number=listings), shelf.environment)
    cookie = carry_out(SESSION, shelf.environment).split()[-1]
    chance = random.Random(5)
    one_by_one = [f"/listings/SKU-{chance.randrange(listings):07}/" for _ in range(PAGES)]
    found = [f"/listings/?{FILTERS[number % len(FILTERS)]}" for number in range(PAGES)]
    pages(shelf, [one_by_one[0], found[0]], cookie)  # what is compiled at first is not what is measured
    asked = gate(shelf, listings)
    values = {
        "gate, p99": at(asked, 0.99),
        "listing page, p95": at(pages(shelf, one_by_one, cookie), 0.95),
        "catalogue page, p95": at(pages(shelf, found, cookie), 0.95),
    }
    told = [f"{at(asked, 0.50):.0f} ms"]
    told += [f"{value:.0f} ms{'' if value <= AIMS[name] else ' (missed)'}" for name, value in values.items()]
    size = memory(shelf)
    dry = float(carry_out(DRY_RUN.format(number=listings), shelf.environment).split()[-1])
    told.append(f"{dry:.1f} s{'' if dry <= AIM_DRY_RUN else ' (missed)'}")
    return [*told, f"{size:.0f} MB{'' if size <= AIM_MEMORY else ' (missed)'}"]


def main() -> None:
    """Measure on both, and keep the table."""
    asked = [int(one) for one in sys.argv[1:]] if sys.argv[0].endswith("shelf_pages.py") else []
    on_postgresql, on_sqlite = (*asked, *LISTINGS[len(asked) :])
    processes = str(os.cpu_count() or 1)
    rows = []
    with tempfile.TemporaryDirectory() as place:
        server = postgresql.start(Path(place) / "postgresql")
        url = f"postgresql://{postgresql.USER}@{server.host}:{server.port}/postgres"
        try:
            for name, database, listings in (("PostgreSQL", url, on_postgresql), ("SQLite", "", on_sqlite)):
                more = ("--no-worker", "--processes", processes)
                with running(Path(place) / name, database, *more) as shelf:
                    rows.append([name, f"{listings:,}", *measured(shelf, listings)])
        finally:
            server.stop()
    aims = ", ".join(f"{name} {value:.0f} ms" for name, value in AIMS.items())
    keep(
        "shelf-pages",
        "The shelf's gate and pages",
        f"The gate is asked {RATE} times a second for {SECONDS} s; {processes} processes of 8 threads "
        f"answer. Aims: {aims}, a dry run {AIM_DRY_RUN:.0f} s, a process under {AIM_MEMORY:.0f} MB. "
        f"Of each product there are {VARIANTS} listings; behind each verdict is the judgement of a real "
        "audit of the lab. PostgreSQL is at rest, not in the minute after so much was written. The dry run "
        "is that of the policy we ship, over all listings.",
        ["on", "listings", "gate, p50", *AIMS, "dry run", "largest process"],
        rows,
    )


if __name__ == "__main__":
    main()
