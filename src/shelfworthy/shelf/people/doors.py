"""Coming in and going out: password, second factor, setting both up."""

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Person
from shelfworthy.shelf.people import browsers, factors, limits
from shelfworthy.shelf.people.forms import Code, EnrolAgain, LogIn, NewPassword
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.passwords import chosen

FORM = ["GET", "POST"]


@sensitive_post_parameters("password")
@require_http_methods(FORM)
def log_in(request: HttpRequest) -> HttpResponse:
    """Address and password. What is wrong is not said: neither whether there is such an account."""
    if request.user.is_authenticated:
        return redirect(_onward(request))
    form = LogIn(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["username"].strip().lower()
        tries = _tries(request, name)
        if wait := limits.count(*tries):
            return limits.too_many(request, wait)
        user = authenticate(request, username=name, password=form.cleaned_data["password"])
        if isinstance(user, User) and _still_lets_in(user):
            limits.forget(*tries[0])
            login(request, user)  # under a new session
            note(user.person, "gave the password", request=request)
            return redirect(_onward(request))
        known = Person.objects.filter(user__username=name).first()
        note(known, "was refused at the log-in", request=request)
        form.add_error(None, gettext("Address and password do not belong together."))
    return render(request, "shelf/people/log_in.html", {"form": form, "next": _asked(request)})


def _tries(request: HttpRequest, name: str) -> tuple[tuple[limits.Limit, str], ...]:
    """At which counts a password is tried: a known browser's own, or all strangers' and their address's."""
    if browser := browsers.known(request, name):
        return ((limits.BROWSER, browser),)
    return ((limits.ACCOUNT, name), (limits.ADDRESS, limits.address_of(request)))


def _code_tries(request: HttpRequest, user: User) -> tuple[tuple[limits.Limit, str], ...]:
    """At which counts a code is tried: at that of a browser that is known, else at those of strangers."""
    if browser := browsers.known(request, user.get_username()):
        return ((limits.SECOND_FACTOR, browser),)
    return ((limits.SECOND_FACTOR, str(user.pk)), (limits.SECOND_FACTOR_A_DAY, str(user.pk)))


def _still_lets_in(user: User) -> bool:
    """A one-time password has an end, and an account without a person opens nothing."""
    person = Person.objects.filter(user=user, membership__isnull=False).first()
    return person is not None and (person.password_until is None or now() < person.password_until)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, on the server."""
    if request.user.is_authenticated:
        note(_person(request), "logged out", request=request)
    logout(request)
    return redirect("log-in")


@sensitive_post_parameters("code")
@require_http_methods(FORM)
def second_factor(request: HttpRequest) -> HttpResponse:
    """A code of the phone, once, or one for recovery, once."""
    user = _user(request)
    device = factors.phone_of(user)
    if device is None or user.is_verified():  # type: ignore[attr-defined] # django-otp's
        return redirect(_onward(request))
    form = Code(request.POST or None)
    if form.is_valid():
        tried = _code_tries(request, user)
        if wait := limits.count(*tried):
            return limits.too_many(request, wait)
        person, code = _person(request), form.cleaned_data["code"]
        by_phone = factors.passes(device, code)
        if by_phone or factors.recovers(person, code):
            limits.forget(*tried[0])
            factors.enter(request, device)
            note(person, "came in" if by_phone else "came in by a recovery code", request=request)
            response = redirect(_onward(request))
            browsers.remember(response, user.get_username())
            return response
        note(person, "was refused at the second factor", request=request)
        form.add_error("code", gettext("This code is wrong, or was used before. A phone shows another soon."))
    return render(request, "shelf/people/second_factor.html", {"form": form, "next": _asked(request)})


@sensitive_post_parameters("code", "password")
@require_http_methods(FORM)
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up the phone.

    1. who has one must have shown it, and knows the password: a password alone never sets up another;
    2. it counts once it has shown a code; 3. recovery codes are shown, once.
    """
    user, person = _user(request), _person(request)
    has = factors.phone_of(user) is not None
    if has and not user.is_verified():  # type: ignore[attr-defined] # django-otp's
        return redirect("second-factor")
    device = factors.offered(user)
    form = (EnrolAgain if has else Code)(request.POST or None)
    if form.is_valid():
        tried = _code_tries(request, user)
        if wait := limits.count(*tried):
            return limits.too_many(request, wait)
        if has and not user.check_password(form.cleaned_data["password"]):
            form.add_error("password", gettext("This is not your password."))
        elif not factors.passes(device, form.cleaned_data["code"]):
            form.add_error("code", gettext("The phone shows another code. Is its clock right?"))
        else:
            limits.forget(*tried[0])
            with transaction.atomic():
                codes = factors.set_up(person, device)
                note(person, "set up the second factor", request=request)
            device.refresh_from_db()
            factors.enter(request, device)
            shown = {"codes": codes, "onward": _onward(request)}
            page = render(request, "shelf/people/recovery_codes.html", shown)
            browsers.remember(page, user.get_username())
            return page
    offer = {"form": form, "qr": factors.qr(device), "key": _key(device.config_url), "next": _asked(request)}
    return render(request, "shelf/people/enrol.html", offer)


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(FORM)
def new_password(request: HttpRequest) -> HttpResponse:
    """Another password; other sessions end. For who came with a one-time password the only page there is."""
    user, person = _user(request), _person(request)
    form = NewPassword(user, request.POST or None)
    if form.is_valid():
        if wait := limits.count((limits.PASSWORD, str(user.pk))):
            return limits.too_many(request, wait)
        if user.check_password(form.cleaned_data["old"]):
            limits.forget(limits.PASSWORD, str(user.pk))
            with transaction.atomic():
                chosen(person, form.cleaned_data["new"])
                note(person, "chose a password", request=request)
            person.user.refresh_from_db()  # type: ignore[union-attr] # it is theirs
            update_session_auth_hash(request, person.user)  # type: ignore[arg-type]
            return redirect(_onward(request))
        form.add_error("old", gettext("This is not your password."))
    one_time = person.password_until is not None
    page = {"form": form, "one_time": one_time, "next": _asked(request)}
    return render(request, "shelf/people/new_password.html", page)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # by `Entrance`
    return user


def _person(request: HttpRequest) -> Person:
    """Whose account it is, with one factor shown or both. Raises PermissionDenied."""
    person = Person.objects.filter(user=_user(request)).first()
    if person is None:
        raise PermissionDenied
    return person


def _asked(request: HttpRequest) -> str:
    """Where somebody wanted to go, if that is a page of ours; "" otherwise."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def _onward(request: HttpRequest) -> str:
    return _asked(request) or reverse("dashboard")


def _key(url: str) -> str:
    """The key in groups of four, for who types it."""
    secret = url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
