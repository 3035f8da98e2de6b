"""The page of the policy: read, check, try on today's catalogue, switch on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shelfworthy.product.mistakes import BadFile
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import policies
from shelfworthy.shelf.deciding.dry_run import dry_run
from shelfworthy.shelf.deciding.forms import PolicyForm
from shelfworthy.shelf.deciding.policy import lines, read, shipped
from shelfworthy.shelf.models import Policy
from shelfworthy.shelf.people.permission import listings_of, may, needs, person_of
from shelfworthy.shelf.people.roles import May

EARLIER = 20  # policies that are listed


@needs(May.SEE)
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """1. The policy in force, or the one that is shipped. 2. Checked. 3. Tried. 4. Switched on."""
    person = person_of(request)
    active = policies.in_force()  # 1
    context: dict[str, object] = {
        "active": active,
        "earlier": Policy.objects.filter(active_from__isnull=False)
        .select_related("person")
        .order_by("-active_from")[:EARLIER],
        "sets": may(person, May.SET_POLICY),
    }
    if request.method == "GET":
        form = PolicyForm(initial={"text": active.text if active else shipped()})
        return render(request, "shelf/deciding/policy.html", context | {"form": form})
    if not may(person, May.SET_POLICY):
        raise PermissionDenied
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return render(request, "shelf/deciding/policy.html", context | {"form": form}, status=422)
    text = form.cleaned_data["text"].replace("\r\n", "\n")
    try:
        book = read(text, policies.names())  # 2
    except BadFile as wrong:
        context |= {"form": form, "mistakes": list(lines(wrong))}
        return render(request, "shelf/deciding/policy.html", context, status=422)
    if request.POST.get("do") == "switch on":
        policies.switch_on(policies.keep(text, person), person)  # 4
        messages.success(request, _("This policy is in force from now on."))
        return redirect("policy")
    context |= {"form": form, "tried": dry_run(book, listings_of(person), now()), "book": book}  # 3
    return render(request, "shelf/deciding/policy.html", context)
