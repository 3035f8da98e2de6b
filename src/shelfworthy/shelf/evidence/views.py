"""Pages of the evidence: a listing with its verdict, an audit, and an upload."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from shelfworthy.audit.carrying import LARGEST
from shelfworthy.model import Identity
from shelfworthy.record import CannotRedact, Unreadable, load_evidence
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.evidence import incoming, kept, telling
from shelfworthy.shelf.evidence.exhibits import attachments, closed, exhibits
from shelfworthy.shelf.evidence.intake import NotNow, Refused, observer_of, take_in
from shelfworthy.shelf.evidence.judging import findings_in
from shelfworthy.shelf.evidence.seeing import audit_of, audits_of, judgement_for, seen_by
from shelfworthy.shelf.models import Audit, Letter, Listing, Observer, Person, Standing, Verdict
from shelfworthy.shelf.people.permission import listing_of, listings_of, may, needs, person_of
from shelfworthy.shelf.people.roles import May

HISTORY = 20  # changes, and decisions, that are shown
AUDITS = 50
FORM = 1 << 20  # bytes of an upload that are no parcel
SEALED = "default-src 'none'; sandbox"  # what an attachment may do: nothing


class Upload(forms.Form):
    """A parcel, and whose evidence it is."""

    parcel = forms.FileField(label=gettext_lazy("Parcel (a .tar file)"))
    observer = forms.ModelChoiceField(
        Observer.objects.order_by("name"),
        required=False,
        label=gettext_lazy("Whose evidence it is"),
        empty_label=gettext_lazy("ours: the shop's own"),
    )


@require_safe
@needs(May.SEE)
def listing(request: HttpRequest, sku: str) -> HttpResponse:
    """A listing: what it is, its verdict with the reasons, the evidence, and what was decided."""
    person, at = person_of(request), now()
    one = listing_of(person, sku)
    audits = _audits(one)
    verdict: Verdict | None = getattr(one, "verdict", None)
    context = {
        "listing": one,
        "verdict": verdict,
        "standing": Standing(verdict.standing) if verdict else Standing.NONE,
        "page": _page(person, one, verdict, audits, at),
        "audits": audits,
        "markets": [market.code for market in one.markets.order_by("code")],
        "changes": one.changes.order_by("-pk")[:HISTORY],
        "decisions": one.decisions.select_related("person").order_by("-number")[:HISTORY],
        "relations": _relations(one, person),
        "may_decide": may(person, May.DECIDE) or may(person, May.PROPOSE),
        "may_ask": may(person, May.DECIDE),
        "may_push": may(person, May.PUSH),
        "asked": _asked(one) if may(person, May.DECIDE) else (),
    }
    return render(request, "shelf/evidence/listing.html", context)


@require_safe
@needs(May.SEE)
def audit(request: HttpRequest, digest: str) -> HttpResponse:
    """An audit: its looks, what was seen, what was not."""
    person, at = person_of(request), now()
    one = audit_of(person, digest)
    folder = kept.folder_of(one.digest)
    try:
        findings = findings_in(folder)
        shown = exhibits(folder, findings, seen_by(person, findings, at))
    except (Unreadable, CannotRedact, OSError):
        return render(request, "shelf/evidence/unreadable.html", {"audit": one}, status=503)
    context = {
        "audit": one,
        "observers": Audit.objects.filter(digest=one.digest).select_related("observer").order_by("pk"),
        "listings": listings_of(person).filter(product=one.product_id).order_by("sku")[:AUDITS],
        "shown": shown,
    }
    return render(request, "shelf/evidence/audit.html", context)


@require_safe
@needs(May.SEE)
def attachment(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """A file that belongs to the evidence: to be saved, and never shown."""
    person, at = person_of(request), now()
    one = audit_of(person, digest)
    folder = kept.folder_of(one.digest)
    try:
        findings = findings_in(folder)
        allowed = attachments(load_evidence(folder), findings, seen_by(person, findings, at))
        if name not in allowed:
            raise Http404
        file = (folder / "evidence" / "attachments" / name).open("rb")
    except (Unreadable, CannotRedact, OSError):
        raise Http404 from None
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer.headers["Content-Security-Policy"] = SEALED
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@needs(May.SEE)
def audits(request: HttpRequest) -> HttpResponse:
    """The evidence that came in last."""
    person = person_of(request)
    context = {
        "audits": audits_of(person).order_by("-pk")[:AUDITS],
        "may_push": may(person, May.PUSH),
    }
    return render(request, "shelf/evidence/audits.html", context)


@csrf_exempt  # for the moment: how long it is, is asked before it is read; `_upload` is protected
@require_http_methods(["GET", "HEAD", "POST"])
@needs(May.PUSH)
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a parcel from a person's own disk."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method == "POST" and (not length.isdecimal() or int(length) > LARGEST + FORM):
        words = _("A parcel has at most %(most)s MiB.") % {"most": LARGEST >> 20}
        context = {"form": Upload(label_suffix=""), "refused": words}
        return render(request, "shelf/evidence/upload.html", context, status=413)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = Upload(request.POST or None, request.FILES or None, label_suffix="")
    refused, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        observer = form.cleaned_data["observer"] or observer_of(person)
        try:
            return redirect("audit", _take(form.cleaned_data["parcel"], observer, person).digest)
        except Refused as why:
            refused = str(why)
            status = 503 if isinstance(why, NotNow) else 422
    return render(request, "shelf/evidence/upload.html", {"form": form, "refused": refused}, status=status)


def _take(parcel: "UploadedFile[Any]", observer: Observer, person: Person) -> Audit:
    """Take in what was uploaded. Raises Refused."""
    try:
        with incoming.spooled(parcel.read) as path:
            return take_in(path, observer, person)
    except incoming.TooMuch as much:
        raise Refused(str(much)) from None


def _audits(one: Listing) -> list[Audit]:
    """The evidence about what a listing is, newest first."""
    if one.product is None:
        return []
    return list(one.product.audits.select_related("observer").order_by("-last_look_at", "-pk")[:AUDITS])


def _page(
    person: Person, one: Listing, verdict: Verdict | None, audits: list[Audit], at: datetime
) -> telling.Page | None:
    known = judgement_for(person, verdict, at) if verdict is not None else None
    if known is None:
        return None
    judgement, seen = known
    wanted = {id for finding in seen for id in finding.evidence} - closed(judgement.findings, seen)
    return telling.page(judgement, seen, _identity(one), _places(audits, wanted))


def _places(audits: list[Audit], wanted: set[str]) -> dict[str, str]:
    """Which evidence holds an observation."""
    found: dict[str, str] = {}
    for one in dict.fromkeys(audit.digest for audit in audits):
        folder = kept.folder_of(one) / "evidence" / "observations"
        found.update((id, one) for id in _ids(folder) if id in wanted and id not in found)
    return found


def _ids(folder: Path) -> list[str]:
    try:
        return [path.stem for path in folder.iterdir()]
    except OSError:
        return []


def _identity(one: Listing) -> Identity:
    product = one.product
    return Identity(
        name=product.name if product else one.title,
        vendor=product.vendor if product else one.maker,
        category=one.category,
        for_children=one.for_children,
    )


def _asked(one: Listing) -> list[tuple[Letter, object]]:
    """The letters that asked for what is missing, with their titles, newest first."""
    from shelfworthy.shelf.deciding.asking import TITLES

    asked = one.letters.filter(decision=None).defer("content").order_by("-pk")[:HISTORY]
    return [(letter, TITLES[letter.kind]) for letter in asked]


def _relations(one: Listing, person: Person) -> Any:  # noqa: ANN401 - the catalogue's
    from shelfworthy.shelf.catalogue.relations import relations_of

    return relations_of(one.product, person) if one.product is not None else ()
