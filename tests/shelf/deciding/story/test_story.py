"""The story of the issue on real evidence: held by the policy, mended, reinstated by two, judged again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from msgspec import structs

from shelfworthy.model import Declaration, Outcome, Standing
from shelfworthy.record import load_evidence
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import policies, proposals
from shelfworthy.shelf.deciding.chain import decide, verify
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.deciding.replay import _otherwise, replay
from shelfworthy.shelf.evidence import current, judging
from shelfworthy.shelf.models import (
    Action,
    Audit,
    Decision,
    Listing,
    Person,
    Proposal,
    Role,
    Rules,
    State,
    Verdict,
)
from tests.shelf.deciding.builders import finding, judgement

pytestmark = pytest.mark.django_db
Lists = Callable[..., Listing]
TakesIn = Callable[..., Audit]


@pytest.fixture
def held(
    person: Callable[..., Person],
    listing: Lists,
    audit_folder: Callable[[str], Path],
    taken_in: TakesIn,
) -> Decision:
    """The bear of 2018, held by the shipped policy as soon as its evidence came in."""
    owner = person(Role.ADMINISTRATOR)
    policies.switch_on(policies.keep(shipped(), owner), owner)
    listing("BEAR", audit_folder("2018"), for_children=True)
    taken_in("2018")
    return Decision.objects.get()


def test_held_mended_and_put_back_by_two(
    held: Decision, person: Callable[..., Person], taken_in: TakesIn
) -> None:
    assert held.rule == "critical-exposure"
    assert held.finding_keys == Verdict.objects.get().failing
    assert len(held.finding_ids) >= len(held.finding_keys)
    taken_in("fixed")
    bear = Listing.objects.get()
    assert bear.state == State.HELD  # nothing puts itself back
    first, other = person(Role.DECIDER), person(Role.DECIDER)
    made = proposals.decide_or_propose(bear, Action.REINSTATE, "mended", "", first, expected=State.HELD)
    assert isinstance(made, Proposal)
    done = proposals.second(made.pk, other)
    assert isinstance(done, Decision)
    assert Listing.objects.get().state == State.LISTED
    assert verify() == []


def test_the_page_and_the_call(
    held: Decision,
    person: Callable[..., Person],
    entered: Callable[[Person], Client],
    token: Callable[..., str],
) -> None:
    who = person(Role.DECIDER)
    page = entered(who).get("/decisions/1/replay/")
    assert b"Nothing that was judged has changed" in page.content
    assert b"exposure.data" in page.content
    headers = {"Authorization": f"Bearer {token(who)}"}
    said = Client().get("/api/v1/decisions/1/replay", headers=headers).json()
    assert said["changed"] == []
    assert said["then"]["exposure.data"] == said["today"]["exposure.data"] == "not met"


def test_nothing_changed(held: Decision) -> None:
    made = replay(held, held.at)
    assert made.changed == ()
    assert made.then == made.today == made.of_then_by_todays == made.of_today_by_those_of_then
    assert made.says == ()


def test_the_evidence_changed(
    person: Callable[..., Person],
    listing: Lists,
    audit_folder: Callable[[str], Path],
    taken_in: TakesIn,
) -> None:
    bear = listing("BEAR", audit_folder("fixed"))
    taken_in("fixed")
    kept = decide(bear.pk, Action.LIST, "fine", "", person(Role.DECIDER), expected=State.LISTED)
    later = kept.at + timedelta(minutes=1)
    worse = taken_in("2018")  # the lab gives its two editions two names; here they are of one bear
    Audit.objects.filter(pk=worse.pk).update(product=bear.product, received_at=later)
    made = replay(kept, later)
    assert made.changed == ("evidence",)
    assert made.of_then_by_todays == made.then
    assert made.today["exposure.data"] == "not met" != made.then["exposure.data"]
    assert made.of_today_by_those_of_then == made.today
    assert made.says == ()


def test_the_rule_changed(held: Decision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "COURT", "tests.shelf.deciding.story.lenient:court")
    made = replay(held, held.at)
    assert made.changed == ("rule",)
    assert made.then["exposure.data"] == "not met" != made.today["exposure.data"]
    assert made.of_today_by_those_of_then == made.then


def test_the_product_file_changed(
    held: Decision, monkeypatch: pytest.MonkeyPatch, audit_folder: Callable[[str], Path]
) -> None:
    day = held.at.date()
    settled = Declaration(
        requirement="updates.seamless",
        answer=Standing.MET,
        because="We asked.",
        by="A. Person",
        on=day,
        until=day + timedelta(days=30),
    )
    product = structs.replace(load_evidence(audit_folder("2018")).product, declaration=(settled,))
    monkeypatch.setattr(current, "product_file", lambda _: product)
    assert replay(held, held.at).changed == ("product",)


def test_what_of_the_product_was_seen_to_be_otherwise() -> None:
    bad, worse = finding(), finding("bucket-listing", surface="other")
    mended = structs.replace(bad, outcome=Outcome.PASS, severity=None)
    open_now = structs.replace(worse, outcome=Outcome.INCONCLUSIVE, severity=None, place=None)
    then, today = judgement(exposed=[bad, worse]), judgement(exposed=[mended, open_now])
    assert _otherwise(then, today) == ((bad.key,), ())  # what was only not seen again is not mended
    assert _otherwise(today, then) == ((), (bad.key,))


def test_rules_that_were_not_kept_cannot_be_applied(held: Decision) -> None:
    Rules.objects.all().delete()
    made = replay(held, held.at)
    assert made.of_today_by_those_of_then is None
    assert made.says == ("The rules of then were not kept on this shelf, so they cannot be applied again.",)
    Rules.objects.create(digest=held.rules_digest, text="", checks=[], kept_at=now())


def test_checks_that_have_become_others_are_named(held: Decision) -> None:
    kept = Rules.objects.get(digest=held.rules_digest)
    kept.checks[0]["version"] += 1
    kept.save()
    (said,) = replay(held, held.at).says
    assert kept.checks[0]["id"] in said
    assert "today's checks" in said


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("database", ["one", "another"])
def test_rules_are_kept_with_the_decisions_of_each_database(database: str, held: Decision) -> None:
    assert Rules.objects.filter(digest=held.rules_digest).exists()
