"""The page that shows the log, and the log as a file."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shelfworthy.shelf.models import Entry
from shelfworthy.shelf.people.done import named
from shelfworthy.shelf.people.forms import LogFilter
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import needs, person_of
from shelfworthy.shelf.people.roles import May

MOST = 100  # lines of a page
AT_ONCE = 2000  # lines that are held in memory while a file is written


@require_safe
@needs(May.READ_LOG)
def log(request: HttpRequest) -> HttpResponse:
    """The newest lines first; `before` is the number of the last one seen."""
    form = LogFilter(request.GET)
    found = _found(form)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.select_related("person").order_by("-pk")[: MOST + 1])
    asked = {name: value for name, value in request.GET.items() if value and name in form.fields}
    more = urlencode({**asked, "before": rows[MOST - 1].pk}) if len(rows) > MOST else ""
    page = {"form": form, "entries": rows[:MOST], "more": more, "asked": urlencode(asked)}
    return render(request, "shelf/people/log.html", page)


@require_safe
@needs(May.READ_LOG)
def export(request: HttpRequest) -> HttpResponseBase:
    """The lines that the page's filter finds, oldest first, as CSV. That they were taken is a line, too."""
    form = LogFilter(request.GET)
    found = _found(form).select_related("person").order_by("pk")
    note(person_of(request), "took the log", words=request.META.get("QUERY_STRING", ""), request=request)
    return StreamingHttpResponse(
        _lines(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="shelf-log.csv"'},
    )


def _found(form: LogFilter) -> QuerySet[Entry]:
    """What a filter finds; one that is not understood finds nothing."""
    if not form.is_valid():
        return Entry.objects.none()
    given, found = form.cleaned_data, Entry.objects.all()
    if given["person"]:
        found = found.filter(person=given["person"])
    if given["action"]:
        called = Q(action__icontains=given["action"]) | Q(action__in=named(given["action"]))
        found = found.filter(called)
    if given["object"]:
        found = found.filter(object__icontains=given["object"])
    if given["since"]:
        found = found.filter(at__gte=datetime.combine(given["since"], time(), UTC))
    if given["until"]:
        found = found.filter(at__lt=datetime.combine(given["until"] + timedelta(days=1), time(), UTC))
    return found


def _lines(found: QuerySet[Entry]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("number", "at", "person", "name", "action", "object", "words", "address"))
    for one in found.iterator(AT_ONCE):
        name = str(one.person) if one.person else ""
        row = (one.pk, one.at.isoformat(), one.person_id or "", name, one.action, one.object, one.words)
        writer.writerow(tuple(_cell(value) for value in (*row, one.address)))
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
