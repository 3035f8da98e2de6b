"""Rows of verdicts on a real PostgreSQL: who waits for a listing reads its verdict as it was left."""

from pathlib import Path

import pytest

from tests.shelf.deciding import clients

PROGRAM = """
import threading, time
from datetime import timedelta
from django.core.management import call_command
from django.db import connection, transaction
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.evidence.current import refresh
from shelfworthy.shelf.models import Listing, Verdict

call_command("migrate", verbosity=0)
early = now()
late = early + timedelta(days=2)
bear = Listing.objects.create(sku="BEAR", title="Bear", created_at=early, changed_at=early)
refresh([bear.pk], early)
held = threading.Event()

def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0

def another():
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=bear.pk)
        held.set()
        while not somebody_waits():
            time.sleep(0.01)
        Verdict.objects.filter(listing=bear).update(judged_at=late, standing="met", answers={"a": "met"})
    connection.close()

thread = threading.Thread(target=another)
thread.start()
held.wait()
refresh([bear.pk], early + timedelta(days=1))
thread.join()
row = Verdict.objects.get()
print(row.judged_at == late, row.standing, row.answers, row.listing.changes.get().before)
refresh([bear.pk], late + timedelta(days=1))  # says the same, a day later
row.refresh_from_db()
print(row.judged_at - late, row.standing)
"""
KEPT = """
from django.core.management import call_command
from shelfworthy.shelf.evidence.rolling import Rolled
from shelfworthy.shelf.evidence.rows import keep_judged
from shelfworthy.shelf.models import Judged, Standing

call_command("migrate", verbosity=0)
made = {
    name: Rolled(
        standing=Standing.MET, answers={}, exposed=False, failing=(), evidence_digest="", rules_digest="",
        until=None, judged=name, content=b"\\0\\xff" + name.encode(), against={"a.b": "critical"},
    )
    for name in ("one", "two")
}
first = keep_judged({"one": made["one"]})
both = keep_judged(made)
print(both["one"] == first["one"], sorted(both))
print([(bytes(one.content), one.against) for one in Judged.objects.order_by("digest")])
"""


@pytest.mark.lab
def test_judgements_are_kept_once(new_database: str, tmp_path: Path) -> None:
    said = clients.run(KEPT, clients.environment(tmp_path, new_database))
    assert said.splitlines() == [
        "True ['one', 'two']",
        str([(b"\0\xff" + name, {"a.b": "critical"}) for name in (b"one", b"two")]),
    ]


@pytest.mark.lab
def test_who_waited_reads_what_the_other_wrote(new_database: str, tmp_path: Path) -> None:
    said = clients.run(PROGRAM, clients.environment(tmp_path, new_database))
    assert said.splitlines() == ["True nobody looked {} met", "1 day, 0:00:00 nobody looked"]
