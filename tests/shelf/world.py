"""A shelf with something of everything in it, all of it of the market `uk`."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import msgspec

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import (
    Action,
    Audit,
    Change,
    Decision,
    Entry,
    Import,
    Judged,
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


def world(person: Callable[..., Person]) -> World:
    """Made in the database of a test."""
    at = now()
    uk, owner, other = Market.objects.create(code="uk"), person(Role.DECIDER, "uk"), person(Role.ANALYST)
    keys = [f"{number:064x}" for number in range(len(CHECKS))]
    findings = [{"key": key, "check": check} for key, check in zip(keys, CHECKS, strict=True)]
    judged = Judged.objects.create(
        digest="7" * 64, content=zlib.compress(msgspec.json.encode({"findings": findings}))
    )
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
            failing = keys[: 3 - days] if standing is Standing.NOT_MET else []
            long = at - timedelta(days=100) if standing is Standing.UNDETERMINED else None
            Verdict.objects.create(
                listing=one, standing=standing, judged_at=at, failing=failing, judged=judged,
                undetermined_since=long, exposed=standing is Standing.NOT_MET,
            )  # fmt: skip
            Change.objects.create(
                listing=one, at=at - timedelta(days=days * 14), before=Standing.NONE, after=standing,
                because="evidence",
            )  # fmt: skip
    observer = Observer.objects.create(name="Lab of tests", origin=Origin.LAB)
    policy = Policy.objects.create(text="", digest="5" * 64, person=owner, made_at=at)
    token, _ = tokens.make(owner, "nightly export", [May.SEE], 30)
    Entry.objects.create(at=at, person=owner, action="imported", object="catalogue.csv", words="5 rows")
    return World(
        owner=owner,
        listings=listings,
        audit=Audit.objects.create(
            digest="a" * 64, product=Product.objects.all()[0], observer=observer, received_at=at, size=1
        ),
        decision=Decision.objects.create(
            number=1, listing=listings[0], action=Action.HOLD, before=State.LISTED, after=State.HELD,
            reason="exposure", person=owner, at=at, rule="critical-exposure",
            previous="0" * 64, hash="1" * 64,
        ),
        proposal=Proposal.objects.create(
            listing=listings[0], action=Action.REINSTATE, reason="fixed", person=other, because="two people",
            at=at,
        ),
        token=token,
        policy=policy,
        reading=Import.objects.create(name="catalogue.csv", person=owner, began_at=at, state="done"),
        subscription=Subscription.objects.create(
            channel="mail", to="owner@shop.example", person=owner, made_at=at
        ),
    )  # fmt: skip
