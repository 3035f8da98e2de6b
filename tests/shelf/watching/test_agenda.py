"""When to look again: pure, but for what a product file permits."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelfworthy.model import Level
from shelfworthy.product.meaning import Files
from shelfworthy.product.read import parse_product
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Product, Recheck
from shelfworthy.shelf.watching import agenda
from shelfworthy.shelf.watching.agenda import CAP, LAST_AGAIN, LEAST, Known, again, moment, next_look
from shelfworthy.shelf.watching.looking import NotOurs, capped, own
from tests.shelf.watching.conftest import FILE, product

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
OPEN = Known(since=None, until=None)
KEYS = st.text(min_size=1, max_size=16)
WEEK = Known(since=NOON, until=NOON + timedelta(days=7))
DATABASE = """
[[surface]]
id = "records"
kind = "database"
where = "mongodb://db.plum.test"
owner = "maker"
"""
PERMISSION = """
[[permission]]
to = "db.plum.test"
level = "{level}"
basis = "{basis}"
person = "Ada"
until = 2999-01-01
"""


@given(KEYS)
def test_a_look_comes_in_the_last_quarter_of_the_life_and_never_after_it(key: str) -> None:
    due_at = moment(WEEK, key, NOON)
    assert NOON + timedelta(days=7) * 0.75 <= due_at <= NOON + timedelta(days=7) * 0.95
    assert due_at == moment(WEEK, key, NOON + timedelta(hours=3))


def test_what_was_seen_in_one_hour_is_not_looked_at_in_one_hour() -> None:
    hours = {moment(WEEK, f"product {number}", NOON).replace(minute=0, second=0) for number in range(200)}
    assert len(hours) > 25


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=1), KEYS, st.integers(0, 40))
def test_the_soonest_decides_within_the_cap(lives: list[tuple[int, int]], key: str, tries: int) -> None:
    known = [
        Known(since=NOON - timedelta(days=ago), until=NOON + timedelta(days=life - ago))
        for ago, life in lives
    ]
    due_at = next_look(known, key, tries, NOON, NOON)
    assert due_at is not None
    assert due_at >= NOON + LEAST if tries == 0 else due_at >= NOON + again(key, tries)
    assert due_at <= NOON + CAP
    assert due_at == next_look(reversed(known), key, tries, NOON, NOON)


def test_what_is_open_is_due_at_once_and_after_a_try_later_each_time() -> None:
    assert next_look([WEEK, OPEN], "key", 0, None, NOON) == NOON
    waits = [again("key", tries) for tries in range(1, 12)]
    assert waits[0] >= timedelta(minutes=15)
    assert waits[:7] == sorted(waits[:7])
    assert min(waits[7:]) >= LAST_AGAIN
    assert max(waits) <= LAST_AGAIN * 1.25
    assert next_look([OPEN], "key", 3, NOON, NOON) == NOON + again("key", 3)
    assert next_look([], "key", 0, None, NOON) is None


@pytest.mark.parametrize(
    ("level", "basis", "most"),
    [
        ("look", "public", Level.LOOK),
        ("knock", "own", Level.LOOK),
        ("risk", "written", Level.LOOK),
        ("look", "contract", Level.LOOK),
        ("knock", "contract", Level.KNOCK),
        ("risk", "contract", Level.KNOCK),
    ],
)
def test_only_a_contract_covers_a_knock_and_nothing_more(level: str, basis: str, most: Level) -> None:
    text = FILE + DATABASE + PERMISSION.format(level=level, basis=basis)
    it = parse_product(text, "a test", Files(None, trusted=True))
    assert [one.level for one in capped(it).permission] == [most]


@pytest.mark.django_db
@pytest.mark.parametrize("policy", ["", '[[permit]]\nto = "*"\nlevel = "knock"\n'])
@pytest.mark.parametrize("basis", ["own", "contract"])
def test_a_listing_of_databases_is_tried_where_both_files_let_it(
    shelf: Path, basis: str, policy: str
) -> None:
    if policy:
        (shelf / "policy.toml").write_text(policy)
    made = product(FILE + DATABASE + PERMISSION.format(level="knock", basis=basis))
    papers = own(made, date(2026, 11, 29))
    ways = {way.probe for way in papers.ways if way.surface == "records"}
    assert ("database-listing" in ways) == (basis == "contract" and bool(policy))
    assert papers.hosts == (frozenset({"db.plum.test"}) if ways else frozenset())


REFUSED: dict[str, tuple[Callable[[Product], object], str]] = {
    "no product file of its own": (lambda it: Product.objects.filter(pk=it.pk).update(text=""), FILE),
    "No listing offers it": (lambda it: it.listings.update(vanished_at=now()), FILE),
    "names nothing that can be looked at": (lambda it: None, FILE.partition("[[surface]]")[0]),
    "does not permit any contact with db.plum.test": (
        lambda it: None,
        FILE.partition("[[surface]]")[0] + DATABASE,
    ),
    "it is missing. Write kind": (
        lambda it: Product.objects.filter(pk=it.pk).update(text=FILE + "[[surface]]\n"),
        FILE,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("words", REFUSED)
def test_where_we_may_not_look_nothing_is_due_and_the_row_says_why(shelf: Path, words: str) -> None:
    change, text = REFUSED[words]
    made = product(text)
    change(made)
    agenda.plan(made.pk)
    recheck = Recheck.objects.get()
    assert recheck.due_at is None
    assert words in recheck.idle
    with pytest.raises(NotOurs, match=words):
        agenda.ask(Product.objects.get(pk=made.pk))


@pytest.mark.django_db
def test_a_product_that_nobody_has_looked_at_is_due_at_once(shelf: Path) -> None:
    made = product()
    agenda.plan(made.pk)
    recheck = Recheck.objects.get()
    assert (recheck.idle, recheck.due_at is not None and recheck.due_at <= now()) == ("", True)


@pytest.mark.django_db
def test_who_asks_for_a_look_gets_it_but_not_at_once_after_the_last(shelf: Path) -> None:
    made = product()
    assert agenda.ask(made) <= now()
    Recheck.objects.update(done_at=now(), due_at=now() + timedelta(days=6))
    due_at = agenda.ask(made)
    assert now() + timedelta(minutes=4) < due_at <= now() + agenda.PAUSE
