"""The API of decisions: lists, decide, proposals, the policy tried, the gate."""

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from shelfworthy.product.mistakes import BadFile
from shelfworthy.record import Unreadable
from shelfworthy.shelf.api.frame import MOST, Problem, caller, needs, page
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import feed, parts, policies, proposals, shown
from shelfworthy.shelf.deciding import replay as again
from shelfworthy.shelf.deciding.automatic import covering
from shelfworthy.shelf.deciding.chain import MOST_NAMED, MOST_WORDS, Conflict
from shelfworthy.shelf.deciding.dry_run import dry_run
from shelfworthy.shelf.deciding.finding import decision_of, decisions_of, filtered, proposals_of
from shelfworthy.shelf.deciding.gate import Gate, Sale, passage
from shelfworthy.shelf.deciding.judged import Damaged
from shelfworthy.shelf.deciding.parts import market_of, name_of
from shelfworthy.shelf.deciding.policy import LONGEST, read
from shelfworthy.shelf.deciding.states import ACCEPTING
from shelfworthy.shelf.models import Action, Decision, Listing, Person, Proposal, State, Verdict
from shelfworthy.shelf.people.permission import listing_of, listings_of, reader_of
from shelfworthy.shelf.people.roles import May

router = Router(tags=["decisions"])
# Of a listing and its verdict. The keys of findings are long, and only needed where people decided last.
AT_THE_GATE = (
    *("sku", "state", "parts", "vanished_at"),
    *(f"verdict__{one}" for one in ("standing", "answers", "judged_at", "undetermined_since")),
)


