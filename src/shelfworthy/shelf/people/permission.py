"""Whether a person may do something to a listing, by role and by market; and the door of every page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from shelfworthy.audience import Reader
from shelfworthy.shelf.models import Listing, Person
from shelfworthy.shelf.people.roles import ALLOWED, WHOLE, May

View = Callable[..., HttpResponseBase]


def may(person: Person | None, what: May) -> bool:
    """Whether somebody's role allows it at all, and their markets where it is not of one market."""
    membership = getattr(person, "membership", None)
    if membership is None or what not in ALLOWED[membership.role]:
        return False
    return what not in WHOLE or not membership.markets.all()


def listings_of(person: Person) -> QuerySet[Listing]:
    """The listings that a person may see: of one of their markets, or all where none is named.

    Every look-up of a listing begins here, so that no number that is guessed opens another's.
    """
    markets = [one.pk for one in person.membership.markets.all()]
    if not markets:
        return Listing.objects.all()
    sold = Listing.markets.through.objects.filter(market_id__in=markets)
    return Listing.objects.filter(pk__in=sold.values("listing_id"))


def markets_of(person: Person) -> frozenset[str]:
    """The markets somebody works for; none: all."""
    return frozenset(one.code for one in person.membership.markets.all())


def listing_of(person: Person, sku: str) -> Listing:
    """One listing by its SKU. Raises Http404, for one that the person may not see as well."""
    if "\0" in sku:  # which PostgreSQL would not even compare
        raise Http404
    return get_object_or_404(listings_of(person).select_related("product", "verdict"), sku=sku)


def reader_of(person: Person) -> Reader:
    """What the audience is told of a person."""
    return Reader(inside=True, groups=frozenset({f"role:{person.membership.role}", f"person:{person.pk}"}))


def needs(what: May) -> Callable[[View], View]:
    """A page that only those see whose role allows `what`. Everybody has come through `Entrance` before."""

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:  # noqa: ANN401 - Django's
            if not may(person_of(request), what):
                raise PermissionDenied
            return view(request, *arguments, **named)

        opened.needs = what  # type: ignore[attr-defined] # a test goes over the map of all URLs
        return opened

    return door


def person_of(request: HttpRequest) -> Person:
    """Who asks. Raises PermissionDenied where nobody is logged in."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        raise PermissionDenied
    return person
