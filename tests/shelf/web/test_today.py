"""Today's page: its numbers against the rows, market by market, and what a reader may not know of."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Change, Listing, Marking, Person, Recheck, Role, Standing, Verdict
from shelfworthy.shelf.web.today import today
from tests.shelf.deciding import builders
from tests.shelf.world import CHECKS, World, world

pytestmark = pytest.mark.django_db
N, U, M, X = Standing.NOT_MET, Standing.UNDETERMINED, Standing.MET, Standing.NONE


@pytest.fixture
def shelf(person: Callable[..., Person]) -> World:
    return world(person)


def test_the_numbers_are_those_of_the_rows(shelf: World, person: Callable[..., Person]) -> None:
    found = today(person(Role.VIEWER), now())
    assert found.standings == {N: 2, U: 1, M: 1, X: 1}
    assert (found.listings, found.untied, found.held) == (5, 1, 1)
    assert [one.listing.sku for one in found.changes.rows] == ["T-1"]  # type: ignore[attr-defined]
    assert (found.changes.number, found.decisions.number, found.proposals.number) == (1, 1, 1)
    assert [one.sku for one in found.long_open.rows] == ["T-3"]  # type: ignore[attr-defined]
    assert (found.due.overdue, found.due.now) == (1, 1)
    assert [count for _, count in found.due.days[:4]] == [0, 1, 1, 0]
    assert dict(found.failing.checks) == dict.fromkeys(CHECKS, 2)
    assert found.failing.whole


def test_what_is_of_another_market_is_not_told(shelf: World, person: Callable[..., Person]) -> None:
    found = today(person(Role.ADMINISTRATOR, "de"), now())
    assert found.listings == found.held == found.due.now == found.untied == 0
    lists = (found.changes, found.decisions, found.proposals, found.long_open)
    assert [(one.rows, one.number) for one in lists] == [([], 0)] * 4
    assert found.failing.checks == ()
    assert not any(any(counts.values()) for _, counts in found.weeks)


def test_a_listing_of_two_markets_is_one(shelf: World, person: Callable[..., Person]) -> None:
    two = person(Role.VIEWER, "UK", "FR")
    shelf.listings[0].markets.add(*two.membership.markets.all())
    assert today(two, now()).standings == {N: 2, U: 1, M: 1, X: 1}


def test_what_vanished_is_no_longer_counted(shelf: World, person: Callable[..., Person]) -> None:
    Listing.objects.filter(sku="T-1").update(vanished_at=now())
    assert today(person(Role.VIEWER), now()).standings[N] == 1


def test_walking_back_over_changes_gives_what_was(shelf: World, person: Callable[..., Person]) -> None:
    """Against the plain way: for each day, replay every listing's changes until then."""
    at = now()
    weeks = today(person(Role.VIEWER), at).weeks
    assert weeks[-1][1] == today(person(Role.VIEWER), at).standings
    for day, counts in weeks:
        plain = dict.fromkeys(Standing, 0)
        for one in Listing.objects.filter(created_at__date__lte=day):
            last = Change.objects.filter(listing=one, at__date__lte=day).order_by("-at").first()
            plain[Standing(last.after) if last else X] += 1
        assert counts == plain, day
    assert len({tuple(counts.values()) for _, counts in weeks}) > 4


def test_what_is_hidden_is_nowhere_on_the_page(
    shelf: World, person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    key = builders.finding(CHECKS[0]).key
    for one in Verdict.objects.filter(standing=N):
        one.failing = [key]
        one.save()
    Marking.objects.create(key=key, groups=["role:decider"], until=now() + timedelta(days=9))
    hidden, told = today(person(Role.VIEWER), now()), today(person(Role.DECIDER), now())
    assert hidden.standings == {N: 0, U: 3, M: 1, X: 1}
    assert hidden.changes.number == 0
    assert hidden.failing.checks == ()
    assert not any(counts[N] for _, counts in hidden.weeks)
    assert told.standings == {N: 2, U: 1, M: 1, X: 1}
    assert told.failing.checks == ((CHECKS[0], 2),)
    page = entered(person(Role.VIEWER)).get("/").content.decode()
    assert CHECKS[0] not in page


def test_the_longest_open_are_in_an_order_that_tells_nothing(
    shelf: World, person: Callable[..., Person]
) -> None:
    """One that is covered stands where it would if it were open, and not behind those that are."""
    at = now()
    key = builders.finding(CHECKS[0]).key
    Marking.objects.create(key=key, groups=["role:decider"], until=at + timedelta(days=9))
    for sku, days in (("T-1", 200), ("T-2", 95)):
        Verdict.objects.filter(listing__sku=sku).update(failing=[key])
        Change.objects.filter(listing__sku=sku).update(at=at - timedelta(days=days))
    assert Verdict.objects.get(listing__sku="T-3").undetermined_since is not None  # for 100 days
    hidden, told = today(person(Role.VIEWER), at), today(person(Role.DECIDER), at)
    assert [one.sku for one in hidden.long_open.rows] == ["T-1", "T-3", "T-2"]  # type: ignore[attr-defined]
    assert [one.sku for one in told.long_open.rows] == ["T-3"]  # type: ignore[attr-defined]


def test_a_mark_that_ended_hides_nothing(shelf: World, person: Callable[..., Person]) -> None:
    for key in Verdict.objects.get(listing__sku="T-1").failing:
        Marking.objects.create(key=key, groups=[], until=now() - timedelta(seconds=1))
    assert today(person(Role.VIEWER), now()).standings[N] == 2


def test_more_listings_are_not_more_questions(
    shelf: World, person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    client = entered(person(Role.ADMINISTRATOR))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as said:
            assert client.get("/").status_code == 200
        return len(said)

    asked()
    before = asked()
    at = now()
    for number in range(60):
        one = Listing.objects.create(sku=f"M-{number}", title="More", created_at=at, changed_at=at)
        one.markets.set(shelf.listings[0].markets.all())
        Verdict.objects.create(
            listing=one, standing=N, judged_at=at, judged=shelf.listings[0].verdict.judged, failing=["0" * 64]
        )
        Change.objects.create(listing=one, at=at, before=X, after=N, because="evidence")
    assert asked() == before <= 30


def test_an_empty_shelf_says_what_to_do_first(
    person: Callable[..., Person], entered: Callable[[Person], Client]
) -> None:
    page = entered(person(Role.ADMINISTRATOR)).get("/").content.decode()
    assert "Import your catalogue first" in page
    assert "/listings/import/" in page
    assert "/listings/import/" not in entered(person(Role.VIEWER)).get("/").content.decode()
    assert not Recheck.objects.exists()


def test_a_token_is_told_the_same_numbers_and_whose_it_is(
    shelf: World, person: Callable[..., Person], token: Callable[..., str]
) -> None:
    def asked(path: str, of: str) -> dict[str, object]:
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {of}"})
        assert answer.status_code == 200
        said: dict[str, object] = answer.json()
        return said

    all_of_it, none_of_it = token(person(Role.VIEWER)), token(person(Role.ANALYST, "de"))
    assert asked("today", all_of_it)["standings"] == {N: 2, U: 1, M: 1, X: 1}
    assert set(asked("today", none_of_it)["standings"].values()) == {0}  # type: ignore[attr-defined]
    me = asked("me", none_of_it)
    assert (me["role"], me["markets"]) == ("analyst", ["de"])
