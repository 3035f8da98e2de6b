"""Middleware: who is not logged in with both factors sees the log-in page and nothing else."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse

from shelfworthy.shelf.models import Person

OPEN = frozenset(  # names of URLs
    {"log-in", "log-out", "health", "metrics", "set-language", "changes-feed", "feed-decisions"}
)
FIRST_FACTOR = frozenset({"second-factor", "enrol"})
OTHERWISE = ("/static/", "/api/")  # the API has tokens, and asks for them itself


class Entrance:
    """Sets `request.person` for those who are in."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = None  # type: ignore[attr-defined] # ours
        if request.path.startswith(OTHERWISE):
            return self._answer(request)
        name = resolve(request.path_info).url_name if _known(request) else None
        user = request.user
        if not user.is_authenticated:
            return self._answer(request) if name in OPEN else redirect_to_login(request.get_full_path())
        if not user.is_verified():  # type: ignore[attr-defined] # django-otp's
            inside = name in OPEN | FIRST_FACTOR
            return self._answer(request) if inside else redirect(reverse(_next(request)))
        person = Person.objects.select_related("membership").filter(user=user, membership__isnull=False)
        request.person = person.first()  # type: ignore[attr-defined] # ours
        return self._answer(request)


def _known(request: HttpRequest) -> bool:
    from django.urls import Resolver404

    try:
        resolve(request.path_info)
    except Resolver404:
        return False
    return True


def _next(request: HttpRequest) -> str:
    """Whether the second factor is asked for, or set up first."""
    from django_otp import user_has_device

    return "second-factor" if user_has_device(request.user) else "enrol"
