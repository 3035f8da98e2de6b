"""The story of the issue on real evidence: held by the policy, mended, reinstated by two, judged again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from shelfworthy.audit import judge
from shelfworthy.checks import CHECKS
from shelfworthy.guidelines import five_guidelines
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import policies, proposals
from shelfworthy.shelf.deciding.chain import verify
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.deciding.replay import replay
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

pytestmark = pytest.mark.django_db
Lists, TakesIn = Callable[..., Listing], Callable[..., Audit]


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


def by_step(decision: Decision) -> dict[str, int]:
    return {step.what: len(step.turns) for step in replay(decision, now()).steps}


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


def test_nothing_changed(held: Decision) -> None:
    made = replay(held, held.at)
    assert made.changed == ()
    assert made.then == made.today == made.of_then_by_todays == made.of_today_by_those_of_then
    assert made.says == ()


def test_the_evidence_changed(held: Decision, taken_in: TakesIn) -> None:
    taken_in("fixed")
    Audit.objects.filter(pk=Audit.objects.order_by("-pk").values("pk")[:1]).update(
        received_at=held.at.replace(year=held.at.year + 1)
    )
    made = replay(held, held.at.replace(year=held.at.year + 1))
    assert "evidence" in made.changed
    assert {"product", "rule"}.isdisjoint(made.changed)
    assert made.of_then_by_todays == made.then
    assert made.mended
    assert made.says == ()


def test_the_rule_changed(held: Decision, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = five_guidelines()
    exposures = rules.requirement["exposure"]
    lenient = structs.replace(
        exposures["data"], all=exposures["data"].all[1:]
    )  # an open database is no matter
    new = structs.replace(rules, requirement=rules.requirement | {"exposure": exposures | {"data": lenient}})
    court = judge.court(CHECKS, new)
    monkeypatch.setattr(judge, "our_court", lambda: court)
    made = replay(held, held.at)
    assert made.changed == ("rule",) or made.then == made.of_then_by_todays
    assert made.of_today_by_those_of_then == made.then


def test_the_product_file_changed(held: Decision) -> None:
    Listing.objects.update(firmware="9.9.9")  # another version: the evidence is not about it
    assert by_step(held.__class__.objects.get(pk=held.pk))["product"] > 0


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
