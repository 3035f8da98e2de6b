"""The feed for other shops, who may read it, and what other shops' feeds say."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import feed
from shelfworthy.shelf.deciding.forms import FeedForm, NoticesForm
from shelfworthy.shelf.models import Feed, Notice
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import listings_of, needs, person_of
from shelfworthy.shelf.people.roles import May


@require_GET
def decisions_feed(request: HttpRequest) -> HttpResponse:
    """The feed, for whoever has an address with a token. Anybody may try: there is nothing to guess at."""
    if feed.of_token(request.GET.get("token", "")[:200]) is None:
        raise Http404
    return HttpResponse(
        feed.written(settings.SHELF_URL, now()), content_type="application/atom+xml; charset=utf-8"
    )


@needs(May.SHARE)
@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """Who may read the feed; a new address is shown once."""
    person = person_of(request)
    form = FeedForm(request.POST if request.method == "POST" else None)
    address = ""
    if request.method == "POST" and form.is_valid():
        _made, token = feed.opened(form.cleaned_data["name"], person)
        address = f"{settings.SHELF_URL}/feeds/decisions.atom?token={token}"
    context = {
        "form": form,
        "address": address,
        "feeds": Feed.objects.select_related("person").order_by("-made_at", "-pk")[:200],
    }
    return render(request, "shelf/deciding/feeds.html", context)


@needs(May.SHARE)
@require_POST
def close_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """End an address."""
    ended = Feed.objects.filter(pk=pk, ended_at__isnull=True).update(ended_at=now())
    if ended:
        note(person_of(request), "feed: closed", str(pk), request=request)
        messages.success(request, _("Closed."))
    return redirect("feeds")


@needs(May.PROPOSE)
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """What other shops decided: a reason to look."""
    person = person_of(request)
    form = NoticesForm(request.POST, request.FILES) if request.method == "POST" else NoticesForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = feed.take_in(form.cleaned_data["address"], form.cleaned_data["file"], person)
        except feed.NoFeed as wrong:
            form.add_error("file", str(wrong))
        else:
            messages.success(request, _("%(count)d new entries.") % {"count": len(made)})
            return redirect("notices")
    seen = listings_of(person).values("pk")
    found = Notice.objects.select_related("listing").order_by("-received_at", "-pk")
    context = {
        "form": form,
        "about": found.filter(listing__in=seen)[:200],
        "others": found.filter(listing__isnull=True)[:50],
    }
    return render(request, "shelf/deciding/notices.html", context, status=422 if form.errors else 200)