class DecisionProblem(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""


UNREAD = (
    "To %(action)s it, say which verdict was read: ask GET /listings/{sku}/verdict, and send its `digest` as"
    " `verdict`."
)
NO_NUL = r"^[^\x00]*$"  # which PostgreSQL would not even compare
REFUSED = {401: DecisionProblem, 403: DecisionProblem, 422: DecisionProblem}
ABSENT = REFUSED | {404: DecisionProblem}
CONTESTED = ABSENT | {409: DecisionProblem}


class DecisionSaid(Schema):
    """A decision. left_out: whether it rests on findings that are not for this token.

    markets, skus, lots: what of the listing it is about; empty: all. before, after: of what it moved."""

    number: int
    at: datetime
    sku: str
    title: str
    action: str
    before: str
    after: str
    reason: str
    words: str
    rule: str
    policy: str
    person: str
    seconded_by: str
    markets: list[str]
    skus: list[str]
    lots: list[str]
    evidence: str
    rules: str
    finding_keys: list[str]
    finding_ids: list[str]
    left_out: bool
    previous: str
    hash: str


class Decisions(Schema):
    """A page of decisions. next: the cursor of the next page, "" at the end."""

    items: list[DecisionSaid]
    next: str


class ProposalSaid(Schema):
    """A proposal. outcome: "open" while it waits for another person; decision: what it became."""

    id: int
    at: datetime
    sku: str
    action: str
    before: str
    reason: str
    words: str
    because: str
    person: str
    markets: list[str]
    skus: list[str]
    lots: list[str]
    outcome: str
    done_at: datetime | None
    done_by: str
    answer: str
    decision: int | None


class Proposals(Schema):
    """A page of proposals. next: the cursor of the next page, "" at the end."""

    items: list[ProposalSaid]
    next: str


class Made(Schema):
    """What came of it: a decision, or a proposal that waits for somebody else."""

    decision: DecisionSaid | None = None
    proposal: ProposalSaid | None = None


class ToDecide(Schema):
    """A decision to be made. expected: the state of what it is about; in another nothing happens.

    verdict: what was read, as `GET /listings/{sku}/verdict` says it in `digest`; needed to list and to
    reinstate. Has the verdict changed since, or what of the listing is where, nothing happens.
    markets, skus, lots: what of the listing it is about; empty: all. Where parts of that are in different
    states, the gravest is expected, and the action moves those it can. A token for some markets names some of
    these where the listing is sold elsewhere too."""

    action: Action
    expected: State
    verdict: str = Field("", max_length=64)
    reason: str = Field(min_length=1, max_length=60)
    words: str = Field("", max_length=MOST_WORDS)
    markets: list[str] = Field([], max_length=MOST_NAMED)
    skus: list[str] = Field([], max_length=MOST_NAMED)
    lots: list[str] = Field([], max_length=MOST_NAMED)


class ToAnswer(Schema):
    """Words to go with an answer."""

    words: str = Field("", max_length=2000)


class ToTry(Schema):
    """A policy to be tried."""

    text: str = Field(max_length=LONGEST)


class WouldSaid(Schema):
    """What would happen to one listing."""

    sku: str
    title: str
    then: str
    rule: str
    reason: str


class DryRunSaid(Schema):
    """What a policy would do to today's catalogue. people: stay on sale because people decided so.

    whole: whether all listings were gone through before time was up.
    """

    listings: int
    counts: dict[str, int]
    by_rule: dict[str, int]
    people: int
    first: list[WouldSaid]
    left_out: int
    whole: bool


class TurnSaid(Schema):
    """An answer that became another."""

    id: str
    before: str
    after: str


class StepSaid(Schema):
    """One thing that is another today, and the answers that it changed."""

    what: str
    turns: list[TurnSaid]


class ReplaySaid(Schema):
    """A decision judged again."""

    number: int
    then: dict[str, str]
    today: dict[str, str]
    of_then_by_todays: dict[str, str]
    of_today_by_those_of_then: dict[str, str] | None
    steps: list[StepSaid]
    changed: list[str]
    says: list[str]


class GateSaid(Schema):
    """Whether it may be sold, with reasons. state: the gravest of what was asked about."""

    sku: str
    market: str
    variant: str
    lot: str
    answer: Gate
    reasons: list[str]
    state: State
    standing: str
    answers: dict[str, str]
    decision: int | None
    judged_at: str


class Part(Schema):
    """What is to be sold; of what is not said, the part counts that may least be sold.

    variant: a SKU below the listing's own, as decisions name it in `skus`."""

    market: str = Field("", max_length=20, pattern=NO_NUL)
    variant: str = Field("", max_length=100, pattern=NO_NUL)
    lot: str = Field("", max_length=100, pattern=NO_NUL)


class NoticesSaid(Schema):
    """How many entries of a feed were new."""

    new: int


class Asked(Schema):
    """Filters, as on the page; rule: "people" for decisions of people. from, until: days."""

    sku: str = Field("", max_length=100)
    action: str = Field("", pattern="^(list|hold|withdraw|reinstate|)$")
    rule: str = Field("", max_length=60)
    begin: str = Field("", alias="from", pattern=r"^(\d{4}-\d\d-\d\d|)$")
    until: str = Field("", pattern=r"^(\d{4}-\d\d-\d\d|)$")
    cursor: str = Field("", max_length=100)
    limit: int = Field(100, ge=1, le=MOST)


class Pages(Schema):
    """Where a list goes on."""

    cursor: str = Field("", max_length=100)
    limit: int = Field(100, ge=1, le=MOST)


FEED = {
    "requestBody": {
        "required": True,
        "content": {"application/atom+xml": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/gate/{sku}", response={200: GateSaid, **ABSENT})
@needs(May.SEE)
def gate(request: HttpRequest, sku: str, part: Query[Part]) -> HttpResponse:
    """Whether a listing, or a market, SKU or lot of it, may be sold: sell, do not sell, unknown; and why."""
    sold = Listing.markets.through.objects.filter(listing=OuterRef("pk"))
    rows = listings_of(caller(request)).select_related("verdict").only(*AT_THE_GATE).filter(sku=sku)
    market, variant, lot = market_of(part.market), name_of(part.variant), name_of(part.lot)
    if market:
        there = sold.filter(market__code=market)
        rows = rows.annotate(elsewhere=Exists(sold) & ~Exists(there))
    listing = rows.first()
    if listing is None:
        raise Problem(404, "Not found", "There is no such listing, or not for this token.")
    verdict: Verdict | None = getattr(listing, "verdict", None)
    current = parts.of(listing.state, listing.parts)
    decisions = covering(listing, current, "action", "reason", "rule", "finding_keys", "at")
    sale = Sale(
        market=market,
        variant=variant,
        lot=lot,
        sold=tuple(listing.markets.values_list("code", flat=True)) if current.steps and not market else (),
        elsewhere=getattr(listing, "elsewhere", False),
    )
    said = passage(listing, verdict, decisions, sale)
    return HttpResponse(msgspec.json.encode(said), content_type="application/json")


@router.get("/decisions", response={200: Decisions, **REFUSED})
@needs(May.SEE)
def decisions(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Decisions in the order of the chain, by filters."""
    person = caller(request)
    rows, following = page(filtered(decisions_of(person), request.GET), asked.cursor, asked.limit)
    return {"items": _decisions(rows, person), "next": following}


@router.get("/decisions/{int:number}", response={200: DecisionSaid, **ABSENT})
@needs(May.SEE)
def decision(request: HttpRequest, number: int) -> dict[str, Any]:
    """One decision."""
    person = caller(request)
    return _decisions([decision_of(person, number)], person)[0]


@router.get("/decisions/{int:number}/replay", response={200: ReplaySaid, **CONTESTED})
@needs(May.SEE)
def replay(request: HttpRequest, number: int) -> dict[str, Any]:
    """A decision judged again: whether product, rule, time or evidence changed its verdict."""
    try:
        made = again.replay(decision_of(caller(request), number), now())
    except (again.NotReplayable, Damaged, Unreadable) as why:
        raise Problem(409, "It cannot be judged again", str(why)) from None
    said: dict[str, Any] = msgspec.to_builtins(made)
    return said


@router.post("/listings/{sku}/decisions", response={201: Made, 202: Made, **CONTESTED})
@needs(May.PROPOSE)
def decide(request: HttpRequest, sku: str, wanted: ToDecide) -> Status[Any]:
    """Decide about a listing: 201 with the decision, or 202 with a proposal where it takes somebody else.

    A token that may propose and not decide proposes.
    """
    person = caller(request)
    listing = listing_of(person, sku)
    if wanted.action in ACCEPTING and not wanted.verdict:
        raise Problem(422, "It cannot be decided so", UNREAD % {"action": wanted.action})
    scopes: list[str] = request.token.scopes  # type: ignore[attr-defined] # set by `ByToken`
    try:
        made = proposals.decide_or_propose(
            listing, wanted.action, wanted.reason, wanted.words, person,
            expected=wanted.expected, read=wanted.verdict, markets=wanted.markets, skus=wanted.skus,
            lots=wanted.lots, only_propose=May.DECIDE not in scopes,
        )  # fmt: skip
    except proposals.NotTheirs as why:
        raise Problem(403, "Not allowed", str(why)) from None
    except Conflict as why:
        raise Problem(409, "It has changed meanwhile", str(why)) from None
    except ValueError as why:
        raise Problem(422, "It cannot be decided so", str(why)) from None
    return _made(made, person)


@router.get("/proposals", response={200: Proposals, **REFUSED})
@needs(May.SEE)
def list_proposals(request: HttpRequest, asked: Query[Pages]) -> dict[str, Any]:
    """Proposals, in the order they were made."""
    rows, following = page(proposals_of(caller(request)), asked.cursor, asked.limit)
    return {"items": [_proposal(one) for one in rows], "next": following}


@router.post("/proposals/{int:id}/second", response={201: Made, 202: Made, **CONTESTED})
@needs(May.DECIDE)
def second(request: HttpRequest, id: int, said: ToAnswer) -> Status[Any]:
    """Agree to a proposal: 201 with the decision, or 202 where it waits for one decider more."""
    person = caller(request)
    one = _proposal_of(person, id)
    try:
        made = proposals.second(one.pk, person, said.words)
    except proposals.NotTheirs as why:
        raise Problem(403, "Not allowed", str(why)) from None
    except (proposals.Overtaken, Conflict) as why:
        raise Problem(409, "It has changed meanwhile", str(why)) from None
    except ValueError as why:
        raise Problem(422, "It cannot be decided so", str(why)) from None
    return _made(made, person)


@router.post("/proposals/{int:id}/refuse", response={200: ProposalSaid, **CONTESTED})
@needs(May.PROPOSE)
def refuse(request: HttpRequest, id: int, said: ToAnswer) -> dict[str, Any]:
    """Refuse a proposal; who made it takes it back so."""
    person = caller(request)
    one = _proposal_of(person, id)
    theirs = one.person_id == person.pk
    if not theirs and May.DECIDE not in request.token.scopes:  # type: ignore[attr-defined] # set by `ByToken`
        raise Problem(403, "Not allowed", f"This token may not: {May.DECIDE}.")
    try:
        proposals.refuse(one.pk, person, said.words)
    except proposals.NotTheirs as why:
        raise Problem(403, "Not allowed", str(why)) from None
    except proposals.Overtaken as why:
        raise Problem(409, "It was answered before", str(why)) from None
    return _proposal(_proposal_of(person, id))


@router.post("/policy/dry-run", response={200: DryRunSaid, **REFUSED})
@needs(May.SEE)
def try_policy(request: HttpRequest, policy: ToTry) -> dict[str, Any]:
    """What a policy would do to today's catalogue. Nothing is done, and the policy is not kept."""
    try:
        book = read(policy.text, policies.names())
    except BadFile as wrong:
        mistakes = [str(one) for one in wrong.mistakes[:100]]
        raise Problem(422, "The policy cannot be used", "\n".join(mistakes)) from None
    tried: dict[str, Any] = msgspec.to_builtins(dry_run(book, listings_of(caller(request)), now()))
    return tried


@router.post("/notices", response={200: NoticesSaid, **REFUSED}, openapi_extra=FEED)
@needs(May.PROPOSE)
def notices(request: HttpRequest, address: Query[str]) -> dict[str, Any]:
    """Read another shop's feed, sent as it is: a reason to look, no verdict. address: where it is from."""
    if not address.startswith(("https://", "http://")) or len(address) > 500:
        raise Problem(422, "No such address", "Say `address=https://…`, of at most 500 letters.")
    try:
        return {"new": len(feed.take_in(address, request.body, caller(request)))}
    except feed.NoFeed as wrong:
        raise Problem(422, "It cannot be read", str(wrong)) from None


def _decisions(rows: list[Decision], person: Person) -> list[dict[str, Any]]:
    told = shown.told(rows, reader_of(person), now())
    return [msgspec.structs.asdict(one) for one in told]


def _proposal_of(person: Person, pk: int) -> Proposal:
    found = proposals_of(person).filter(pk=pk).first()
    if found is None:
        raise Problem(404, "Not found", "There is no such proposal, or not for this token.")
    return found


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.pk,
        "at": one.at,
        "sku": one.listing.sku,
        "action": one.action,
        "before": one.before,
        "reason": one.reason,
        "words": one.words,
        "because": one.because,
        "person": str(one.person),
        "markets": one.markets,
        "skus": one.skus,
        "lots": one.lots,
        "outcome": one.outcome,
        "done_at": one.done_at,
        "done_by": str(one.done_by) if one.done_by else "",
        "answer": one.answer,
        "decision": one.decision.number if one.decision else None,
    }


def _made(made: Decision | Proposal, person: Person) -> Status[Any]:
    if isinstance(made, Proposal):
        return Status(202, {"proposal": _proposal(made)})
    return Status(201, {"decision": _decisions([made], person)[0]})
