"""The pages of the watch: what is due and what troubles it, what there was to tell, who is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from shelfworthy.audience import Reader
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Channel, Delivery, Event, Listing, Person, Recheck, Subscription
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import listing_of, listings_of, may, needs, person_of, reader_of
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.watching import agenda, subscribing
from shelfworthy.shelf.watching.delivering import OUTSIDE
from shelfworthy.shelf.watching.feed import TYPE, atom
from shelfworthy.shelf.watching.looking import NotOurs
from shelfworthy.shelf.watching.telling import Told, kinds, tell_of

PAGE = 50  # rows
IN_FEED = 100  # events
SHOWN = {
    "due": Q(due_at__isnull=False),
    "trouble": ~Q(trouble=""),
    "idle": Q(due_at__isnull=True),
}


@require_GET
@needs(May.SEE)
def watch(request: HttpRequest) -> HttpResponse:
    """What is due, and what there was to tell."""
    person, at = person_of(request), now()
    rechecks = rechecks_of(person)
    show = request.GET.get("show", "due")
    if show not in SHOWN:
        show = "due"
    rows = rechecks.filter(SHOWN[show]).order_by(F("due_at").asc(nulls_last=True), "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "show": show,
        "counts": {name: rechecks.filter(which).count() for name, which in SHOWN.items()},
        "overdue": rechecks.filter(due_at__lte=at).count(),
        "at": at,
        "events": events_for(person, reader_of(person), PAGE),
        "may_ask": may(person, May.RECHECK),
    }
    return render(request, "shelf/watching/watch.html", context)


@require_POST
@needs(May.RECHECK)
def look(request: HttpRequest, sku: str) -> HttpResponse:
    """Ask for a look at what a listing is."""
    person = person_of(request)
    listing = listing_of(person, sku)
    try:
        due_at = asked(listing, person, request)
    except NotOurs as why:
        messages.error(request, str(why))
    else:
        messages.success(request, gettext("It will be looked at: %(at)s UTC.") % {"at": f"{due_at:%H:%M}"})
    return redirect("watch")


def asked(listing: Listing, person: Person, request: HttpRequest) -> datetime:
    """When the look that somebody asks for is due. Raises NotOurs."""
    if listing.product is None:
        raise NotOurs(gettext("It is not tied to a product yet, so nobody knows what to look at."))
    due_at = agenda.ask(listing.product)
    note(person, "asked for a look", listing.sku, request=request)
    return due_at


@needs(May.SUBSCRIBE)
def subscriptions(request: HttpRequest) -> HttpResponse:
    """Yours, and a new one. The secret of a new one is in this answer and nowhere again."""
    person = person_of(request)
    context: dict[str, Any] = {"channels": Channel.choices, "kinds": kinds(), "own": person.email}
    if request.method == "POST":
        channel, to = request.POST.get("channel", ""), request.POST.get("to", "").strip()
        wanted = request.POST.getlist("kinds")
        try:
            made, secret = subscribing.subscribe(person, channel, to, wanted)
        except subscribing.CannotSubscribe as why:
            context |= {"wrong": str(why), "channel": channel, "to": to, "wanted": wanted}
        else:
            if not secret:
                messages.success(request, gettext("You will be told."))
                return redirect("subscriptions")
            feed = subscribing.feed_url(secret) if channel == Channel.FEED else ""
            context |= {"made": made, "secret": secret, "feed": feed}
    last = Delivery.objects.filter(subscription=OuterRef("pk")).order_by("-pk").values("trouble")[:1]
    mine = Subscription.objects.filter(person=person, ended_at=None).order_by("pk")
    yours = mine.annotate(trouble=Subquery(last))
    status = 422 if "wrong" in context else 200
    return render(request, "shelf/watching/subscriptions.html", context | {"yours": yours}, status=status)


@require_POST
@needs(May.SUBSCRIBE)
def end_subscription(request: HttpRequest, number: int) -> HttpResponse:
    """End one of yours."""
    person = person_of(request)
    of = get_object_or_404(Subscription, pk=number, person=person, ended_at=None)
    subscribing.end(of, person)
    messages.success(request, gettext("It has ended."))
    return redirect("subscriptions")


@require_GET
def changes_feed(request: HttpRequest) -> HttpResponse:
    """The feed that a token opens, to whoever has it. Nobody is logged in here, so the token is all."""
    of = subscribing.of_token(request.GET.get("token", ""))
    if of is None or not may(of.person, May.SUBSCRIBE):
        return HttpResponse(gettext("There is no such feed."), status=404, content_type="text/plain")
    told = events_for(of.person, OUTSIDE, IN_FEED, of.kinds)
    return HttpResponse(atom(told, of.to, of.made_at), content_type=TYPE)


def rechecks_of(person: Person) -> QuerySet[Recheck]:
    """What is watched of a person's listings, each with those."""
    theirs = listings_of(person)
    rows = Recheck.objects.filter(product__in=theirs.values("product")).select_related("product")
    return rows.prefetch_related(Prefetch("product__listings", theirs.order_by("sku")))


def events_for(person: Person, reader: Reader, most: int, wanted: Iterable[str] = ()) -> list[Told]:
    """The newest events about a person's listings that a reader is told of. wanted: kinds; none: all."""
    found = list(events_of(person, wanted).order_by("-at", "-pk")[:most])
    return tell_of(found, reader, now())


def events_of(person: Person, wanted: Iterable[str] = ()) -> QuerySet[Event]:
    """Events about a person's listings, and those about none."""
    rows = Event.objects.select_related("listing")
    if person.membership.markets.exists():
        rows = rows.filter(Q(listing=None) | Q(listing__in=listings_of(person).values("pk")))
    kinds = tuple(wanted)
    return rows.filter(kind__in=kinds) if kinds else rows
