"""The API of the catalogue: imports, and listings one by one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from shelfworthy.shelf.api.frame import MOST, Problem, ProblemSaid, caller, needs, page
from shelfworthy.shelf.catalogue import editing, finding, importing
from shelfworthy.shelf.catalogue.finding import HEAVY, masked, shown
from shelfworthy.shelf.catalogue.rows import Form
from shelfworthy.shelf.catalogue.schemas import (
    ImportSaid,
    ListingChanged,
    ListingSaid,
    ListingsSaid,
    ListingWhole,
    import_said,
    listing_said,
)
from shelfworthy.shelf.catalogue.wanted import DAYS_MOST, FILTERS, NO, Wanted
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Import, Listing, Person
from shelfworthy.shelf.people.permission import listing_of, reader_of
from shelfworthy.shelf.people.roles import May

router = Router(tags=["catalogue"])
NO_JSON = {400: ProblemSaid}
REFUSED = {401: ProblemSaid, 403: ProblemSaid, 422: ProblemSaid}
ABSENT = REFUSED | {404: ProblemSaid}
JSONL = ("application/x-ndjson", "application/jsonl", "application/json-lines")
KINDS = ("text/csv", *JSONL, "multipart/form-data")
TEXT = {"schema": {"type": "string", "format": "binary"}}
BODY = {
    "requestBody": {
        "required": True,
        "description": "The catalogue: CSV with names in the first line, or one JSON object a line.",
        "content": {
            "text/csv": TEXT,
            **dict.fromkeys(JSONL, TEXT),
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class Handed(Schema):
    """source: which of the shop's catalogues it is. whole: it names all of it, so what it lacks vanishes."""

    source: str = Field(importing.SOURCE, pattern=r"^[\w-]{1,60}$")
    name: str = Field("", max_length=300)
    whole: bool = True


class Asked(Schema):
    """Filters, as on the page; children: yes, no or "not said"; exposed, vanished: yes or no, "" for both.
    undetermined_days: it cannot be determined for at least so many days."""

    q: str = Field("", max_length=200)
    standing: str = Field("", pattern="^(not met|cannot determine|met|nobody looked|)$")
    state: str = Field("", pattern="^(listed|held|withdrawn|)$")
    category: str = Field("", max_length=60)
    market: str = Field("", max_length=20)
    maker: str = Field("", max_length=300)
    children: str = Field("", pattern="^(yes|no|not said|)$")
    exposed: str = Field("", pattern="^(yes|no|)$")
    undetermined_days: int | None = Field(
        None, ge=1, le=DAYS_MOST, description="It cannot be determined for at least so many days."
    )
    vanished: str = Field(NO, pattern="^(yes|no|)$")
    cursor: str = Field("", max_length=100)
    limit: int = Field(100, ge=1, le=MOST)


@router.post(
    "/imports", response={201: ImportSaid, 400: ProblemSaid, 415: ProblemSaid, **REFUSED}, openapi_extra=BODY
)
@needs(May.IMPORT)
def import_catalogue(request: HttpRequest, handed: Query[Handed]) -> Status[ImportSaid]:
    """Import a catalogue; answers when it is done. Lines that cannot be read are told, others kept."""
    person = _of_all_markets(request)
    kind = request.content_type
    name, form = handed.name, Form.JSONL if kind in JSONL else Form.CSV
    if kind == "multipart/form-data":
        file = request.FILES.get("file")
        if file is None:
            raise Problem(422, "There is no file", "Send it as the part `file`.")
        name = name or file.name or ""
        form = Form.JSONL if (file.name or "").endswith((".jsonl", ".ndjson")) else Form.CSV
        done = importing.run(file, name, person, form, source=handed.source, whole=handed.whole)
    elif kind in ("text/csv", *JSONL):
        name = name or f"{form} of {now():%Y-%m-%d}"
        body = _Body(request)
        done = importing.run(body, name, person, form, source=handed.source, whole=handed.whole)
    else:
        raise Problem(415, "Not a catalogue", f"Expected one of: {', '.join(KINDS)}.")
    return Status(201, import_said(done, now()))


