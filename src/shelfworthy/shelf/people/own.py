"""Settings: one's own password, second factor and tokens; and all tokens, for those who manage them."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Observer, Person, Token
from shelfworthy.shelf.people import factors, limits, tokens
from shelfworthy.shelf.people.forms import NewToken, Password, PushToken
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import needs, person_of
from shelfworthy.shelf.people.roles import May

MOST = 50  # tokens of a person that hold at the same time
SHOWN = 200  # tokens of a page


@require_safe
@needs(May.SEE)
def settings(request: HttpRequest) -> HttpResponse:
    """What one may set for oneself."""
    return _settings(request, NewToken(person_of(request)), Password())


def _settings(request: HttpRequest, token: NewToken, password: Password) -> HttpResponse:
    person = person_of(request)
    page = {
        "token_form": token,
        "password_form": password,
        "codes_left": person.recovery_codes.filter(used_at=None).count(),
        "tokens": person.tokens.select_related("observer").order_by("-pk")[:SHOWN],
        "now": now(),
    }
    return render(request, "shelf/people/settings.html", page)


@require_POST
@needs(May.SEE)
def make_token(request: HttpRequest) -> HttpResponse:
    """A token of one's own, shown once."""
    person = person_of(request)
    form = NewToken(person, request.POST)
    if form.is_valid() and _room(person):
        given = form.cleaned_data
        with transaction.atomic():
            made, secret = tokens.make(person, given["name"], given["scopes"], given["days"])
            words = f"for {', '.join(made.scopes)}, until {made.expires_at:%Y-%m-%d}"
            note(person, "made a token", f"token:{made.pk}", words, request=request)
        return render(request, "shelf/people/token_shown.html", {"token": made, "secret": secret})
    if form.is_valid():
        form.add_error(None, gettext("You have 50 tokens. Revoke one first."))
    return _settings(request, form, Password())


@require_POST
@needs(May.SEE)
def revoke_own(request: HttpRequest, number: int) -> HttpResponse:
    """End a token of one's own; another's is not found."""
    person = person_of(request)
    _revoke(request, get_object_or_404(Token, pk=number, person=person))
    return redirect("settings")


@sensitive_post_parameters("password")
@require_POST
@needs(May.SEE)
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones, for who knows the password."""
    person, user = person_of(request), request.user
    assert isinstance(user, User)  # by `Entrance`
    form = Password(request.POST)
    if form.is_valid():
        if wait := limits.count((limits.PASSWORD, str(user.pk))):
            return limits.too_many(request, wait)
        if user.check_password(form.cleaned_data["password"]):
            limits.forget(limits.PASSWORD, str(user.pk))
            with transaction.atomic():
                codes = factors.new_codes(person)
                note(person, "made new recovery codes", request=request)
            shown = {"codes": codes, "onward": "/settings/"}
            return render(request, "shelf/people/recovery_codes.html", shown)
        form.add_error("password", gettext("This is not your password."))
    return _settings(request, NewToken(person), form)


@require_http_methods(["GET", "POST"])
@needs(May.MANAGE_TOKENS)
def all_tokens(request: HttpRequest) -> HttpResponse:
    """Everybody's tokens, and the form for one that pushes evidence."""
    person = person_of(request)
    form = PushToken(request.POST or None)
    if form.is_valid() and _room(person):
        given = form.cleaned_data
        with transaction.atomic():
            observer, new = Observer.objects.get_or_create(
                name=given["observer"].strip(), defaults={"origin": given["origin"]}
            )
            if new or observer.origin == given["origin"]:
                made, secret = tokens.make(person, observer.name, [May.PUSH], given["days"], observer)
                words = f"pushes as {observer.origin}, until {made.expires_at:%Y-%m-%d}"
                note(person, "made a token", f"token:{made.pk}", words, request=request)
                return render(request, "shelf/people/token_shown.html", {"token": made, "secret": secret})
        form.add_error("origin", gettext("The shelf knows them as something else already."))
    elif form.is_valid():
        form.add_error(None, gettext("You have 50 tokens. Revoke one first."))
    found = Token.objects.select_related("person", "observer").order_by("-pk")
    if request.GET.get("all") != "yes":
        found = found.filter(revoked_at=None, expires_at__gt=now())
    page = {"form": form, "tokens": found[:SHOWN], "now": now(), "all": request.GET.get("all") == "yes"}
    return render(request, "shelf/people/tokens.html", page)


@require_POST
@needs(May.MANAGE_TOKENS)
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End anybody's token."""
    _revoke(request, get_object_or_404(Token, pk=number))
    return redirect("tokens")


def _revoke(request: HttpRequest, token: Token) -> None:
    with transaction.atomic():
        if tokens.revoke(token):
            note(person_of(request), "revoked a token", f"token:{token.pk}", request=request)
    messages.success(request, gettext("The token opens nothing any more."))


def _room(person: Person) -> bool:
    return person.tokens.filter(revoked_at=None, expires_at__gt=now()).count() < MOST
