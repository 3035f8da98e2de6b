"""What templates of the shelf may call: `{% load shelf %}`."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext

from shelfworthy.guidelines import five_guidelines
from shelfworthy.report import reasons
from shelfworthy.shelf.deciding import parts, wording
from shelfworthy.shelf.deciding.shown import Told
from shelfworthy.shelf.models import Decision, Listing, Proposal
from shelfworthy.shelf.people.done import done
from shelfworthy.shelf.people.permission import may as is_allowed
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.people.words import MAY
from shelfworthy.shelf.watching.telling import KINDS
from shelfworthy.shelf.web import navigation

register = template.Library()


@register.inclusion_tag("shelf/navigation.html", takes_context=True)
def navigate(context: template.Context) -> dict[str, Any]:
    """The way to all pages that the person may see."""
    request: HttpRequest = context["request"]
    person = getattr(request, "person", None)
    return {
        "request": request,
        "person": person,
        "places": navigation.places(person, request.path),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("shelf/stands.html")
def stands(listing: Listing) -> dict[str, Any]:
    """Where a listing is on sale and where not. Its markets are asked for only where it is in parts."""
    sold = [market.code for market in listing.markets.all()] if listing.parts else []
    return {"said": wording.stands(parts.by_state(parts.of(listing.state, listing.parts), sold=sold))}


@register.filter
def about(one: Decision | Proposal | Told) -> str:
    """What of a listing is decided or proposed about, in words; "" for all of it."""
    return wording.of_scope(parts.scope_of(one.markets, one.skus, one.lots), gettext)


register.filter(done)


@register.filter
def event(kind: str) -> str:
    """What people call a kind of event."""
    return gettext(KINDS.get(kind, kind))


@register.filter
def allowed(scope: str) -> str:
    """What a token may, in the reader's language."""
    return str(MAY.get(May(scope), scope)) if scope in list(May) else scope


@register.simple_tag
def asked_by(id: str) -> str:
    """What a guideline is called, or the question of a requirement."""
    rules = five_guidelines()
    return gettext(reasons.asks(id, rules) if "." in id else reasons.title(id, rules))


@register.simple_tag(takes_context=True)
def may(context: template.Context, what: str) -> bool:
    """Whether who sees the page may do something: `{% may "decide" as allowed %}`, the words of `May`."""
    request = context.get("request")
    return is_allowed(getattr(request, "person", None), May(what))
