"""The chain: what it holds, what it refuses, and what `verify` finds."""

import zlib
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelfworthy.model import canonical
from shelfworthy.shelf.deciding import chain, parts
from shelfworthy.shelf.deciding.states import NoWay, actions
from shelfworthy.shelf.deciding.triggers import PROTECTED, UNPROTECTED, protect, unprotect
from shelfworthy.shelf.models import Action, Decision, Entry, Event, Judged, Listing, Person, Role, State
from tests.shelf.deciding.builders import finding, found, judgement, listing

pytestmark = pytest.mark.django_db
TAMPERED: list[tuple[str, str | int]] = [
    ("reason", "another"),
    ("words", "other words"),
    ("evidence_digest", "e" * 64),
    ("at", "2020-01-01 00:00:00"),
    ("finding_keys", '["k"]'),
    ("previous", "f" * 64),
    ("number", 1000),
    ("rule", "a-rule"),
    ("markets", '["FR"]'),
    ("hash", "f" * 64),
]


@pytest.fixture
def decider(person: Callable[..., Person]) -> Person:
    return person(Role.DECIDER)


def run(statement: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def unprotected(db: None) -> None:
    """Somebody who can write to the database has taken the triggers away."""
    for statement in UNPROTECTED[connection.vendor]:
        run(statement)


@pytest.fixture
def protected(db: None) -> None:
    """The triggers as the migration puts them there."""
    for statement in (*UNPROTECTED[connection.vendor], *PROTECTED[connection.vendor]):
        run(statement)


def test_a_decision_keeps_what_it_rests_on(decider: Person) -> None:
    one, said = listing(), judgement(exposed=[finding()])
    verdict = found(one, said)
    made = chain.decide(
        one.pk, Action.HOLD, "open data", "Look!", decider, expected=State.LISTED, lots=["L2", "L1", ""]
    )
    made.refresh_from_db()
    assert (made.number, made.previous, made.before, made.after) == (1, chain.BEGINNING, "listed", "held")
    assert made.evidence_digest == said.evidence_digest
    assert made.judged == verdict.judged
    assert made.finding_keys == [said.findings[0].key]
    assert made.finding_ids == [said.findings[0].id]
    assert made.lots == ["L1", "L2"]
    assert Listing.objects.get().state == State.HELD
    assert Event.objects.get().once == "decision 1"
    assert Event.objects.get().keys == made.finding_keys
    assert Entry.objects.get().action == "decision: hold"
    assert chain.verify() == []
    assert chain.head() == (1, made.hash)


def test_who_decides_on_what_is_no_longer_so_is_told(decider: Person) -> None:
    one = listing()
    chain.decide(one.pk, Action.HOLD, "first", "", decider, expected=State.LISTED)
    with pytest.raises(chain.Conflict, match=r"was at “on sale” .* is at “on hold” now"):
        chain.decide(one.pk, Action.WITHDRAW, "second", "", decider, expected=State.LISTED)
    with pytest.raises(NoWay):
        chain.decide(one.pk, Action.LIST, "third", "", decider, expected=State.HELD)
    assert Decision.objects.count() == Event.objects.count() == Entry.objects.count() == 1


@pytest.mark.usefixtures("unprotected")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_decided_the_chain_is_whole_and_what_is_changed_in_it_is_found(
    person: Callable[..., Person], data: st.DataObject
) -> None:
    with transaction.atomic():
        who = person(Role.DECIDER)
        several = [listing(f"A-{number}") for number in range(3)]
        for _ in range(data.draw(st.integers(1, 8))):
            one = data.draw(st.sampled_from(several))
            one.refresh_from_db()
            markets, lots = (
                data.draw(st.lists(st.sampled_from(names), max_size=2))
                for names in (["DE", "GB"], ["1", "2"])
            )
            there = parts.state_of(parts.of(one.state, one.parts), parts.scope_of(markets, (), lots))
            action = data.draw(st.sampled_from(actions(there)))
            words = data.draw(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
            chain.decide(one.pk, action, "because", words, who, expected=there, markets=markets, lots=lots)
        assert chain.verify() == []
        victim = data.draw(st.sampled_from(list(Decision.objects.order_by("number"))))
        column, value = data.draw(st.sampled_from(TAMPERED))
        run(f"UPDATE shelf_decision SET {column} = %s WHERE id = %s", value, victim.pk)
        assert chain.verify()
        transaction.set_rollback(True)


@pytest.mark.usefixtures("unprotected")
def test_a_link_that_is_gone_is_found(decider: Person) -> None:
    one = listing()
    for action, state in (("hold", "listed"), ("reinstate", "held"), ("hold", "listed")):
        chain.decide(one.pk, Action(action), "because", "", decider, expected=State(state))
    run("DELETE FROM shelf_decision WHERE number = 2")
    said = chain.verify()
    assert "Decision 3 follows on 1: what was between them is gone." in said
    run("DELETE FROM shelf_decision WHERE number = 3")
    run("UPDATE shelf_listing SET state = 'listed'")
    assert chain.verify() == ["Listing A-1 is at “listed”, where no decision has brought it."]


def test_a_decision_about_a_part_moves_that_part(decider: Person) -> None:
    one = listing("A-1", "DE", "GB")
    chain.decide(one.pk, Action.LIST, "looked", "", decider, expected=State.LISTED)
    made = chain.decide(one.pk, Action.HOLD, "recall", "", decider, expected=State.LISTED, markets=["GB"])
    one.refresh_from_db()
    assert (made.before, made.after, one.state) == ("listed", "held", "held")
    assert one.parts == {"base": "listed", "since": 1, "steps": [[2, "hold", ["GB"], [], []]]}
    facts = Event.objects.get(once="decision 2").facts
    assert (facts["markets"], facts["skus"], facts["lots"]) == (["GB"], [], [])
    assert Entry.objects.get(action="decision: hold").words.startswith("listed → held (in GB): recall")
    with pytest.raises(chain.Conflict, match=r"was at “on hold” .* is at “on sale” now"):
        chain.decide(one.pk, Action.WITHDRAW, "no", "", decider, expected=State.HELD, markets=["DE"])
    with pytest.raises(NoWay, match="reinstate: leads nowhere from “on sale”"):
        chain.decide(one.pk, Action.REINSTATE, "no", "", decider, expected=State.LISTED, markets=["DE"])
    seen = parts.seen(parts.of(one.state, one.parts))
    chain.decide(one.pk, Action.HOLD, "here too", "", decider, expected=State.LISTED, markets=["DE"])
    with pytest.raises(chain.Conflict, match="has changed since this was decided"):
        chain.decide(one.pk, Action.REINSTATE, "all", "", decider, expected=State.HELD, seen=seen)
    made = chain.decide(one.pk, Action.HOLD, "all", "", decider, expected=State.HELD)
    assert (made.before, made.after) == ("listed", "held")  # of what it moved: all markets but these two
    one.refresh_from_db()
    assert (one.state, one.parts) == ("held", {})
    assert chain.verify() == []


@pytest.mark.usefixtures("unprotected")
def test_a_part_where_no_decision_has_brought_it_is_found(decider: Person) -> None:
    one = listing("A-1", "DE", "GB")
    chain.decide(one.pk, Action.HOLD, "recall", "", decider, expected=State.LISTED, markets=["GB"])
    whole = Listing.objects.values("state", "parts").get()
    wrong = "Of listing A-1 a part is where no decision has brought it."
    several: tuple[dict[str, object], ...] = (
        {},
        whole["parts"] | {"base": "held"},
        whole["parts"] | {"since": 7},
        whole["parts"] | {"steps": [[1, "hold", ["DE"], [], []]]},
    )
    for kept in several:
        Listing.objects.update(parts=kept)
        assert chain.verify() == [wrong]
    Listing.objects.update(state=State.LISTED, parts=whole["parts"])
    assert chain.verify() == ["Listing A-1 is at “listed”, where no decision has brought it."]
    Listing.objects.update(**whole)
    assert chain.verify() == []
    run("UPDATE shelf_decision SET markets = '[]'")
    assert wrong in chain.verify()


@pytest.mark.usefixtures("unprotected")
@pytest.mark.parametrize("markets", ["null", "7", '[7, "GB"]', '[["GB"]]', "[{}]", '"GB"'])
def test_what_is_no_list_of_markets_is_found(decider: Person, markets: str) -> None:
    chain.decide(listing().pk, Action.HOLD, "recall", "", decider, markets=["GB"])
    run(f"UPDATE shelf_decision SET markets = '{markets}'")
    assert "Decision 1 says something else than when it was decided." in chain.verify()


def test_too_many_decisions_about_parts_are_said_to_be(decider: Person) -> None:
    one = listing()
    for number in range(parts.MOST_STEPS):
        chain.decide(one.pk, Action.HOLD, "recall", "", decider, lots=[f"L{number}"])
    with pytest.raises(parts.TooMany, match="Decide about all of it first"):
        chain.decide(one.pk, Action.HOLD, "recall", "", decider, lots=["one more"])
    chain.decide(one.pk, Action.HOLD, "recall", "", decider)
    assert Listing.objects.get().parts == {}
    assert chain.verify() == []


def test_what_a_decision_rests_on_cannot_be_changed_unseen(decider: Person) -> None:
    one = listing()
    verdict = found(one, judgement(exposed=[finding()]))
    chain.decide(one.pk, Action.HOLD, "because", "", decider, expected=State.LISTED)
    assert verdict.judged is not None
    whole = bytes(verdict.judged.content)
    for content in (zlib.compress(canonical(judgement())), b"nothing"):
        Judged.objects.update(content=content)
        assert chain.verify() == [
            f"Judgement {verdict.judged.digest}, on which decisions rest, says something else than it did."
        ]
    Judged.objects.update(content=whole, against={})
    (said,) = chain.verify()
    assert said.endswith(", on which decisions rest, has something else written beside it than it says.")
    Judged.objects.update(against={"exposure.data": "critical"})
    assert chain.verify() == []


def test_a_name_can_be_erased(decider: Person) -> None:
    chain.decide(listing().pk, Action.HOLD, "because", "", decider, expected=State.LISTED)
    Person.objects.update(name="", email="")
    assert chain.verify() == []


@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize(
    "statement", ["UPDATE shelf_decision SET words = 'other'", "DELETE FROM shelf_decision"]
)
def test_the_database_itself_refuses(decider: Person, statement: str) -> None:
    chain.decide(listing().pk, Action.HOLD, "because", "", decider, expected=State.LISTED)
    with pytest.raises(DatabaseError, match="only appended"), transaction.atomic():
        run(statement)
    chain.decide(Listing.objects.get().pk, Action.REINSTATE, "again", "", decider, expected=State.HELD)
    assert chain.verify() == []


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_taken_back_and_done_again(decider: Person) -> None:
    chain.decide(listing().pk, Action.HOLD, "because", "", decider, expected=State.LISTED)
    for there in (True, False, True):
        if there:
            with pytest.raises(DatabaseError, match="only appended"):
                run("UPDATE shelf_decision SET words = 'other'")
        else:
            run("UPDATE shelf_decision SET words = words")
        with connection.schema_editor() as editor:
            (unprotect if there else protect)(None, editor)
        if not there:
            assert chain.verify() == []
    with connection.schema_editor() as editor:
        protect(None, editor)
