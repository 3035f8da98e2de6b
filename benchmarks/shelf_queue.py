"""What it costs a worker of the shelf to claim a piece of work and to give it back, the more is due.

    python -m benchmarks.shelf_queue [ROWS …]        default 1,000 10,000 100,000 1,000,000

Each shelf is a process of its own, on a fresh database (a real PostgreSQL of the lab; SQLite in a folder).
All rows are due in the same second, and some are leased to others. Writes `results/shelf-queue.md`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.results import keep
from shelfworthy_lab import postgresql

SIZES = (1_000, 10_000, 100_000, 1_000_000)
INSIDE = "--inside"
CLAIMS = 300
UNDER_WAY = 32  # looks that others are at
# Copies of the first row: each another product's, due in the same second as some others.
MANY = {"id": "it.id + n", "product_id": "it.product_id + n"}
AIM = 3.0  # times what it costs at the fewest rows, at most: flat, but for the depth of an index


def inside(rows: int) -> dict[str, float]:
    """What the measured process does, on the shelf its environment names."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.models import Product, Recheck
    from shelfworthy.shelf.watching import queue

    call_command("migrate", verbosity=0)
    at = now()
    one = Product.objects.create(key="0", name="Toy", changed_at=at)
    Recheck.objects.create(product=one, due_at=at)
    with connection.cursor() as cursor:
        numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows - 1})"
        for model, own in ((Product, {"id": f"{one.pk} + n", "key": "'toy' || n"}), (Recheck, MANY)):
            table = model._meta.db_table
            columns = [str(field.column) for field in model._meta.concrete_fields]
            values = ", ".join(own.get(name, f"it.{name}") for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) {numbers} SELECT {values} FROM n, {table} it"
                " WHERE it.id = (SELECT min(id) FROM " + table + ")"
            )
        cursor.execute("ANALYZE")
    lasts = timedelta(minutes=5)
    for _ in range(UNDER_WAY):
        queue.claim(Recheck, "another", lasts)
    claims, finishes = [], []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        row = queue.claim(Recheck, "a worker", lasts)
        claims.append(time.perf_counter() - began)
        assert row is not None
        began = time.perf_counter()
        assert queue.finish(row, due_at=at + timedelta(days=7), done_at=at)
        finishes.append(time.perf_counter() - began)
    return {
        "claim": statistics.median(claims) * 1000,
        "claim 95": statistics.quantiles(claims, n=20)[-1] * 1000,
        "finish": statistics.median(finishes) * 1000,
    }


def measured(rows: int, folder: Path, url: str) -> dict[str, float]:
    """In a process of its own."""
    folder.mkdir()
    named = {
        "DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings",
        "SHELFWORTHY_SHELF": str(folder),
        "DATABASE_URL": url,
    }
    command = [sys.executable, "-m", "benchmarks.shelf_queue", INSIDE, str(rows)]
    done = subprocess.run(command, env=os.environ | named, stdout=subprocess.PIPE, check=True)
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Measure, and write the table."""
    found: dict[str, list[dict[str, float]]] = {"PostgreSQL": [], "SQLite": []}
    with tempfile.TemporaryDirectory() as place:
        server = postgresql.start(Path(place) / "postgresql")
        try:
            for rows in sizes:
                base = f"queue_{rows}"
                postgresql.fill(server, f"CREATE DATABASE {base}")
                url = f"postgresql://{postgresql.USER}@{server.host}:{server.port}/{base}"
                found["PostgreSQL"].append(measured(rows, Path(place) / base, url))
        finally:
            server.stop()
        for rows in sizes:
            found["SQLite"].append(measured(rows, Path(place) / f"sqlite-{rows}", ""))
    table = [
        [base, f"{rows:,}", *(f"{said[name]:.2f} ms" for name in ("claim", "claim 95", "finish"))]
        for base, several in found.items()
        for rows, said in zip(sizes, several, strict=True)
    ]
    worst = {base: several[-1]["claim"] / several[0]["claim"] for base, several in found.items()}
    grew = ", ".join(f"{base} {times:.1f}" for base, times in worst.items())
    keep(
        "shelf-queue",
        "Claiming what is due",
        f"{CLAIMS} claims each, while {UNDER_WAY} leases are held. All rows are due in the same second.",
        ["database", "rows", "claim, median", "claim, p95", "giving back, median"],
        table,
        f"With {sizes[-1]:,} rows a claim costs as much as with {sizes[0]:,}, times: {grew}. Aim: {AIM:.0f}.",
    )
    if max(worst.values()) > AIM:
        raise SystemExit("A claim costs more the more is due.")


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        print(json.dumps(inside(int(sys.argv[2]))))
    else:
        main(tuple(int(word.replace(",", "")) for word in sys.argv[1:]) or SIZES)
