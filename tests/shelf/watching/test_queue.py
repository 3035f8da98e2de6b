"""Claims by lease, by many processes at once, on both databases: nothing lost, nothing done twice at once."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import HostLease, Product, Recheck
from shelfworthy.shelf.watching import hosts, queue

LASTS = timedelta(minutes=5)


def rows(number: int) -> None:
    at = now()
    made = Product.objects.bulk_create(
        Product(key=f"{n:016x}", name=f"Toy {n}", changed_at=at) for n in range(number)
    )
    Recheck.objects.bulk_create(
        Recheck(product=one, due_at=at - timedelta(seconds=n)) for n, one in enumerate(made)
    )


@pytest.mark.django_db
def test_what_has_been_due_longest_comes_first_and_each_is_claimed_once() -> None:
    rows(3)
    Recheck.objects.filter(product__key=f"{1:016x}").update(due_at=None)
    claimed = [queue.claim(Recheck, "a", LASTS) for _ in range(3)]
    assert [one.product.name for one in claimed if one] == ["Toy 2", "Toy 0"]
    assert claimed[2] is None


@pytest.mark.django_db
def test_who_has_lost_the_lease_writes_nothing() -> None:
    rows(1)
    first = queue.claim(Recheck, "a", LASTS)
    assert first is not None
    assert queue.prolong(first, LASTS)
    Recheck.objects.update(leased_until=now() - timedelta(seconds=1))
    second = queue.claim(Recheck, "b", LASTS)
    assert second is not None
    assert not queue.prolong(first, LASTS)
    assert not queue.finish(first, trouble="from a")
    assert Recheck.objects.get().leased_by == "b"
    assert queue.finish(second, trouble="from b", due_at=None)
    assert not queue.finish(second, trouble="again")
    row = Recheck.objects.get()
    assert (row.trouble, row.leased_until, row.lease, row.leased_by) == ("from b", None, "", "")


@pytest.mark.django_db
def test_hosts_are_taken_all_or_none() -> None:
    hosts.take(["b.test", "a.test"], "one", LASTS)
    with pytest.raises(hosts.Busy, match=r"b\.test"):
        hosts.take(["b.test", "c.test"], "two", LASTS)
    hosts.take(["c.test"], "three", LASTS)
    hosts.take(["a.test"], "one", LASTS)
    hosts.give_back("one")
    hosts.take(["a.test", "b.test"], "two", LASTS)


@pytest.mark.django_db
def test_a_host_of_somebody_who_died_is_free_when_the_lease_ends() -> None:
    hosts.take(["a.test"], "one", LASTS)
    HostLease.objects.update(leased_until=now())
    hosts.take(["a.test"], "two", LASTS)
    assert HostLease.objects.get().leased_by == "two"
    HostLease.objects.update(leased_until=now() - timedelta(days=2))
    hosts.forget()
    assert not HostLease.objects.exists()


WORKER = """
import random, sys, time
import django
django.setup()
from datetime import timedelta
from shelfworthy.shelf.models import Recheck
from shelfworthy.shelf.watching import hosts, queue
name, log = sys.argv[1], open(sys.argv[2], "a", buffering=1)
LASTS = timedelta(seconds=60)
random.seed(name)
busy = 0
while (row := queue.claim(Recheck, name, LASTS)) is not None:
    wanted = random.sample(["a.test", "b.test", "c.test", "d.test", "e.test"], 2)
    try:
        hosts.take(wanted, row.lease, LASTS)
    except hosts.Busy:
        busy += 1
        assert queue.finish(row), "given back"
        continue
    for host in wanted:
        log.write(f"{time.monotonic():.6f} in {host} {name}\\n")
    log.write(f"{time.monotonic():.6f} begin {row.pk} {name}\\n")
    time.sleep(random.random() / 200)
    log.write(f"{time.monotonic():.6f} end {row.pk} {name}\\n")
    assert queue.finish(row, due_at=None, tries=row.tries + 1), "finished"
    for host in wanted:
        log.write(f"{time.monotonic():.6f} out {host} {name}\\n")
    hosts.give_back(row.lease)
print("busy", busy)
"""
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.shelf.watching.test_queue import rows
rows({number})
"""
ASK = """
import django
django.setup()
from shelfworthy.shelf.models import Recheck
for row in Recheck.objects.order_by("pk"):
    print(row.pk, row.tries, row.due_at, row.lease or "free")
"""


def environment(folder: Path, url: str) -> dict[str, str]:
    named = {
        "DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings",
        "SHELFWORTHY_SHELF": str(folder),
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join([os.getcwd(), *filter(None, sys.path)]),
    }
    return os.environ | named


def ran(script: str, *told: str, of: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *told], env=of, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("base", ["sqlite", "postgresql"])
def test_several_processes_do_each_piece_once(
    base: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("fresh") if base == "postgresql" else ""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    of = environment(shelf, url)
    ran(MIGRATE.format(number=120), of=of)
    log = tmp_path / "log"
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, f"worker-{n}", str(log)],
            env=of,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    said = [worker.communicate(timeout=60) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4, said
    left = [line.split(" ") for line in ran(ASK, of=of).splitlines()]
    assert len(left) == 120
    assert {tuple(one[1:]) for one in left} == {("1", "None", "free")}
    lines = sorted(line.split(" ") for line in log.read_text().splitlines())
    began = Counter(line[2] for line in lines if line[1] == "begin")
    assert set(began.values()) == {1}, "each once"
    assert len({line[3] for line in lines if line[1] == "begin"}) > 1, "by several"
    inside: dict[str, str] = {}
    for _, what, host, who in lines:
        if what == "in":
            assert host not in inside, f"{who} and {inside[host]} at {host}"
            inside[host] = who
        elif what == "out":
            assert inside.pop(host) == who
