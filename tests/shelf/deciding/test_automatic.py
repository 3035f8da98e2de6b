"""What the policy does without being asked, and what it leaves alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from shelfworthy.model import Severity
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import parts, policies, rounds
from shelfworthy.shelf.deciding.automatic import consider, consider_all, covering
from shelfworthy.shelf.deciding.chain import decide, verify
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.models import Action, Decision, Event, Listing, Market, Person, Role, State
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


def in_markets() -> dict[str, str]:
    one = Listing.objects.get()
    current = parts.of(one.state, one.parts)
    return {
        market.code: str(parts.state_of(current, parts.scope_of([market.code], (), ())))
        for market in one.markets.all()
    }


def test_what_people_decided_of_one_market_does_not_cover_the_others(owner: Person) -> None:
    one, open_data = listing("A-1", "DE", "FR", "GB"), finding()
    verdict = found(one, judgement(exposed=[open_data]))
    decide(one.pk, Action.LIST, "known", "", owner, expected=State.LISTED, markets=["GB"])
    made = consider(one, verdict, now())
    assert made is not None
    assert (made.action, made.markets, made.before, made.after) == ("hold", ["DE", "FR"], "listed", "held")
    assert in_markets() == {"DE": "held", "FR": "held", "GB": "listed"}
    assert consider(one, verdict, now()) is None
    decide(one.pk, Action.REINSTATE, "known", "", owner, expected=State.HELD, markets=["FR"])
    assert consider(one, verdict, now()) is None
    more = found(one, judgement(exposed=[open_data, finding("bucket-listing", surface="other")]))
    again = consider(one, more, now())
    assert again is not None
    assert again.markets == ["FR", "GB"]
    assert consider(one, more, now()) is None
    assert verify() == []


def test_where_no_market_is_known_only_those_are_held_that_people_did_not_decide_of(owner: Person) -> None:
    one, open_data, other = listing(), finding(), finding("bucket-listing", surface="other")
    found(one, judgement(exposed=[open_data, other]))
    decide(one.pk, Action.LIST, "known", "", owner)
    decide(one.pk, Action.HOLD, "recall", "", owner, markets=["FR"])
    found(one, judgement(exposed=[open_data]))
    decide(one.pk, Action.REINSTATE, "known", "", owner, markets=["FR"])
    verdict = found(one, judgement(exposed=[open_data, other]))
    made = consider(one, verdict, now())  # of FR nobody knew the other one
    assert made is not None
    assert (made.action, made.markets) == ("hold", ["FR"])
    there = parts.of(*Listing.objects.values_list("state", "parts").get())
    assert parts.state_of(there, parts.scope_of(["GB"], (), ())) == State.LISTED


def test_where_no_market_is_known_and_nobody_decided_of_the_rest_all_is_held(owner: Person) -> None:
    one = listing()
    verdict = found(one, judgement(exposed=[finding()]))
    decide(one.pk, Action.LIST, "known", "", owner, markets=["GB"])
    made = consider(one, verdict, now())
    assert made is not None
    assert (made.action, made.markets) == ("hold", [])


def test_a_market_that_is_new_is_held_as_well(owner: Person) -> None:
    one = listing("A-1", "DE", "GB")
    verdict = found(one, judgement(exposed=[finding()]))
    decide(one.pk, Action.LIST, "known", "", owner, markets=["DE", "GB"])
    assert consider(one, verdict, now()) is None
    one.markets.add(Market.objects.create(code="FR"))
    made = consider(one, verdict, now())
    assert made is not None
    assert made.markets == ["FR"]
    assert in_markets() == {"DE": "listed", "FR": "held", "GB": "listed"}


def test_what_is_on_hold_somewhere_is_held_elsewhere(owner: Person) -> None:
    one = listing("A-1", "DE", "GB")
    decide(one.pk, Action.WITHDRAW, "recall", "", owner, markets=["GB"])
    made = consider(one, found(one, judgement(exposed=[finding()])), now())
    assert made is not None
    assert (made.markets, state()) == (["DE"], "withdrawn")
    assert in_markets() == {"DE": "held", "GB": "withdrawn"}


def test_a_market_in_which_people_decided_of_a_lot_only_is_held_whole(owner: Person) -> None:
    one = listing("A-1", "DE", "GB")
    verdict = found(one, judgement(exposed=[finding()]))
    decide(one.pk, Action.LIST, "known", "", owner, markets=["GB"])
    decide(one.pk, Action.LIST, "known", "", owner, markets=["DE"], lots=["7"])
    made = consider(one, verdict, now())
    assert made is not None
    assert (made.markets, made.lots) == (["DE"], [])
    decide(one.pk, Action.REINSTATE, "known", "", owner, expected=State.HELD, markets=["DE"], lots=["7"])
    assert consider(one, verdict, now()) is None


def test_what_was_decided_of_a_part_since_the_listing_was_read_is_not_taken_for_all(owner: Person) -> None:
    one = listing("A-1", "DE", "GB")
    found(one, judgement(exposed=[finding()]))
    as_it_was = parts.of(one.state, one.parts)
    for markets, skus, lots in ((["GB"], [], []), ([], ["RED"], []), ([], [], ["7"])):
        decide(one.pk, Action.LIST, "known", "", owner, markets=markets, skus=skus, lots=lots)
        assert covering(one, as_it_was) == {}
    whole = decide(one.pk, Action.LIST, "known", "", owner)
    decide(one.pk, Action.LIST, "known", "", owner, markets=["GB"])
    assert covering(one, as_it_was, "action") == {None: whole}


def test_a_rule_that_names_a_market_acts_in_all(owner: Person) -> None:
    when = '{ market = "DE", standing = "not met" }'
    rule = f'[[rule]]\nid = "de"\nif = {when}\nthen = "withdraw"\nreason = "no"\n'
    policies.switch_on(policies.keep(rule, owner), owner)
    one, elsewhere = listing("A-1", "DE", "GB"), listing("A-2", "GB")
    made = consider(one, found(one, judgement(exposed=[finding()])), now())
    assert made is not None
    assert made.markets == []
    assert consider(elsewhere, found(elsewhere, judgement(exposed=[finding()])), now()) is None


def test_where_parts_have_piled_up_the_policy_acts_on_all(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = listing("A-1", "DE", "GB")
    decide(one.pk, Action.LIST, "known", "", owner, markets=["GB"])
    verdict = found(one, judgement(exposed=[finding()]))
    decide(one.pk, Action.LIST, "known", "", owner, markets=["GB"])
    monkeypatch.setattr(parts, "MOST_STEPS", 1)
    made = consider(one, verdict, now())
    assert made is not None
    assert made.markets == []
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


def test_the_round_reads_a_verdict_only_when_it_holds_the_listing(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = listing()
    found(one, judgement(exposed=[finding()]))
    lock = QuerySet.select_for_update

    def mended(rows: "QuerySet[Listing]") -> "QuerySet[Listing]":
        """Somebody who held the listing before wrote another verdict."""
        monkeypatch.undo()
        found(one, judgement())
        return lock(rows)

    monkeypatch.setattr(QuerySet, "select_for_update", mended)
    assert rounds.go_over(now()) == 0
    assert not Decision.objects.exists()


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
