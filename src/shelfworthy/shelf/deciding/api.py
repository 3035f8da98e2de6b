"""The API of decisions: lists, decide, proposals, the policy tried, the gate."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from shelfworthy.product.mistakes import BadFile
from shelfworthy.record import Unreadable
from shelfworthy.shelf.api.frame import Problem, caller, needs, page
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import feed, parts, policies, proposals, shown
from shelfworthy.shelf.deciding import replay as again
from shelfworthy.shelf.deciding.at_the_gate import DECISION, look_up
from shelfworthy.shelf.deciding.automatic import Covering, covering
from shelfworthy.shelf.deciding.chain import Conflict
from shelfworthy.shelf.deciding.dry_run import dry_run
from shelfworthy.shelf.deciding.finding import decision_of, decisions_of, filtered, proposals_of
from shelfworthy.shelf.deciding.gate import Sale, passage
from shelfworthy.shelf.deciding.judged import Damaged
from shelfworthy.shelf.deciding.parts import market_of, name_of
from shelfworthy.shelf.deciding.policy import read
from shelfworthy.shelf.deciding.schemas import (
    ABSENT,
    CONTESTED,
    REFUSED,
    Asked,
    Decisions,
    DecisionSaid,
    DryRunSaid,
    GateSaid,
    Made,
    NoticesSaid,
    Pages,
    Part,
    Proposals,
    ProposalSaid,
    ReplaySaid,
    ToAnswer,
    ToDecide,
    ToTry,
)
from shelfworthy.shelf.deciding.states import ACCEPTING
from shelfworthy.shelf.models import Decision, Person, Proposal
from shelfworthy.shelf.people.permission import listing_of, listings_of, reader_of
from shelfworthy.shelf.people.roles import May

router = Router(tags=["decisions"])
UNREAD = (
    "To %(action)s it, say which verdict was read: ask GET /listings/{sku}/verdict, and send its `digest` as"
    " `verdict`."
)
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
    market, variant, lot = market_of(part.market), name_of(part.variant), name_of(part.lot)
    found = look_up(caller(request), sku, market)
    if found is None:
        raise Problem(404, "Not found", "There is no such listing, or not for this token.")
    listing = found.listing
    sold: tuple[str, ...] = ()
    decisions: Covering = {None: found.last} if found.last is not None else {}
    current = parts.of(listing.state, listing.parts)
    if current.steps:  # decisions about parts: others than the newest may count
        decisions = covering(listing, current, *DECISION)
        sold = tuple(listing.markets.values_list("code", flat=True)) if not market else ()
    sale = Sale(market=market, variant=variant, lot=lot, sold=sold, elsewhere=found.elsewhere)
    said = passage(listing, found.verdict, decisions, sale)
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
