"""Middleware: who is not logged in with both factors sees the log-in page and nothing else.

1. static files and the API are not ours: the first are for all, the second asks for tokens itself;
2. who is not logged in sees what is OPEN, and otherwise the log-in page, whether a page exists or not;
3. who has given the password only sees the second factor as well;
4. who came with a one-time password chooses their own before anything else;
5. everybody else is in, and is `request.person`.
"""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_otp import user_has_device

from shelfworthy.shelf.models import Person
from shelfworthy.shelf.people.browsing import API

OPEN = frozenset(  # names of URLs
    {"log-in", "log-out", "health", "metrics", "set-language", "changes-feed", "feed-decisions"}
)
FIRST_FACTOR = frozenset({"second-factor", "enrol"})
ONE_TIME = frozenset({"new-password"})
OTHERWISE = ("/static/", API)


class Entrance:
    """Sets `request.person` for those who are in."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        theirs = request.path_info.startswith(OTHERWISE)
        request.person = None if theirs else _who(request)  # type: ignore[attr-defined] # ours
        response = self._answer(request)
        if request.resolver_match is None and not theirs:  # no such page: said only to those who are in
            return _elsewhere(request, "") or response
        return response

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, named: object
    ) -> HttpResponse | None:
        """Called once the page is known, and before it is made."""
        if request.path_info.startswith(OTHERWISE):
            return None
        match = request.resolver_match
        return _elsewhere(request, match.view_name if match else "")


def _who(request: HttpRequest) -> Person | None:
    user = request.user
    if not user.is_authenticated or not user.is_verified():  # type: ignore[attr-defined] # django-otp's
        return None
    found = Person.objects.select_related("membership").prefetch_related("membership__markets")
    return found.filter(user=user, membership__isnull=False).first()


def _elsewhere(request: HttpRequest, name: str) -> HttpResponse | None:
    """Where somebody is sent who may not see the page of this name yet; None if they may."""
    user = request.user
    if name in OPEN:
        return None
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not user.is_verified():  # type: ignore[attr-defined] # django-otp's
        if name in FIRST_FACTOR:
            return None
        door = "second-factor" if user_has_device(user) else "enrol"
        return redirect_to_login(request.get_full_path(), reverse(door))
    person: Person | None = request.person  # type: ignore[attr-defined] # set above
    if person is not None and person.password_until is not None and name not in ONE_TIME:
        return redirect_to_login(request.get_full_path(), reverse("new-password"))
    return None
