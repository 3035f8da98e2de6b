"""A dry run says what then happens, and writes nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shelfworthy.model import Severity
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import policies
from shelfworthy.shelf.deciding.automatic import consider
from shelfworthy.shelf.deciding.chain import decide, verify
from shelfworthy.shelf.deciding.dry_run import dry_run
from shelfworthy.shelf.deciding.policy import shipped
from shelfworthy.shelf.models import (
    Action,
    Decision,
    Event,
    Judged,
    Listing,
    Person,
    Policy,
    Role,
    State,
    Verdict,
)
from tests.shelf.deciding.builders import finding, found, judgement, listing

pytestmark = pytest.mark.django_db


def catalogue(draw: Random, who: Person) -> None:
    """Listings of every sort, some of which people decided about."""
    findings = [
        finding(severity=draw.choice(list(Severity)), surface=f"surface {number}") for number in range(6)
    ]
    for number in range(40):
        sold = draw.choice([(), ("DE",), ("DE", "GB"), ("DE", "FR", "GB")])
        one = listing(f"A-{number}", *sold, for_children=draw.choice([True, False, None]))
        exposed = draw.sample(findings, draw.choice([0, 0, 1, 2]))
        weak = draw.sample(findings, draw.choice([0, 0, 1]))
        since = now() - timedelta(days=draw.choice([10, 90, 400]))
        said = judgement(exposed=exposed, weak=[one for one in weak if one not in exposed])
        found(one, said, undetermined_since=None if said.findings else since)
        if draw.random() < 0.6:
            some = draw.sample(sold, draw.choice(range(len(sold) + 1)))
            lots = draw.choice([(), (), ("7",)])
            decide(one.pk, Action.HOLD, "looked", "", who, expected=State.LISTED, markets=some, lots=lots)
            if draw.random() < 0.7:
                decide(
                    one.pk, Action.REINSTATE, "fine", "", who, expected=State.HELD, markets=some, lots=lots
                )
                if draw.random() < 0.5:
                    found(one, judgement(exposed=[*exposed, finding("bucket-listing", surface="new")]))


@pytest.mark.parametrize("seed", range(3))
def test_what_it_says_is_what_happens(person: Callable[..., Person], seed: int) -> None:
    who = person(Role.ADMINISTRATOR)
    catalogue(Random(seed), who)
    before = Decision.objects.count()
    events = Event.objects.count()
    policy = policies.keep(shipped(), who)
    at = now()
    tried = dry_run(policies.book(policy), Listing.objects.all(), at, most=1000)
    assert Decision.objects.count() == before
    assert Event.objects.count() == events
    policies.switch_on(Policy.objects.get(), who)
    made = {}
    for verdict in Verdict.objects.select_related("listing"):
        if decision := consider(verdict.listing, verdict, at):
            made[verdict.listing.sku] = decision.action, decision.rule
    said = {one.sku: (one.then, one.rule) for one in tried.first if one.then in ("hold", "withdraw")}
    assert said == made
    assert made
    asked = Event.objects.filter(kind="supplier to be asked").count()
    assert tried.counts == {"withdraw": 0, "hold": len(made), "ask": asked, "note": 0}
    assert asked
    assert tried.people
    assert Counter(tried.by_rule) == Counter(
        [rule for _, rule in made.values()] + ["undetermined-90-days"] * asked
    )
    assert verify() == []


def test_it_asks_in_batches_and_tells_so_many(person: Callable[..., Person]) -> None:
    who = person(Role.ADMINISTRATOR)
    policy = policies.keep(shipped(), who)
    open_data = judgement(exposed=[finding()])
    for number in range(30):
        found(listing(f"A-{number}"), open_data)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tried = dry_run(policies.book(policy), Listing.objects.all(), now(), most=5)
    assert (len(tried.first), tried.left_out, tried.counts["hold"]) == (5, 25, 30)
    assert tried.whole
    stopped = dry_run(policies.book(policy), Listing.objects.all(), now(), seconds=-1)
    assert (stopped.listings, stopped.whole) == (0, False)
    Judged.objects.update(content=b"")
    assert dry_run(policies.book(policy), Listing.objects.all(), now(), most=5) == tried  # none is unpacked
    assert len(asked) <= 6  # whatever the number of listings, up to a batch
