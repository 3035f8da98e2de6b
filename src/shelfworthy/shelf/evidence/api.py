"""The API of the evidence: send an audit, whole or in parts; what came in; the verdict of a listing."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from shelfworthy.audit.carrying import LARGEST, MEDIA_TYPE
from shelfworthy.model import Outcome
from shelfworthy.report.sentences import sentence
from shelfworthy.shelf.api.frame import Problem, caller, needs, page
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding.reading import as_read
from shelfworthy.shelf.evidence import incoming
from shelfworthy.shelf.evidence.intake import NotNow, Refused, is_there, take_in
from shelfworthy.shelf.evidence.kept import DIGEST
from shelfworthy.shelf.evidence.seeing import audits_of, judgement_for
from shelfworthy.shelf.models import Audit, Listing, Observer, Person, Token
from shelfworthy.shelf.people.permission import listing_of, listings_of
from shelfworthy.shelf.people.roles import May

router = Router(tags=["evidence"])
STANDINGS = 100  # of the listings of a product that an answer tells


class ListingStanding(Schema):
    """Where a listing stands."""

    sku: str
    standing: str


class TakenIn(Schema):
    """Evidence on the shelf. product: its key. listings: those that are judged by it."""

    digest: str
    product: str
    name: str
    vendor: str
    observer: str
    origin: str
    firmware: str
    app: str
    received_at: datetime
    first_look_at: datetime | None
    last_look_at: datetime | None
    size: int
    listings: list[ListingStanding]


class Audits(Schema):
    """A page of evidence. next: the cursor of the next page, "" at the end."""

    items: list[TakenIn]
    next: str


class Part(Schema):
    """How much of a parcel is there. taken_in: whether it came whole and counts."""

    have: int
    taken_in: bool


class FindingOut(Schema):
    """A finding, as the caller may see it."""

    id: str
    key: str
    check: str
    surface: str
    outcome: str
    severity: str | None
    because: str
    seen_at: datetime


class VerdictOut(Schema):
    """The current verdict of a listing. findings: those that decide against it.

    digest: names what the verdict says and what of the listing is where. Who decides to list or reinstate
    sends it, and so says what they have read."""

    sku: str
    standing: str
    answers: dict[str, str]
    exposed: bool
    evidence_digest: str
    rules_digest: str
    judged_at: datetime | None
    until: datetime | None
    undetermined_since: datetime | None
    digest: str
    findings: list[FindingOut]


@router.post("/audits", response={200: TakenIn, 201: TakenIn})
@needs(May.PUSH)
def push(request: HttpRequest) -> Any:  # noqa: ANN401 - ninja's
    """Send an audit as `shelfworthy push` packs it (application/x-tar). Sent twice, it is the same audit."""
    _announced(request)
    token = _token(request)
    try:
        with incoming.spooled(request.read) as parcel:
            audit, new = _taken(parcel, token)
    except incoming.TooMuch as much:
        raise Problem(413, "Too large", str(much)) from None
    return Status(201 if new else 200, _out(audit, token.person))


@router.get("/audits/{digest}/part", response=Part)
@needs(May.PUSH)
def part(request: HttpRequest, digest: str, redacted: int = 0) -> Any:  # noqa: ANN401 - ninja's
    """How much of a parcel has come that is sent in parts. redacted: how often it was redacted, on record."""
    token = _token(request)
    _sound(digest)
    taken = is_there(digest, _observer(token), redacted)
    return {"have": incoming.have(token.pk, digest), "taken_in": taken}


@router.put("/audits/{digest}/part", response={200: Part, 201: Part, 202: Part})
@needs(May.PUSH)
def add(request: HttpRequest, digest: str, at: int, of: int, redacted: int = 0) -> Any:  # noqa: ANN401 - ninja's
    """Send the part of a parcel that begins at byte `at`, of `of` in all. With the last it is taken in (201).

    digest: of the evidence, which the parcel must turn out to be.
    """
    _announced(request)
    token = _token(request)
    _sound(digest)
    if not 0 <= at <= of <= LARGEST:
        raise Problem(422, "No such part", f"Expected 0 ≤ at ≤ of ≤ {LARGEST}.")
    if is_there(digest, _observer(token), redacted):
        return Status(200, {"have": of, "taken_in": True})
    try:
        with incoming.added(token.pk, digest, at, request.read) as (parcel, there):
            if there < of:
                return Status(202, {"have": there, "taken_in": False})
            try:
                _taken(parcel, token, digest)
            finally:
                incoming.forget(token.pk, digest)
    except incoming.Elsewhere as elsewhere:
        words = "Send what follows the bytes that are there."
        raise Problem(409, "Another part", words, have=elsewhere.have) from None
    except incoming.TooMuch as much:
        raise Problem(413, "Too large", str(much)) from None
    return Status(201, {"have": of, "taken_in": True})


@router.get("/audits", response=Audits)
@needs(May.SEE)
def audits(request: HttpRequest, cursor: str = "", limit: int = 100) -> Any:  # noqa: ANN401 - ninja's
    """The evidence that came in, oldest first."""
    person = caller(request)
    rows, following = page(audits_of(person), cursor, limit)
    told = _standings(person, [one.product_id for one in rows])
    return {"items": [_fields(one, told.get(one.product_id, [])) for one in rows], "next": following}


@router.get("/audits/{digest}", response=TakenIn)
@needs(May.SEE)
def audit(request: HttpRequest, digest: str) -> Any:  # noqa: ANN401 - ninja's
    """One evidence."""
    person = caller(request)
    _sound(digest)
    found = audits_of(person).filter(digest=digest).order_by("pk").first()
    if found is None:
        raise Problem(404, "No such evidence", "No evidence that you may see has this digest.")
    return _out(found, person)


@router.get("/listings/{sku}/verdict", response=VerdictOut)
@needs(May.SEE)
def verdict(request: HttpRequest, sku: str) -> Any:  # noqa: ANN401 - ninja's
    """The current verdict of a listing, with what decides against it as far as the caller may see it."""
    person, at = caller(request), now()
    listing = listing_of(person, sku)
    row = getattr(listing, "verdict", None)
    if row is None:
        return {
            "sku": sku, "standing": "nobody looked", "answers": {}, "exposed": False, "evidence_digest": "",
            "rules_digest": "", "judged_at": None, "until": None, "undetermined_since": None,
            "digest": as_read(listing, None), "findings": [],
        }  # fmt: skip
    known = judgement_for(person, row, at)
    failing = frozenset(row.failing)
    shown = [one for one in known[1] if one.key in failing and one.outcome is Outcome.FAIL] if known else []
    return {
        "sku": listing.sku, "standing": row.standing, "answers": row.answers, "exposed": row.exposed,
        "evidence_digest": row.evidence_digest, "rules_digest": row.rules_digest, "judged_at": row.judged_at,
        "until": row.until, "undetermined_since": row.undetermined_since,
        "digest": as_read(listing, row),
        "findings": [
            {
                "id": one.id, "key": one.key, "check": one.check, "surface": one.surface,
                "outcome": one.outcome, "severity": one.severity, "because": sentence(one),
                "seen_at": one.seen_at,
            }
            for one in shown
        ],
    }  # fmt: skip


def _announced(request: HttpRequest) -> None:
    """Refuse before a byte is read what would be refused afterwards."""
    if request.content_type not in (MEDIA_TYPE, "application/octet-stream"):
        raise Problem(415, "No parcel", f"Send Content-Type: {MEDIA_TYPE}, as `shelfworthy push` does.")
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise Problem(411, "Length missing", "Send Content-Length.")
    if int(length) > LARGEST:
        raise Problem(413, "Too large", f"A parcel has at most {LARGEST >> 20} MiB.")


def _taken(parcel: Any, token: Token, expected: str = "") -> tuple[Audit, bool]:  # noqa: ANN401 - a path
    newest = Audit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        audit = take_in(parcel, _observer(token), token.person, expected=expected)
    except NotNow as fault:
        raise Problem(503, "Not now", str(fault)) from None
    except Refused as why:
        raise Problem(422, "Refused", str(why)) from None
    return audit, audit.pk > newest


def _observer(token: Token) -> Observer:
    if token.observer is None:
        words = "This token sends nobody's evidence. Ask an administrator for one that names an observer."
        raise Problem(403, "Not allowed", words)
    return token.observer


def _token(request: HttpRequest) -> Token:
    token: Token = request.token  # type: ignore[attr-defined] # set by `ByToken`
    return token


def _sound(digest: str) -> None:
    if not DIGEST.fullmatch(digest):
        raise Problem(404, "No such evidence", "A digest has 64 hexadecimal digits.")


def _out(audit: Audit, person: Person) -> dict[str, Any]:
    return _fields(audit, _standings(person, [audit.product_id]).get(audit.product_id, []))


def _fields(audit: Audit, listings: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "digest": audit.digest, "product": audit.product.key, "name": audit.product.name,
        "vendor": audit.product.vendor, "observer": audit.observer.name, "origin": audit.observer.origin,
        "firmware": audit.firmware, "app": audit.app, "received_at": audit.received_at,
        "first_look_at": audit.first_look_at, "last_look_at": audit.last_look_at, "size": audit.size,
        "listings": listings,
    }  # fmt: skip


def _standings(person: Person, products: list[int]) -> dict[int, list[dict[str, str]]]:
    """Where the listings of these products stand that somebody may see, so many of each."""
    rows = listings_of(person).filter(product__in=products).select_related("verdict").order_by("sku")
    found: dict[int, list[dict[str, str]]] = {}
    for one in rows[: STANDINGS * len(products)]:
        assert one.product_id is not None
        told = found.setdefault(one.product_id, [])
        if len(told) < STANDINGS:
            told.append({"sku": one.sku, "standing": _standing(one)})
    return found


def _standing(listing: Listing) -> str:
    row = getattr(listing, "verdict", None)
    return row.standing if row is not None else "nobody looked"
