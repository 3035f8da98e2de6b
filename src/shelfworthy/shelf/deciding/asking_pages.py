"""The page on which somebody asks the maker or the seller for what is missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import asking
from shelfworthy.shelf.deciding.forms import AskForm
from shelfworthy.shelf.people.permission import listing_of, needs, person_of
from shelfworthy.shelf.people.roles import May


@needs(May.DECIDE)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, sku: str) -> HttpResponse:
    """What would be asked, of whom, and by when it is to be answered."""
    person, at = person_of(request), now()
    listing = listing_of(person, sku)
    form = AskForm(at.date(), asking.by_default(at), request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = asking.make(listing, asking.To(said["to"]), said["answer_by"], person)
        except asking.NothingOpen as wrong:
            messages.error(request, str(wrong))
        else:
            return redirect("letter", made.pk, "html")
    context = {"listing": listing, "form": form, "questions": asking.questions(listing, at)}
    return render(request, "shelf/deciding/ask.html", context, status=422 if form.is_bound else 200)
