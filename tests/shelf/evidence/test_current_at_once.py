"""Who waits for a listing reads its verdict as it was left, on a real PostgreSQL."""

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


@pytest.mark.lab
def test_who_waited_reads_what_the_other_wrote(new_database: str, tmp_path: Path) -> None:
    said = clients.run(PROGRAM, clients.environment(tmp_path, new_database))
    assert said.splitlines() == ["True nobody looked {} met", "1 day, 0:00:00 nobody looked"]
