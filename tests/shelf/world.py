"""A shelf with something of everything in it, all of it of the market `UK`."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import (
    Action,
    Audit,
    Change,
    Decision,
    Entry,
    Feed,
    Import,
    Letter,
    Listing,
    Market,
    Observer,
    Origin,
    Person,
    Policy,
    Product,
    Proposal,
    Recheck,
    Role,
    Standing,
    State,
    Subscription,
    Token,
    Verdict,
)
from shelfworthy.shelf.people import tokens
from shelfworthy.shelf.people.roles import May
from tests.shelf.deciding import builders

TOYS = (
    ("T-1", "CloudPets bear, brown", Standing.NOT_MET, State.HELD, "bear"),
    ("T-2", "CloudPets bear, pink", Standing.NOT_MET, State.LISTED, "bear"),
    ("T-3", "Hello Barbie", Standing.UNDETERMINED, State.LISTED, "doll"),
    ("T-4", f"Talking dinosaur {'with a long title ' * 6}", Standing.MET, State.LISTED, "dino"),
    ("T-5", "Robot", Standing.NONE, State.WITHDRAWN, ""),
)  # fmt: skip
CHECKS = ("database-open", "broker-anonymous", "tls-old")


class World(NamedTuple):
    """What others may try to guess."""

    owner: Person
    listings: list[Listing]
    audit: Audit
    decision: Decision
    proposal: Proposal
    token: Token
    policy: Policy
    reading: Import
    subscription: Subscription
    letter: Letter
    feed: Feed


def world(person: Callable[..., Person]) -> World:
    """Made in the database of a test."""
    at = now()
    uk, owner, other = Market.objects.create(code="UK"), person(Role.DECIDER, "UK"), person(Role.ANALYST)
    said = builders.judgement([builders.finding(check) for check in CHECKS])
    open_ = builders.judgement()
    listings = []
    for days, (sku, title, standing, state, name) in enumerate(TOYS):
        product = None
        if name:
            product, _ = Product.objects.get_or_create(
                key=f"{name:0>16}", defaults={"name": name, "vendor": "Toys", "changed_at": at}
            )
            Recheck.objects.get_or_create(product=product, defaults={"due_at": at + timedelta(days=days - 1)})
        one = Listing.objects.create(
            sku=sku, title=title, state=state, product=product, created_at=at - timedelta(days=80 - days * 9),
            changed_at=at, maker="Toys", category="toy", for_children=True,
        )  # fmt: skip
        one.markets.add(uk)
        listings.append(one)
        if standing is not Standing.NONE:
            long = at - timedelta(days=100) if standing is Standing.UNDETERMINED else None
            builders.found(one, said if standing is Standing.NOT_MET else open_, long)
            Verdict.objects.filter(listing=one).update(standing=standing)
            Change.objects.create(
                listing=one, at=at - timedelta(days=days * 14), before=Standing.NONE, after=standing,
                because="evidence",
            )  # fmt: skip
    observer = Observer.objects.create(name="Lab of tests", origin=Origin.LAB)
    policy = Policy.objects.create(text="", digest="5" * 64, person=owner, made_at=at)
    token, _ = tokens.make(owner, "nightly export", [May.SEE], 30)
    Entry.objects.create(at=at, person=owner, action="imported", object="catalogue.csv", words="5 rows")
    decision = Decision.objects.create(
        number=1, listing=listings[0], action=Action.HOLD, before=State.LISTED, after=State.HELD,
        reason="exposure", person=owner, at=at, rule="critical-exposure", lots=["7"],
        previous="0" * 64, hash="1" * 64,
    )  # fmt: skip
    listings[0].parts = {"base": "listed", "since": 0, "steps": [[1, "hold", [], [], ["7"]]]}
    listings[0].save()
    return World(
        owner=owner,
        listings=listings,
        audit=Audit.objects.create(
            digest="a" * 64, product=Product.objects.get(name="dino"), observer=observer,
            received_at=at, size=1,
        ),
        decision=decision,
        proposal=Proposal.objects.create(
            listing=listings[0], action=Action.REINSTATE, before=State.HELD, reason="fixed",
            person=other, because="two people", at=at,
        ),
        token=token,
        policy=policy,
        reading=Import.objects.create(
            name="catalogue.csv", person=owner, began_at=at, alive_at=at, state="done"
        ),
        subscription=Subscription.objects.create(
            channel="mail", to="owner@shop.example", person=owner, made_at=at
        ),
        letter=Letter.objects.create(
            listing=listings[0], decision=decision, kind="maker", content="<p>Dear maker</p>", person=owner,
            at=at,
        ),
        feed=Feed.objects.create(name="another shop", hash="f" * 64, person=owner, made_at=at),
    )  # fmt: skip
