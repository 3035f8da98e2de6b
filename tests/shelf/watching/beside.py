"""Programs that tests run beside themselves, each with the shelf its environment names:

python -m tests.shelf.watching.beside WHAT …
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any


def environment(folder: Path, url: str, **more: str) -> dict[str, str]:
    """Of a process of its own. url: of the database; "": SQLite in the folder."""
    named = {
        "DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings",
        "SHELFWORTHY_SHELF": str(folder),
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join([os.getcwd(), *filter(None, sys.path)]),
    }
    return os.environ | named | more


def begun(of: dict[str, str], *told: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.shelf.watching.beside", *told]
    return subprocess.Popen(command, env=of, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ran(of: dict[str, str], *told: str) -> Any:
    """What it says at its end, as JSON."""
    process = begun(of, *told)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def prepare(rows: str) -> object:
    """An empty database; so many products that are due, and nothing else."""
    from django.core.management import call_command

    from tests.shelf.watching.test_queue import rows as made

    call_command("migrate", verbosity=0)
    made(int(rows))
    return None


def toy(hook: str) -> object:
    """An empty database with the toy, and somebody who is told by a webhook."""
    from django.core.management import call_command

    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.models import Membership, Person, Role, Subscription
    from tests.shelf.watching.conftest import product

    call_command("migrate", verbosity=0)
    product()
    ada = Person.objects.create(name="Ada")
    Membership.objects.create(person=ada, role=Role.ANALYST)
    Subscription.objects.create(channel="webhook", to=hook, secret="s", person=ada, made_at=now())
    return None


def due() -> object:
    """The toy's next look is due."""
    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.models import Product, Recheck
    from shelfworthy.shelf.watching import agenda

    agenda.plan(Product.objects.get().pk)
    Recheck.objects.update(due_at=now())
    return None


def worker(lease: str) -> object:
    """A worker, until nothing is due. lease: seconds it lasts."""
    from shelfworthy.shelf.watching import delivering
    from shelfworthy.shelf.watching import worker as it

    it.LEASE = delivering.LEASE = timedelta(seconds=int(lease))
    print("ready", flush=True)
    it.work(once=True)
    return None


def forever() -> object:
    """A worker until it is told to stop, quick to come back."""
    from shelfworthy.shelf.watching import worker as it

    it.LEASE, it.AWAY, it.IDLE = timedelta(seconds=2), 0.3, 0.2
    print("ready", flush=True)
    it.work()
    return None


def pushed(number: str) -> object:
    """What whoever takes in evidence of the toy does to its rows, so many times, each time for a second."""
    from django.db import transaction

    from shelfworthy.shelf.evidence.current import refresh
    from shelfworthy.shelf.models import Listing
    from shelfworthy.shelf.watching import agenda

    listing = Listing.objects.get()
    assert listing.product is not None
    print("ready", flush=True)
    for _ in range(int(number)):
        with transaction.atomic():
            refresh([listing.pk])
            time.sleep(1)
            agenda.plan(listing.product.pk)
        time.sleep(0.1)
    return None


def kept(number: str) -> object:
    """A worker that looks at the toy so many times, one after the other."""
    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.models import Recheck
    from shelfworthy.shelf.watching import worker as it

    one = it.Worker()
    print("ready", flush=True)
    for _ in range(int(number)):
        Recheck.objects.update(due_at=now())
        one.look_again()
        time.sleep(0.2)
    one.close()
    return None


def toys(number: str) -> object:
    """An empty database with so many toys that are due, of one name."""
    from django.core.management import call_command

    from shelfworthy.shelf.watching import agenda
    from tests.shelf.watching.conftest import FILE, product

    call_command("migrate", verbosity=0)
    for one in range(int(number)):
        agenda.plan(product(FILE.replace("MurmurPal bear", f"Bear {one}"), f"B-{one}").pk)
    return None


def burst(address: str) -> object:
    """All that is due, on a cluster."""
    from shelfworthy.shelf.watching.burst import burst as it

    it(address)
    return None


def looked() -> object:
    """Of each toy: how often it was looked at, whether it is due later, its trouble and lease."""
    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.models import Recheck

    return [
        [one.product.audits.count(), one.due_at is not None and one.due_at > now(), one.trouble, one.lease]
        for one in Recheck.objects.order_by("pk")
    ]


def how() -> object:
    """How things stand."""
    from shelfworthy.record import verify
    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.evidence.current import rolled_for
    from shelfworthy.shelf.evidence.kept import audits
    from shelfworthy.shelf.evidence.rolling import Rolled
    from shelfworthy.shelf.models import Audit, Change, Delivery, Event, HostLease, Recheck, Verdict
    from shelfworthy.shelf.watching import worker as it

    recheck = Recheck.objects.get()
    verdict = Verdict.objects.select_related("listing").first()
    if verdict is None:
        return {"later": False, "audits": 0, "changes": 0}
    (fresh,) = rolled_for([verdict.listing], now())
    assert isinstance(fresh, Rolled)
    folders = list(audits().glob("*/*.audit"))
    return {
        "audits": Audit.objects.count(),
        "broken": [str(one) for one in folders if verify(one).problems],
        "exposed": verdict.exposed,
        "fresh": (verdict.standing, verdict.answers) == (fresh.standing, fresh.answers),
        "changes": Change.objects.count(),
        "told": sorted(Event.objects.values_list("once", flat=True)),
        "unsent": Delivery.objects.filter(sent_at=None).count(),
        "lease": recheck.lease,
        "later": recheck.due_at is not None and recheck.due_at > now(),
        "trouble": recheck.trouble,
        "hosts": HostLease.objects.filter(leased_until__gt=now()).count(),
        "left": [one.name for one in it.looks().iterdir()],
    }


def claims(name: str, log: str) -> object:
    """Do what is due, with two of five hosts each, and write down what was done when."""
    import random

    from shelfworthy.shelf.models import Recheck
    from shelfworthy.shelf.watching import hosts, queue

    lasts, rng = timedelta(seconds=60), random.Random(name)
    with open(log, "a", buffering=1) as file:

        def note(*words: object) -> None:
            file.write(f"{time.monotonic():.6f} {' '.join(map(str, words))} {name}\n")

        while (row := queue.claim(Recheck, name, lasts)) is not None:
            wanted = rng.sample(["a.test", "b.test", "c.test", "d.test", "e.test"], 2)
            try:
                hosts.take(wanted, row.lease, lasts)
            except hosts.Busy:
                assert queue.finish(row), "given back"
                continue
            for host in wanted:
                note("in", host)
            note("begin", row.pk)
            time.sleep(rng.random() / 200)
            note("end", row.pk)
            assert queue.finish(row, due_at=None, tries=row.tries + 1), "finished"
            for host in wanted:
                note("out", host)
            hosts.give_back(row.lease)
    return None


def left() -> object:
    """What became of each piece of work."""
    from shelfworthy.shelf.models import Recheck

    return [[one.pk, one.tries, one.due_at is None, one.lease] for one in Recheck.objects.order_by("pk")]


PROGRAMS: dict[str, Callable[..., object]] = {
    one.__name__: one
    for one in (prepare, toy, toys, due, worker, pushed, kept, forever, burst, looked, how, claims, left)
}

if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(PROGRAMS[sys.argv[1]](*sys.argv[2:])))
