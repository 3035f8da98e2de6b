"""Import a catalogue into the shelf, and look for listings in it as people do.

    python -m benchmarks.shelf_catalogue [LISTINGS ON POSTGRESQL] [ON SQLITE]      default 100,000 and 20,000

Each shelf is a process of its own, on a fresh database (a real PostgreSQL of the lab; SQLite in a folder).
A file of the whole catalogue is imported, imported again as it is, and once more with a twentieth of its rows
changed. Half of the listings get a verdict: that of real audits of the lab, but for those that are met.
Then somebody who is logged in asks for pages: every mix of the filters below, with sorts, words and further
pages; the time is that of the whole request through Django, without the network.
Writes `results/shelf-catalogue.md`.
"""

import html
import io
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.results import keep
from shelfworthy_lab import postgresql

LISTINGS = (100_000, 20_000)  # on PostgreSQL, on SQLite
INSIDE = "--inside"
PAGES = 400
AIM_PAGE = 200  # ms, p95
REAL = 60  # audits whose judgements the verdicts rest on
MAKERS, CATEGORIES, MARKETS = 400, 12, ("DE", "AT", "CH", "FR", "UK", "NL")
NOUNS = ("bear", "camera", "lamp", "watch", "speaker", "doll", "robot", "car", "scale", "lock")
HOW = ("plush", "smart", "small", "talking", "night", "garden", "pocket", "first")


def catalogue(listings: int, changed: int = 0) -> bytes:
    """A file of so many listings; the first `changed` of them with another firmware."""
    seed = random.Random(7)  # the same file each time
    out = io.StringIO()
    out.write("sku,gtin,title,maker,category,for_children,markets,firmware,app,product\n")
    for number in range(listings):
        maker, noun = seed.randrange(MAKERS), seed.choice(NOUNS)
        title = f"{seed.choice(HOW)} {noun} {seed.randrange(10_000)}".capitalize()
        sold = " ".join(seed.sample(MARKETS, seed.randint(1, 3)))
        firmware = f"{1 + (number < changed)}.{seed.randrange(10)}"
        children = seed.choice(("yes", "no", ""))
        kind = f"category {seed.randrange(CATEGORIES)}"
        out.write(
            f"SKU-{number:07},{gtin(number)},{title},Maker {maker},{kind},{children},{sold},{firmware},,"
            f"{noun} {seed.randrange(listings // 4 + 1)}\n"
        )
    return out.getvalue().encode()


def gtin(number: int) -> str:
    """Thirteen digits with their check digit (GS1 General Specifications, section 7.9)."""
    digits = f"40{number:010}"
    return digits + str(-sum(int(it) * (3, 1)[at % 2] for at, it in enumerate(reversed(digits))) % 10)


def queries() -> list[str]:
    """What people look for: each filter alone, mixes that find little, words that are rare or everywhere."""
    found = ["", "sort=changed", "sort=maker", "sort=sku", "vanished=", "vanished=yes"]
    found += [f"standing={it}" for it in ("not+met", "cannot+determine", "met", "nobody+looked")]
    found += ["state=held", "state=withdrawn", "exposed=yes", "exposed=yes&children=yes&sort=changed"]
    found += [f"category=category+{it}&standing=not+met" for it in range(0, CATEGORIES, 3)]
    found += [f"market={it}&standing=cannot+determine&sort=changed" for it in MARKETS]
    found += [f"maker=Maker+{it}" for it in range(0, MAKERS, 60)]
    found += [
        f"q={it}" for it in ("bear", "talking+doll", "sku-00123", "4000000012", "maker+17", "nosuchword")
    ]
    found += ["q=lamp&market=CH&exposed=yes&children=no&category=category+3", "q=robot+77&standing=met"]
    return found


