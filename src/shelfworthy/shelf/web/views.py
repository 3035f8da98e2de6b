"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shelfworthy.shelf.people.permission import needs
from shelfworthy.shelf.people.roles import May


@require_safe
@needs(May.SEE)
def today(request: HttpRequest) -> HttpResponse:
    """What changed, what waits, what is unknown."""
    return render(request, "shelf/web/today.html")
