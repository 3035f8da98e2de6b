"""Pages of letters: what would be in one, what of the rest is let out, and the letter as page and PDF."""

import base64
import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import letters, shown
from shelfworthy.shelf.deciding.finding import decision_of, letter_of
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import needs, person_of, reader_of
from shelfworthy.shelf.people.roles import May


@needs(May.DECIDE)
@require_http_methods(["GET", "POST"])
def letter_form(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """What would be in a letter; each finding that is not for outside has to be let out by itself."""
    person = person_of(request)
    decision = decision_of(person, number)
    try:
        asked = letters.Kind(kind)
    except ValueError:
        raise Http404 from None
    if request.method == "POST":
        try:
            made = letters.make(decision, asked, request.POST.getlist("lift")[:1000], person)
        except letters.NotLiftable as wrong:
            messages.error(request, str(wrong))
        else:
            return redirect("letter", made.pk, "html")
    at = now()
    _may, public, _whole = shown.for_outside(decision, at)
    context = {
        "one": decision,
        "kind": asked,
        "title": letters.TITLES[asked],
        "public": public,
        "hidden": shown.hidden_outside(decision, reader_of(person), at),
    }
    return render(request, "shelf/deciding/letter.html", context)


@needs(May.DECIDE)
@require_GET
def letter(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A letter as it was made. Its style is in it, so the page allows that one style and nothing else."""
    person = person_of(request)
    one = letter_of(person, pk)
    name = f"{one.kind}-{one.decision.number if one.decision else one.pk}"
    if form == "pdf":
        from shelfworthy.shelf.deciding.printing import pdf

        note(person, "letter: read as PDF", one.listing.sku, f"letter {one.pk}", request=request)
        answer = HttpResponse(pdf(one.content), content_type="application/pdf")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
        return answer
    answer = HttpResponse(one.content, content_type="text/html; charset=utf-8")
    style = one.content.partition("<style>")[2].partition("</style>")[0]
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{allowed}'; frame-ancestors 'none'; base-uri 'none'"
    )
    return answer
