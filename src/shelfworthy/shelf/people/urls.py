"""URLs of this area."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path


def log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page."""
    return HttpResponse("")


urlpatterns: list[URLPattern] = [path("log-in", log_in, name="log-in")]
