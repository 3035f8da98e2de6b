"""New verdicts for all listings of a shelf after a rule change, and the page of a listing, on SQLite.

    python -m benchmarks.shelf_verdicts [NUMBER]        default 10,000

Each listing is another product with evidence of its own: copies of one real audit of the lab's 2018 edition
(a release's golden evidence), in which the product's name differs. What the checks said of it is remembered,
as on a shelf that runs. The rule change: passes of endpoints hold a day longer.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from benchmarks.results import keep

if TYPE_CHECKING:
    from shelfworthy.audit.judge import Court

ROUNDS = 5
PAGES = 200
PUSHES = 10
AIM = 5.0  # seconds for 10,000 listings after a rule change


def main() -> None:
    """Measure and keep the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        os.environ.update(
            SHELFWORTHY_SHELF=f"{name}/shelf",
            XDG_CACHE_HOME=f"{name}/cache",
            DJANGO_SETTINGS_MODULE="shelfworthy.shelf.settings",
        )
        measure(Path(name), number)


def measure(work: Path, number: int) -> None:
    """On a shelf of its own."""
    import django

    from shelfworthy.shelf import place

    place.prepared()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    filled(number)
    first = timed(lambda: refreshed(number, changed=number))
    again = [timed(lambda: refreshed(number, changed=0)) for _ in range(ROUNDS)]
    rules = [timed(partial(under_other_rules, number, later)) for later in range(1, ROUNDS + 1)]
    pages = page_times(number)
    one = [timed(lambda: single(number)) for _ in range(PAGES)]
    pushed = [timed(partial(push, work, turn)) for turn in range(1 + PUSHES)][1:]
    new = statistics.median(rules)
    missed = " (missed)" if new / number > AIM / 10_000 else ""
    rows = [
        ("first verdicts, answers not remembered", f"{first:.1f}", f"{number / first:,.0f}"),
        ("the same again", f"{(same := statistics.median(again)):.1f}", f"{number / same:,.0f}"),
        ("after a rule change", f"{new:.1f}{missed}", f"{number / new:,.0f}"),
    ]
    p95, slow = (statistics.quantiles(times, n=20)[-1] for times in (pages, one))
    keep(
        "shelf-verdicts",
        f"Verdicts of {number:,} listings on a shelf (SQLite)",
        "Each of another product, with 15 observations; rows, judgements and changes written. Median of "
        f"{ROUNDS}; the first once, with its events. The page of a listing, {PAGES} times through Django's "
        f"whole stack by one client: median {statistics.median(pages) * 1000:.0f} ms, "
        f"95th percentile {p95 * 1000:.0f} ms. One listing made anew: median "
        f"{statistics.median(one) * 1000:.0f} ms, 95th percentile {slow * 1000:.0f} ms. One push, opened and "
        f"judged in children: median {statistics.median(pushed) * 1000:.0f} ms of {PUSHES}.",
        ("run", "seconds", "listings a second"),
        rows,
        f"Aim: under {AIM:.0f} s for 10,000 after a rule change; a page under 100 ms at the 95th percentile.",
    )


def filled(number: int) -> None:
    """So many listings, each with evidence."""
    from benchmarks import shop
    from shelfworthy.shelf.clock import now
    from shelfworthy.shelf.models import Listing

    at = now()
    several = shop.products(number, at, ["cloudpets-2018"])
    Listing.objects.bulk_create(
        (
            Listing(sku=f"S{index}", title=one.name, product=one, created_at=at, changed_at=at)
            for index, one in enumerate(several)
        ),
        batch_size=500,
    )


def refreshed(number: int, changed: int) -> None:
    """All of them."""
    from shelfworthy.shelf.evidence.current import refresh
    from shelfworthy.shelf.models import Listing, Verdict

    assert refresh(Listing.objects.values_list("pk", flat=True)) == changed
    assert Verdict.objects.count() == number


def single(number: int) -> None:
    """One listing, as after somebody changed it."""
    from shelfworthy.shelf.evidence.current import refresh
    from shelfworthy.shelf.models import Listing

    assert refresh([Listing.objects.get(sku=f"S{number // 2}").pk]) == 0


def push(work: Path, turn: int) -> None:
    """Evidence of a product that a listing has, newly looked at."""
    import shutil

    from tests.golden import FOLDER

    from shelfworthy.audit.carrying import pack
    from shelfworthy.record import close
    from shelfworthy.shelf.evidence.intake import take_in
    from shelfworthy.shelf.models import Observer

    folder = work / f"pushed-{turn}.audit"
    shutil.copytree(FOLDER / "0.1.0" / "cloudpets-2018.audit", folder)
    product = folder / "evidence" / "product.toml"
    product.write_text(product.read_text().replace("MurmurPal Bear", f"MurmurPal Bear {turn}") + "\n")
    close(folder)
    parcel = work / f"{turn}.tar"
    with parcel.open("wb") as file:
        pack(folder, file)
    take_in(parcel, Observer.objects.get(), None)


def under_other_rules(number: int, days: int) -> None:
    """What the watch does when the rules have changed."""
    from shelfworthy.shelf.evidence import current, judging

    with mock.patch.object(judging, "COURT", f"benchmarks.shelf_verdicts:later_{days}"):
        done = 0
        while made := current.refresh_due():
            done += made
    assert done == number


def __getattr__(name: str) -> Callable[[], "Court"]:
    """`later_N`: the court by which passes of endpoints hold N days longer; a child finds it by this name."""
    before, _, days = name.partition("_")
    if before != "later":
        raise AttributeError(name)
    return partial(court_later, int(days))


def court_later(days: int) -> "Court":
    """Our court; passes of endpoints hold so many days longer."""
    from msgspec.structs import replace

    from shelfworthy.audit.judge import court
    from shelfworthy.checks import CHECKS
    from shelfworthy.guidelines import five_guidelines
    from shelfworthy.model import Kind

    rules = five_guidelines()
    lives = {**rules.shelf_life, Kind.ENDPOINT: rules.shelf_life[Kind.ENDPOINT] + days}
    return court(CHECKS, replace(rules, shelf_life=lives))


def page_times(number: int) -> list[float]:
    """How long the page of a listing takes."""
    import random

    from django.contrib.auth.models import User
    from django.test import Client
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from shelfworthy.shelf.models import Membership, Person, Role

    user = User.objects.create_user("analyst", "analyst@shop.example", "harbour kettle sorrel 91")
    Membership.objects.create(person=Person.objects.create(user=user, name="analyst"), role=Role.ANALYST)
    device = TOTPDevice.objects.create(user=user, name="phone", confirmed=True)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    dice = random.Random(1)
    times = []
    for _ in range(PAGES):
        began = time.perf_counter()
        answer = client.get(f"/listings/S{dice.randrange(number)}/")
        times.append(time.perf_counter() - began)
        assert answer.status_code == 200
        assert b"What decides against it" in answer.content
    return times


def timed(work: Callable[[], None]) -> float:
    """How many seconds it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
