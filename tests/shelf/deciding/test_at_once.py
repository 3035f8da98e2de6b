"""Eight processes that decide on the same three listings at once, on a real PostgreSQL and on SQLite."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.shelf.deciding import clients

CLIENTS, EACH = 8, 25
SET_UP = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import triggers
from shelfworthy.shelf.models import Listing, Person
with connection.cursor() as cursor:
    for statement in (*triggers.UNPROTECTED[connection.vendor], *triggers.PROTECTED[connection.vendor]):
        cursor.execute(statement)
for number in range(3):
    Listing.objects.create(sku=f"A-{number}", title="Bear", created_at=now(), changed_at=now())
print(*(Person.objects.create(name=f"person {number}").pk for number in range(CLIENTS)))
""".replace("CLIENTS", str(CLIENTS))
ASKED = """
import json
from shelfworthy.shelf.deciding.chain import verify
from shelfworthy.shelf.models import Decision, Entry, Event
print(json.dumps({
    "wrong": verify(),
    "decisions": list(Decision.objects.order_by("number").values_list("number", "listing__sku", "action")),
    "events": Event.objects.count(),
    "entries": Entry.objects.count(),
}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The environment of a new and empty shelf on this database."""
    if request.param == "sqlite":
        return clients.environment(tmp_path, "")
    url: str = request.getfixturevalue("postgres")
    name = f"chain_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
    return clients.environment(tmp_path, url.rpartition("/")[0] + f"/{name}")


@pytest.mark.lab
def test_no_decision_is_lost_doubled_or_out_of_chain(shelf: dict[str, str]) -> None:
    people = clients.run(SET_UP, shelf).split()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.shelf.deciding.clients", person, str(seed), str(EACH)],
            env=shelf,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed, person in enumerate(people)
    ]
    told: list[list[object]] = []
    conflicts = 0
    for client in running:
        out, err = client.communicate(timeout=110)
        assert client.returncode == 0, err[-3000:]
        for line in out.splitlines():
            if line == "conflict":
                conflicts += 1
            else:
                number, sku, action = line.split()
                told.append([int(number), sku, action])
    found = json.loads(clients.run(ASKED, shelf))
    assert found["wrong"] == []
    assert sorted(told) == found["decisions"]
    assert found["decisions"][-1][0] == len(told) == found["events"] == found["entries"] == CLIENTS * EACH
    assert conflicts, "the clients never met: nothing was shown"
