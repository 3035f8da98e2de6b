"""Pages of the catalogue: what is sold, as a file too; and handing in what is sold."""

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shelfworthy.shelf.catalogue import exporting, finding, importing, mistaken
from shelfworthy.shelf.catalogue.cells import COLUMNS, NEEDED
from shelfworthy.shelf.catalogue.forms import Upload
from shelfworthy.shelf.catalogue.wanted import NO, UNSAID, YES, wanted
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Import, Market, Person, Standing, State
from shelfworthy.shelf.people import log
from shelfworthy.shelf.people.permission import listings_of, may, needs, person_of
from shelfworthy.shelf.people.roles import May

CATEGORIES_MOST = 300
KNOWN_FOR = 300  # seconds that the list of categories is remembered
IMPORTS_SHOWN = 20


@require_safe
@needs(May.SEE)
def listings(request: HttpRequest) -> HttpResponse:
    """What is sold, found by words and filters."""
    person = person_of(request)
    one = wanted(request.GET.dict())
    found = finding.page(person, one, now())
    prefetch_related_objects([row.listing for row in found.rows if row.listing.parts], "markets")
    context = {
        "wanted": one,
        "page": found,
        "next": f"{one.address()}&after={found.after}".lstrip("&") if found.after else "",
        "query": one.address(),
        "choices": _choices(person),
        "may_import": may(person, May.IMPORT) and importing.may_import(person),
    }
    return render(request, "shelf/catalogue/listings.html", context)


@require_safe
@needs(May.SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    """The listings that the page would show, all of them, as a CSV file."""
    person = person_of(request)
    one = wanted(request.GET.dict())
    log.note(person, "listings exported", words=one.address(), request=request)
    answer = StreamingHttpResponse(
        exporting.lines(person, one, now()), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="listings.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@needs(May.IMPORT)
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a catalogue, and see those that were."""
    person = _of_all_markets(request)
    form = (
        Upload(request.POST, request.FILES, label_suffix="")
        if request.method == "POST"
        else Upload(label_suffix="")
    )
    if request.method == "POST" and form.is_valid():
        file, source = form.cleaned_data["file"], form.cleaned_data["source"]
        whole = not form.cleaned_data["part"]
        done = importing.run(file, file.name, person, form.form, source=source, whole=whole)
        return redirect("import-result", done.pk)
    at = now()
    last = Import.objects.select_related("person").defer("mistakes").order_by("-pk")[:IMPORTS_SHOWN]
    context = {
        "form": form,
        "imports": [(one, importing.state_of(one, at)) for one in last],
        "columns": COLUMNS,
        "needed": NEEDED,
    }
    return render(request, "shelf/catalogue/import.html", context, status=422 if form.is_bound else 200)


@require_safe
@needs(May.IMPORT)
def result(request: HttpRequest, number: int) -> HttpResponse:
    """What became of an import: counts, and each mistake with its line."""
    _of_all_markets(request)
    one = get_object_or_404(Import.objects.select_related("person"), pk=number)
    context = {
        "import": one,
        "state": importing.state_of(one, now()),
        "why": importing.Why(one.why).label if one.why else "",
        "kept": len(one.mistakes),
        "mistakes": [(it["line"], mistaken.in_words(it["reason"])) for it in one.mistakes],
    }
    return render(request, "shelf/catalogue/result.html", context)


def _of_all_markets(request: HttpRequest) -> Person:
    person = person_of(request)
    if not importing.may_import(person):
        raise PermissionDenied(_("A catalogue is of all markets; you work for some."))
    return person


def _choices(person: Person) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each filter, with "" for all."""
    markets = list(person.membership.markets.values_list("code", flat=True)) or list(
        Market.objects.values_list("code", flat=True)
    )
    every = [("", _("any"))]
    yes, no = (YES, _("yes")), (NO, _("no"))
    return {
        "standing": [*every, *((str(value), str(label)) for value, label in Standing.choices)],
        "state": [*every, *((str(value), str(label)) for value, label in State.choices)],
        "category": [*every, *((name, name) for name in _categories(person))],
        "market": [*every, *((code, code) for code in sorted(markets))],
        "children": [*every, yes, no, (UNSAID, _("not said"))],
        "exposed": [*every, yes, no],
        "vanished": [(NO, _("no")), (YES, _("yes")), ("", _("any"))],
        "sort": [
            ("title", _("title")),
            ("sku", _("SKU")),
            ("maker", _("maker")),
            ("changed", _("last change")),
        ],
    }


def _categories(person: Person) -> list[str]:
    """The categories of what somebody may see, remembered for some minutes."""
    markets = sorted(person.membership.markets.values_list("pk", flat=True))
    key = f"categories:{','.join(map(str, markets))}"
    known: list[str] | None = cache.get(key)
    if known is None:
        found = listings_of(person).exclude(category="").order_by("category")
        known = list(found.values_list("category", flat=True).distinct()[:CATEGORIES_MOST])
        cache.set(key, known, KNOWN_FOR)
    return known
