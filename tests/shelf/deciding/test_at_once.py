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
from shelfworthy.model import digest
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import triggers
from shelfworthy.shelf.models import Listing, Membership, Person, Policy, Verdict
with connection.cursor() as cursor:
    for statement in (*triggers.UNPROTECTED[connection.vendor], *triggers.PROTECTED[connection.vendor]):
        cursor.execute(statement)
people = [Person.objects.create(name=f"person {number}") for number in range(CLIENTS)]
for person in people:
    Membership.objects.create(person=person, role="decider")
for number in range(3):
    one = Listing.objects.create(sku=f"A-{number}", title="Bear", created_at=now(), changed_at=now())
    Verdict.objects.create(listing=one, standing="not met", failing=[f"key {number}"], judged_at=now())
rule = '[[rule]]\\nid = "a"\\nif = { standing = "not met" }\\nthen = "hold"\\nreason = "not met"\\n'
Policy.objects.create(
    text=rule, digest=digest(rule.encode()), person=people[0], made_at=now(), active_from=now()
)
print(*(person.pk for person in people))
""".replace("CLIENTS", str(CLIENTS))
PROPOSED = """
from shelfworthy.shelf.deciding.reading import known
from shelfworthy.shelf.models import Proposal
for one in Listing.objects.all():
    Proposal.objects.create(
        listing=one, action="withdraw", before="listed", seen=known(one, one.verdict), reason="because",
        person=people[0], because="tried", at=now(),
    )
"""
ASKED = """
import json
from shelfworthy.shelf.deciding.chain import verify
from shelfworthy.shelf.deciding.at_the_gate import look_up
from shelfworthy.shelf.models import Decision, Entry, Event, Listing, Person
def as_django(one):
    it = [look_up(Person.objects.first(), one.sku, "") for _ in range(3)][-1]  # the last as planned before
    last = one.decisions.order_by("number").last()
    return (
        (it.listing.state, it.listing.parts, it.verdict.answers, it.verdict.judged_at)
        == (one.state, one.parts, one.verdict.answers, one.verdict.judged_at)
        and (it.last.number, it.last.at, it.last.finding_keys) == (last.number, last.at, last.finding_keys)
    )
print(json.dumps({
    "wrong": verify(),
    "decisions": list(Decision.objects.order_by("number").values_list("number", "listing__sku", "action")),
    "events": Event.objects.count(),
    "gate": [as_django(one) for one in Listing.objects.all()],
    "entries": Entry.objects.filter(action__startswith="decision: ").count(),
}))
"""


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.slow), "postgresql"])
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


def run_all(tasks: list[list[str]], env: dict[str, str]) -> tuple[list[list[object]], int]:
    """The decisions that all of them were told are made, and how often one was told otherwise."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.shelf.deciding.clients", *task],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for task in tasks
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
    return told, conflicts


@pytest.mark.lab
def test_no_decision_is_lost_doubled_or_out_of_chain(shelf: dict[str, str]) -> None:
    people = clients.run(SET_UP, shelf).split()
    deciding = [["decide", person, str(seed), str(EACH)] for seed, person in enumerate(people)]
    told, conflicts = run_all([*deciding, ["verdicts", "20"]], shelf)
    found = json.loads(clients.run(ASKED, shelf))
    assert found["wrong"] == []
    assert found["gate"] == [True] * 3
    assert sorted(told) == found["decisions"]
    assert found["decisions"][-1][0] == len(told) == found["events"] == found["entries"]
    assert len(told) >= CLIENTS * EACH
    assert conflicts, "the clients never met: nothing was shown"


@pytest.mark.lab
def test_a_proposal_is_seconded_once(shelf: dict[str, str]) -> None:
    people = clients.run(SET_UP + PROPOSED, shelf).split()
    told, conflicts = run_all([["second", person] for person in people[1:]], shelf)
    found = json.loads(clients.run(ASKED, shelf))
    assert found["wrong"] == []
    assert sorted(told) == found["decisions"]
    assert [sku for _, sku, _ in sorted(told, key=str)].count("A-0") == 1
    assert len(told) == 3
    assert conflicts == 3 * (CLIENTS - 1) - 3
