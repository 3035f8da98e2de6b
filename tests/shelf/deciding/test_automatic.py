"""What the policy does without being asked, and what it leaves alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shelfworthy.model import Severity
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import policies, rounds
from shelfworthy.shelf.deciding.automatic import consider, consider_all
from shelfworthy.shelf.deciding.chain import decide, verify
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.models import Action, Decision, Event, Listing, Person, Role, State
from tests.shelf.deciding.builders import finding, found, judgement, listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(person: Callable[..., Person]) -> Person:
    """Who switched the shipped policy on."""
    one = person(Role.ADMINISTRATOR)
    policies.switch_on(policies.keep(shipped(), one), one)
    return one


def state() -> str:
    return Listing.objects.get().state


def test_without_a_policy_nothing_happens() -> None:
    one = listing()
    assert consider(one, found(one, judgement(exposed=[finding()])), now()) is None


def test_a_critical_exposure_is_held_at_once(owner: Person) -> None:
    one = listing()
    made = consider(one, found(one, judgement(exposed=[finding()])), now())
    assert made is not None
    assert (made.action, made.rule, made.person) == (Action.HOLD, "critical-exposure", owner)
    assert made.policy == policies.in_force()
    assert state() == State.HELD
    assert consider(one, found(one, judgement(exposed=[finding()])), now()) is None
    assert verify() == []


def test_a_lesser_one_is_not(owner: Person) -> None:
    one = listing()
    assert consider(one, found(one, judgement(exposed=[finding(severity=Severity.HIGH)])), now()) is None


def test_what_people_reinstated_is_not_held_again_for_the_same_findings(owner: Person) -> None:
    one, open_data = listing(for_children=True), finding()
    verdict = found(one, judgement(exposed=[open_data]))
    assert consider(one, verdict, now())
    decide(one.pk, Action.REINSTATE, "checked", "", owner, expected=State.HELD)
    assert consider(one, verdict, now()) is None
    assert state() == State.LISTED
    more = found(one, judgement(exposed=[open_data], weak=[finding("password-defaults", "same")]))
    again = consider(one, more, now())
    assert again is not None
    assert again.rule == "critical-exposure"
    assert state() == State.HELD


def test_a_better_verdict_puts_nothing_back(owner: Person) -> None:
    one = listing()
    consider(one, found(one, judgement(exposed=[finding()])), now())
    assert consider(one, found(one, judgement()), now()) is None
    assert state() == State.HELD


def test_the_supplier_is_asked_once_after_ninety_days(owner: Person) -> None:
    one, at = listing(), now()
    for days in (89, 90):
        verdict = found(one, judgement(), undetermined_since=at - timedelta(days=days))
        assert consider(one, verdict, at) is None
        assert consider(one, verdict, at) is None
    assert Event.objects.get().kind == "supplier to be asked"
    assert not Decision.objects.exists()


def test_the_round_does_what_days_and_a_new_policy_do(owner: Person) -> None:
    at = now()
    old, bad, fine = listing("A-1"), listing("A-2"), listing("A-3")
    found(old, judgement(), undetermined_since=at - timedelta(days=90))
    found(bad, judgement(exposed=[finding()]))
    found(fine, judgement(), undetermined_since=at)
    assert rounds.due(at)
    assert rounds.go_over(at) == 1
    assert not rounds.due(at)
    assert rounds.due(at + timedelta(days=1))
    assert rounds.go_over(at) == 0
    assert sorted(Event.objects.values_list("kind", "listing__sku")) == [
        ("decision made", "A-2"),
        ("supplier to be asked", "A-1"),
    ]
    assert Decision.objects.get().listing == bad


def test_without_a_policy_there_is_no_round() -> None:
    assert not rounds.due(now())
    assert rounds.go_over(now()) == 0


def test_many_at_once_are_considered_as_one_by_one(owner: Person) -> None:
    changed = []
    for number in range(40):
        one = listing(f"A-{number}", "DE", for_children=number % 2 == 0)
        weak = [finding("password-defaults", surface=f"s{number}")] if number % 4 == 0 else []
        changed.append((one, found(one, judgement(weak=weak))))
    with CaptureQueriesContext(connection) as asked:
        made = consider_all([one for one in changed if one[0].pk % 4 != changed[0][0].pk % 4], now())
    assert made == []
    assert len(asked) <= 3
    assert [one.listing.sku for one in consider_all(changed, now())] == [f"A-{n}" for n in range(0, 40, 4)]
    assert consider_all(changed, now()) == []