def inside(listings: int) -> dict[str, float]:
    """What the measured process does, on the shelf its environment names."""
    import django

    django.setup()
    from django.core.management import call_command

    from shelfworthy.shelf.catalogue.importing import run
    from shelfworthy.shelf.catalogue.rows import Form

    call_command("migrate", verbosity=0)
    who, client = somebody()
    said: dict[str, float] = {}
    part = listings // 20
    for name, changed, counts in (
        ("first", 0, (listings, 0)),
        ("again", 0, (0, 0)),
        ("changed", part, (0, part)),
    ):
        content = catalogue(listings, changed)
        began = time.perf_counter()
        done = run(io.BytesIO(content), name, who, Form.CSV)
        said[name] = listings / (time.perf_counter() - began)
        assert (done.state, done.wrong, done.vanished) == ("done", 0, 0)
        assert (done.inserted, done.changed) == counts
    look_at_half(who)
    said |= pages(client)
    began = time.perf_counter()
    size = sum(content.count(b"\n") for content in client.get("/listings.csv?vanished=").streaming_content)
    assert size == listings + 1
    said["saved"] = listings / (time.perf_counter() - began)
    said["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return said


def somebody() -> tuple[Any, Any]:
    """Somebody who may import, and a client where this person is logged in with both factors."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from shelfworthy.shelf.models import Membership, Person, Role

    user = User.objects.create_user("bench")
    who = Person.objects.create(user=user, name="Bench")
    Membership.objects.create(person=who, role=Role.ANALYST)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    session = client.session
    session["otp_device_id"] = TOTPDevice.objects.create(user=user, name="phone").persistent_id
    session.save()
    return who, client


def look_at_half(who: Any) -> None:  # noqa: ANN401 - a Person, whose module needs Django set up
    """Give half of the listings a verdict, hold and withdraw some, let a few vanish, hide two findings."""
    from django.db import connection

    from benchmarks import shop
    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.evidence import current
    from shelfworthy.shelf.models import Listing, Marking, Standing, State, Verdict

    seed, at = random.Random(11), now()
    numbers = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    judged = shop.products(REAL, at)
    looked_at = numbers[: len(judged)]
    for number, product in zip(looked_at, judged, strict=True):
        Listing.objects.filter(pk=number).update(product=product)
    current.refresh(looked_at)
    real = {
        standing: list(Verdict.objects.filter(listing__in=looked_at, standing=standing))
        for standing in (Standing.NOT_MET, Standing.UNDETERMINED)
    }
    verdicts = []
    for number in seed.sample(numbers[len(judged) :], len(numbers) // 2 - len(judged)):
        standing = seed.choices((Standing.NOT_MET, Standing.UNDETERMINED, Standing.MET), (15, 65, 20))[0]
        one = shop.of(seed.choice(real.get(standing) or real[Standing.UNDETERMINED]), number)
        one.standing, one.exposed = standing, one.exposed and seed.random() < 0.1
        verdicts.append(one)
    Verdict.objects.bulk_create(verdicts, batch_size=2000)
    for one in [it for it in verdicts if it.failing][:2]:
        Marking.objects.create(key=one.failing[0], groups=["role:decider"])
    for state, part in ((State.HELD, 50), (State.WITHDRAWN, 100)):
        some = seed.sample(numbers, len(numbers) // part)
        for first in range(0, len(some), 2000):
            Listing.objects.filter(pk__in=some[first : first + 2000]).update(state=state)
    Listing.objects.filter(pk__in=seed.sample(numbers, len(numbers) // 200)).update(vanished_at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself within a minute


def pages(client: Any) -> dict[str, float]:  # noqa: ANN401 - Django's
    """Milliseconds of pages, of which so many in a hundred are faster."""
    times: list[tuple[float, str]] = []
    asked = queries()

    def look(query: str) -> str:
        began = time.perf_counter()
        answer = client.get(f"/listings/?{query}")
        times.append(((time.perf_counter() - began) * 1000, query))
        assert answer.status_code == 200
        further = re.search(rb'rel="next" href="[^"?]*\?([^"]*)"', answer.content)
        return html.unescape(further[1].decode()) if further else ""

    for query in asked:
        look(query)
    times.clear()  # that compiled templates and filled caches
    for number in range(PAGES):
        if (more := look(asked[number % len(asked)])) and number % 2:
            look(more)
    times.sort()
    for slow, query in times[:-9:-1]:
        print(f"{slow:.0f} ms: {query}", file=sys.stderr)
    return {f"p{part}": times[len(times) * part // 100][0] for part in (50, 95, 99)}


def measured(folder: Path, listings: int, url: str = "") -> dict[str, float]:
    """What a process of its own measures on a fresh shelf."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "SHELFWORTHY_SHELF": str(folder),
        "DJANGO_SETTINGS_MODULE": "shelfworthy.shelf.settings",
    }
    folder.mkdir()
    command = [sys.executable, "-m", "benchmarks.shelf_catalogue", INSIDE, str(listings)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def row(name: str, listings: int, said: dict[str, float]) -> tuple[str, ...]:
    """A line of the table."""
    rates = (f"{said[it]:,.0f}" for it in ("first", "again", "changed", "saved"))
    return (f"{name}, {listings:,}", *rates, *(f"{said[it]:.0f}" for it in ("p50", "p95", "p99", "memory")))


def main() -> None:
    """Measure and keep the table."""
    if sys.argv[1:2] == [INSIDE]:
        print(json.dumps(inside(int(sys.argv[2]))))
        return
    on_postgresql, on_sqlite = (*map(int, sys.argv[1:]), *LISTINGS[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        with postgresql.start(place / "postgresql") as server:
            url = f"postgresql://{postgresql.USER}@{server.host}:{server.port}/postgres"
            rows = [row("PostgreSQL", on_postgresql, measured(place / "one", on_postgresql, url))]
        rows.append(row("SQLite", on_sqlite, measured(place / "two", on_sqlite)))
    keep(
        "shelf-catalogue",
        "The shelf's catalogue: importing it, and finding listings in it",
        f"CSV into a new shelf; then {PAGES} requests and more, of {len(queries())} mixes of filters, words "
        "and sorts, further pages among them, through Django without the network.",
        (
            "listings",
            "first import, rows/s",
            "the same again, rows/s",
            "a twentieth changed, rows/s",
            "saved as CSV, rows/s",
            "page p50 ms",
            "p95 ms",
            "p99 ms",
            "peak MB",
        ),
        rows,
        f"Aims: a page's p95 under {AIM_PAGE:.0f} ms; 100,000 rows imported in well under a minute.",
    )


if __name__ == "__main__":
    main()
