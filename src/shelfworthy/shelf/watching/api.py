"""Calls of the watch: what is due, asking for a look, events, subscriptions."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from shelfworthy.shelf.api.frame import Problem, caller, needs, page
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Recheck, Subscription
from shelfworthy.shelf.people.permission import listing_of
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.watching import subscribing
from shelfworthy.shelf.watching.delivering import OUTSIDE
from shelfworthy.shelf.watching.looking import NotOurs
from shelfworthy.shelf.watching.telling import tell_of
from shelfworthy.shelf.watching.views import asked, events_of, rechecks_of

router = Router(tags=["watch"])


class RecheckOut(Schema):
    """When a product is looked at again. due_at: null where it is not; idle: then why. trouble: why the last
    look saw less than it wanted."""

    product: str
    name: str
    skus: list[str]
    due_at: datetime | None
    idle: str
    under_way: bool
    done_at: datetime | None
    tries: int
    trouble: str


class Rechecks(Schema):
    """A page. next: the cursor of the next one, "" at the end."""

    items: list[RecheckOut]
    next: str


class Asked(Schema):
    """When it will be looked at."""

    sku: str
    due_at: datetime


class EventOut(Schema):
    """Something there was to tell. id: names it for good. findings: keys of those it speaks of."""

    id: str
    at: datetime
    kind: str
    sku: str
    title: str
    facts: dict[str, Any]
    findings: list[str]


class Events(Schema):
    """A page. next: the cursor of the next one, "" at the end."""

    items: list[EventOut]
    next: str


class SubscriptionIn(Schema):
    """channel: mail, webhook or feed. to: the address, the URL, or what the feed is called. kinds: of events;
    none: all."""

    channel: str
    to: str
    kinds: list[str] = Field(default_factory=list)


class SubscriptionOut(Schema):
    """A subscription. secret: only in the answer that made it."""

    id: int
    channel: str
    to: str
    kinds: list[str]
    made_at: datetime
    secret: str = ""


class Subscriptions(Schema):
    """A page. next: the cursor of the next one, "" at the end."""

    items: list[SubscriptionOut]
    next: str


@router.get("/rechecks", response=Rechecks)
@needs(May.SEE)
def rechecks(request: HttpRequest, cursor: str = "", limit: int = 100) -> dict[str, Any]:
    """What is watched, and when each is looked at next."""
    found, after = page(rechecks_of(caller(request)), cursor, limit)
    return {"items": [_recheck(one) for one in found], "next": after}


@router.post("/rechecks/{path:sku}", response={202: Asked})
@needs(May.RECHECK)
def ask(request: HttpRequest, sku: str) -> dict[str, Any]:
    """Ask for a look at what a listing is."""
    person = caller(request)
    try:
        listing = listing_of(person, sku)
    except Http404:
        raise Problem(404, "No such listing", "See GET /listings.") from None
    try:
        return {"sku": listing.sku, "due_at": asked(listing, person, request)}
    except NotOurs as why:
        raise Problem(409, "It cannot be looked at from here", str(why)) from None


@router.get("/events", response=Events)
@needs(May.SEE)
def events(request: HttpRequest, cursor: str = "", limit: int = 100) -> dict[str, Any]:
    """What there was to tell, oldest first; what is hidden from everybody outside a group is left out."""
    found, after = page(events_of(caller(request)), cursor, limit)
    told = [
        {
            "id": one.once,
            "at": one.at,
            "kind": one.kind,
            "sku": one.sku,
            "title": one.title,
            "facts": one.facts,
            "findings": list(one.keys),
        }
        for one in tell_of(found, OUTSIDE, now())
    ]
    return {"items": told, "next": after}


@router.get("/subscriptions", response=Subscriptions)
@needs(May.SUBSCRIBE)
def subscriptions(request: HttpRequest, cursor: str = "", limit: int = 100) -> dict[str, Any]:
    """Yours that have not ended."""
    found, after = page(_yours(request), cursor, limit)
    return {"items": [_subscription(one) for one in found], "next": after}


@router.post("/subscriptions", response={201: SubscriptionOut})
@needs(May.SUBSCRIBE)
def subscribe(request: HttpRequest, wanted: SubscriptionIn) -> dict[str, Any]:
    """Be told. The secret is in this answer and nowhere again."""
    try:
        made, secret = subscribing.subscribe(caller(request), wanted.channel, wanted.to, wanted.kinds)
    except subscribing.CannotSubscribe as why:
        raise Problem(422, "Not a subscription", str(why)) from None
    return _subscription(made) | {"secret": secret}


@router.delete("/subscriptions/{int:number}", response={204: None})
@needs(May.SUBSCRIBE)
def unsubscribe(request: HttpRequest, number: int) -> None:
    """End one of yours."""
    try:
        of = get_object_or_404(_yours(request), pk=number)
    except Http404:
        raise Problem(404, "No such subscription", "See GET /subscriptions.") from None
    subscribing.end(of, caller(request))


def _yours(request: HttpRequest) -> QuerySet[Subscription]:
    return Subscription.objects.filter(person=caller(request), ended_at=None)


def _recheck(of: Recheck) -> dict[str, Any]:
    return {
        "product": of.product.key,
        "name": str(of.product),
        "skus": [one.sku for one in of.product.listings.all()],
        "due_at": of.due_at,
        "idle": of.idle,
        "under_way": of.leased_until is not None and of.leased_until > now(),
        "done_at": of.done_at,
        "tries": of.tries,
        "trouble": of.trouble,
    }


def _subscription(of: Subscription) -> dict[str, Any]:
    return {
        "id": of.pk,
        "channel": of.channel,
        "to": of.to,
        "kinds": of.kinds,
        "made_at": of.made_at,
    }