@router.get("/imports/{number}", response={200: ImportSaid, **ABSENT})
@needs(May.IMPORT)
def get_import(request: HttpRequest, number: int) -> ImportSaid:
    """What became of an import."""
    _of_all_markets(request)
    one = Import.objects.filter(pk=number).first() if 0 < number < 1 << 63 else None
    if one is None:
        raise Problem(404, "No such import", f"There is no import {number}.")
    return import_said(one, now())


@router.get("/listings", response={200: ListingsSaid, **REFUSED})
@needs(May.SEE)
def get_listings(request: HttpRequest, asked: Query[Asked]) -> ListingsSaid:
    """Listings that are so, in the order in which they came."""
    person = caller(request)
    at = now()
    covered = masked(reader_of(person), at)
    said: dict[str, Any] = {
        name: "" if value is None else str(value).replace("\0", "")
        for name, value in asked.dict().items()
        if name in FILTERS
    }
    found = finding.listings(person, Wanted(**said), covered, at)
    found = found.select_related("product", "verdict").defer(*HEAVY).prefetch_related("markets")
    rows, after = page(found, asked.cursor, asked.limit)
    return ListingsSaid(items=[listing_said(row) for row in shown(rows, covered)], next=after)


@router.get("/listings/{sku}", response={200: ListingSaid, **ABSENT})
@needs(May.SEE)
def get_listing(request: HttpRequest, sku: str) -> ListingSaid:
    """One listing."""
    return _said(_found(request, sku), caller(request))


@router.put("/listings/{sku}", response={200: ListingSaid, 201: ListingSaid, **NO_JSON, **REFUSED})
@needs(May.IMPORT)
def put_listing(request: HttpRequest, sku: str, said: ListingWhole) -> Status[ListingSaid]:
    """Make a listing what is said, or insert it. One that had vanished is back."""
    given = {name: value for name, value in said.dict().items() if name not in TYING or value is not None}
    return _put(request, sku, given)


@router.patch("/listings/{sku}", response={200: ListingSaid, **NO_JSON, **ABSENT})
@needs(May.IMPORT)
def change_listing(request: HttpRequest, sku: str, said: ListingChanged) -> Status[ListingSaid]:
    """Change of a listing what is said, and leave the rest."""
    _found(request, sku)
    return _put(request, sku, said.dict(exclude_unset=True))


@router.delete("/listings/{sku}", response={204: None, **ABSENT})
@needs(May.IMPORT)
def take_listing_out(request: HttpRequest, sku: str) -> HttpResponse:
    """The shop no longer sells it: it vanishes, and its evidence and decisions stay."""
    person = _of_all_markets(request)
    editing.vanish(_found(request, sku), person)
    return HttpResponse(status=204)


class _Body:
    """The body of a request, line by line: all of it, or it is a failure; half a file must not look whole."""

    def __init__(self, request: HttpRequest) -> None:
        self._request, self._read = request, 0
        self._expected = int(request.META.get("CONTENT_LENGTH") or 0)

    def readline(self, size: int = -1, /) -> bytes:
        """As of a file. Raises Problem where it ends too early."""
        content = self._request.readline(size)
        self._read += len(content)
        if not content and self._read < self._expected:
            raise Problem(
                400, "The body is cut off", f"{self._read} of {self._expected} bytes came; send it again."
            )
        return content


TYING = frozenset({"product", "vendor", "model", "product_file"})


def _put(request: HttpRequest, sku: str, said: dict[str, object]) -> Status[ListingSaid]:
    person = _of_all_markets(request)
    try:
        new = editing.put(sku, said, person)
    except editing.Wrong as wrong:
        raise Problem(422, "This cannot be", str(wrong)) from wrong
    return Status(201 if new else 200, _said(_found(request, sku), person))


def _of_all_markets(request: HttpRequest) -> Person:
    person = caller(request)
    if not importing.may_import(person):
        raise Problem(
            403, "Not allowed", "The catalogue is of all markets; this token's person works for some."
        )
    return person


def _found(request: HttpRequest, sku: str) -> Listing:
    try:
        return listing_of(caller(request), sku)
    except Http404:
        words = "There is none of this SKU among those that you may see."
        raise Problem(404, "No such listing", words) from None


def _said(one: Listing, person: Person) -> ListingSaid:
    return listing_said(shown([one], masked(reader_of(person), now()))[0])
