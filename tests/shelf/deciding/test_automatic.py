"""What the policy does without being asked, and what it leaves alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shelfworthy.model import Severity
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import policies
from shelfworthy.shelf.deciding.automatic import consider
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
