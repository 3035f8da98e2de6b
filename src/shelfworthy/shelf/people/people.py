"""The pages about people, for those who manage them."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from shelfworthy.shelf.models import Person, Role
from shelfworthy.shelf.people import making
from shelfworthy.shelf.people.forms import Invite, Membered, membered
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.making import NotPossible
from shelfworthy.shelf.people.permission import needs, person_of
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.people.words import why_not

MOST = 200  # people of a page


@require_http_methods(["GET", "POST"])
@needs(May.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and the form that lets somebody in. Their one-time password is shown once."""
    by = person_of(request)
    form = Invite(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                made, password = making.make(
                    given["name"], given["email"], Role(given["role"]), given["markets"]
                )
                note(by, "let somebody in", _on(made), f"as {given['role']}", request=request)
        except IntegrityError:  # two at once
            form.add_error("email", gettext("Somebody with this address is here already."))
        else:
            return render(request, "shelf/people/password_shown.html", {"one": made, "password": password})
    asked = request.GET.get("q", "")[:200]
    found = Person.objects.filter(erased_at=None).select_related("user", "membership")
    found = found.filter(Q(name__icontains=asked) | Q(email__icontains=asked)) if asked else found
    rows = list(found.prefetch_related("membership__markets").order_by("name", "pk")[: MOST + 1])
    page = {"form": form, "people": rows[:MOST], "more": len(rows) > MOST, "asked": asked, "most": MOST}
    return render(request, "shelf/people/people.html", page)


@require_http_methods(["GET", "POST"])
@needs(May.MANAGE_PEOPLE)
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One of them: role and markets, and the ways out."""
    by, one = person_of(request), _one(number)
    form = Membered(request.POST or None, initial=membered(one.membership))
    if form.is_valid():
        given = form.cleaned_data
        markets = [market.code for market in given["markets"]]
        words = f"to {given['role']}" + (f", for {' '.join(markets)}" if markets else ", for all markets")
        try:
            with transaction.atomic():
                making.change(by, one, Role(given["role"]), given["markets"])
                note(by, "changed somebody's role", _on(one), words, request=request)
        except NotPossible as no:
            form.add_error(None, why_not(no))
        else:
            messages.success(request, gettext("Changed."))
            return redirect("person", number)
    return render(request, "shelf/people/person.html", {"one": one, "form": form, "self": by.pk == one.pk})


@require_POST
@needs(May.MANAGE_PEOPLE)
def let_go(request: HttpRequest, number: int) -> HttpResponse:
    """No way in, for now."""
    by, one = person_of(request), _one(number)
    try:
        with transaction.atomic():
            making.let_go(by, one)
            note(by, "let somebody go", _on(one), request=request)
    except NotPossible as no:
        messages.error(request, why_not(no))
    else:
        messages.success(request, gettext("There is no way in for them any more, and their tokens ended."))
    return redirect("person", number)


@require_POST
@needs(May.MANAGE_PEOPLE)
def let_in(request: HttpRequest, number: int) -> HttpResponse:
    """A new one-time password, for who was let go, forgot the password or lost the phone."""
    by, one = person_of(request), _one(number)
    try:
        with transaction.atomic():
            password = making.let_in_again(by, one)
            note(by, "let somebody in again", _on(one), request=request)
    except NotPossible as no:
        messages.error(request, why_not(no))
        return redirect("person", number)
    return render(request, "shelf/people/password_shown.html", {"one": one, "password": password})


@require_http_methods(["GET", "POST"])
@needs(May.MANAGE_PEOPLE)
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Forget who somebody is; asked once more, for there is no way back."""
    by, one = person_of(request), _one(number)
    if request.method == "POST":
        try:
            with transaction.atomic():
                making.erase(by, one)
                note(by, "erased somebody", _on(one), request=request)
        except NotPossible as no:
            messages.error(request, why_not(no))
            return redirect("person", number)
        messages.success(request, gettext("Erased. What they did stays, without their name."))
        return redirect("people")
    return render(request, "shelf/people/erase.html", {"one": one})


def _one(number: int) -> Person:
    """Somebody who was not erased. Raises Http404."""
    found = Person.objects.select_related("user", "membership").filter(erased_at=None)
    return get_object_or_404(found, pk=number, membership__isnull=False)


def _on(one: Person) -> str:
    """How the log names somebody: by the row, which can be emptied."""
    return f"person:{one.pk}"
