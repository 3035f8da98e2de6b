"""Pages of decisions: to decide, what was decided, and what waits for a second person."""

import csv
import json
from collections.abc import Iterator
from typing import Any

import msgspec
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shelfworthy.audience import Reader, visible
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import judged, policies, proposals, shown
from shelfworthy.shelf.deciding.chain import Conflict, head
from shelfworthy.shelf.deciding.finding import decision_of, decisions_of, filtered, proposals_of
from shelfworthy.shelf.deciding.forms import AnswerForm, DecideForm
from shelfworthy.shelf.deciding.letters import TITLES
from shelfworthy.shelf.evidence.marks import marks_of
from shelfworthy.shelf.models import Action, Decision, Listing, Person, Verdict
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import listing_of, markets_of, may, needs, person_of, reader_of
from shelfworthy.shelf.people.roles import May

ON_A_PAGE = 50
AT_ONCE = 500  # decisions of an export
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out


@needs(May.PROPOSE)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, sku: str) -> HttpResponse:
    """The decision form of a listing: a decision, or a proposal where it takes somebody else."""
    person = person_of(request)
    listing = listing_of(person, sku)
    form = DecideForm(listing, person, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = _decided(form.cleaned_data, listing, person)
        except Conflict as why:
            messages.error(request, str(why))
            listing = listing_of(person, sku)
            form, status = DecideForm(listing, person), 409  # as it is now, to be filled in again
        except (proposals.NotTheirs, ValueError) as wrong:
            form.add_error(None, str(wrong))
        else:
            if isinstance(made, Decision):
                messages.success(request, _("Decided: decision %(number)d.") % {"number": made.number})
                return redirect("decision", made.number)
            messages.success(request, _("Proposed. Somebody else has to agree before it is done."))
            return redirect("proposals")
    verdict: Verdict | None = getattr(listing, "verdict", None)
    people, rule = policies.people_for(listing, verdict, now())
    context = {
        "listing": listing,
        "verdict": verdict,
        "findings": _findings(verdict, reader_of(person)),
        "form": form,
        "people": people,
        "rule": rule,
        "decides": may(person, May.DECIDE),
    }
    return render(request, "shelf/deciding/decide.html", context, status=422 if form.errors else status)


@needs(May.SEE)
@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided, the newest first, by filters."""
    person = person_of(request)
    rows = filtered(decisions_of(person), request.GET).order_by("-number")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(number__lt=int(before[:18]))
    found = list(rows[: ON_A_PAGE + 1])
    asked = request.GET.copy()
    if more := len(found) > ON_A_PAGE:
        asked["before"] = str(found[ON_A_PAGE - 1].number)
    number, hash = head()
    context = {
        "decisions": shown.told(found[:ON_A_PAGE], reader_of(person), now()),
        "asked": request.GET,
        "query": _query(request),
        "older": asked.urlencode() if more else "",
        "actions": Action.choices,
        "number": number,
        "hash": hash,
        "may_share": may(person, May.SHARE),
    }
    return render(request, "shelf/deciding/decisions.html", context)


@needs(May.SEE)
@require_GET
def exported(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The same as CSV or JSON, all of it."""
    person = person_of(request)
    rows = filtered(decisions_of(person), request.GET)
    note(person, "decisions: exported", form, request.GET.urlencode()[:500], request=request)
    told = _all(rows, reader_of(person))
    if form == "csv":
        answer = StreamingHttpResponse(_csv(told), content_type="text/csv; charset=utf-8")
    else:
        answer = StreamingHttpResponse(_json(told), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="decisions.{form}"'
    return answer


@needs(May.SEE)
@require_GET
def decision(request: HttpRequest, number: int) -> HttpResponse:
    """One decision: what it says, what it rests on, and the letters there are."""
    person = person_of(request)
    one = decision_of(person, number)
    at = now()
    context = {
        "one": one,
        "told": shown.told([one], reader_of(person), at)[0],
        "findings": shown.findings(one, reader_of(person), at),
        "letters": [(letter, TITLES.get(letter.kind)) for letter in one.letters.select_related("person")]  # type: ignore[call-overload] # a Kind is a str
        if may(person, May.DECIDE)
        else [],
        "kinds": TITLES.items() if may(person, May.DECIDE) else (),
    }
    return render(request, "shelf/deciding/decision.html", context)


@needs(May.SEE)
@require_GET
def proposed(request: HttpRequest) -> HttpResponse:
    """What waits for somebody else, and what became of the last proposals."""
    person = person_of(request)
    rows = proposals_of(person)
    waiting, whole = (
        list(rows.filter(done_at__isnull=True).order_by("at", "pk")[:200]),
        not markets_of(person),
    )
    context = {
        "waiting": [(one, whole or proposals.is_theirs(person, one)) for one in waiting],
        "done": list(rows.filter(done_at__isnull=False).order_by("-done_at", "-pk")[:ON_A_PAGE]),
        "person": person,
        "decides": may(person, May.DECIDE),
    }
    return render(request, "shelf/deciding/proposals.html", context)


@needs(May.PROPOSE)
@require_POST
def answered(request: HttpRequest, proposal: int) -> HttpResponse:
    """Yes or no to a proposal."""
    person = person_of(request)
    one = get_object_or_404(proposals_of(person), pk=proposal)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether you agree."))
        return redirect("proposals")
    words = form.cleaned_data["words"]
    try:
        if form.cleaned_data["says"] == "refuse":
            proposals.refuse(one.pk, person, words)
            messages.success(request, _("Refused."))
            return redirect("proposals")
        made = proposals.second(one.pk, person, words)
    except (proposals.NotTheirs, proposals.Overtaken, Conflict, ValueError) as why:
        messages.error(request, str(why))
        return redirect("proposals")
    if isinstance(made, Decision):
        messages.success(request, _("Decided: decision %(number)d.") % {"number": made.number})
        return redirect("decision", made.number)
    messages.success(request, _("It is your proposal now, and waits for a second decider."))
    return redirect("proposals")


def _decided(said: dict[str, Any], listing: Listing, person: Person) -> object:
    return proposals.decide_or_propose(
        listing,
        Action(said["action"]),
        said["reason"],
        said["words"],
        person,
        seen=said["expected"],
        read=said["verdict"],
        markets=said.get("markets", ()),
        skus=said["skus"],
        lots=said["lots"],
    )


def _findings(verdict: Verdict | None, reader: Reader) -> list[shown.ToldFinding]:
    if verdict is None:
        return []
    found = visible(judged.failing(verdict), reader, now(), marks_of(verdict.failing))
    return [shown.worded(one) for one in found]


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("before", None)
    return asked.urlencode()


def _all(rows: QuerySet[Decision], reader: Reader) -> Iterator[shown.Told]:
    """All of them, so many at once."""
    last = 0
    while several := list(rows.filter(number__gt=last).order_by("number")[:AT_ONCE]):
        last = several[-1].number
        yield from shown.told(several, reader, now())


class _Lines:
    """What csv writes to: it hands back each line."""

    def write(self, line: str) -> str:
        return line


def _csv(told: Iterator[shown.Told]) -> Iterator[str]:
    writer = csv.writer(_Lines())
    yield writer.writerow(shown.Told.__struct_fields__)
    for one in told:
        yield writer.writerow([_cell(value) for value in msgspec.structs.astuple(one)])


def _cell(value: object) -> str:
    text = " ".join(value) if isinstance(value, tuple) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _json(told: Iterator[shown.Told]) -> Iterator[str]:
    yield "["
    for number, one in enumerate(told):
        yield ("," if number else "") + json.dumps(msgspec.to_builtins(one), ensure_ascii=False) + "\n"
    yield "]\n"
