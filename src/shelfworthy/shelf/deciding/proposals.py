"""Decisions that need somebody else: proposals, and the other person who seconds or refuses them.

What this module keeps:
- Nobody is the other person to their own proposal.
- Who works for some markets decides, proposes and answers for these: where a listing is sold elsewhere as
  well, what they decide has to name markets of theirs; where they name none, it is about those it is sold in
  then, and not about others that come later.
- A decision names markets that the listing is sold in, or that were decided about: one that nobody meant
  would stop nothing, and look as if it did.
- Who lets something be sold has read the verdict that the decision then names, and what of the listing is
  where: what came since they read it, they did not know.
- A proposal becomes a decision only while what it is about is in the state, and the listing has the verdict,
  that it was made on; else it is overtaken, and says what changed.
- Two people to reinstate are two deciders. What an analyst proposed is then taken up by the first of them,
  as their own proposal, and waits for the second.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec.structs import replace

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import parts, policies
from shelfworthy.shelf.deciding.chain import Conflict, as_expected, check_words, decide, named
from shelfworthy.shelf.deciding.parts import Scope, Step
from shelfworthy.shelf.deciding.reading import as_read, known
from shelfworthy.shelf.deciding.states import ACCEPTING, people_needed
from shelfworthy.shelf.models import (
    Action,
    Decision,
    Listing,
    Outcome,
    Person,
    Proposal,
    State,
    Verdict,
)
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.people.permission import markets_of, may
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.watching.events import tell

NOT_A_DECIDER = gettext_noop("proposed without the right to decide")


class NotTheirs(Exception):
    """Somebody who may not decide so much, or not answer this: who proposed it, or who decides nothing."""


class Overtaken(Exception):
    """A proposal that can no longer be answered: why."""


def decide_or_propose(
    listing: Listing,
    action: Action,
    reason: str,
    words: str,
    person: Person,
    *,
    expected: State | None = None,
    seen: str = "",
    read: str | None = None,
    markets: Iterable[str] = (),
    skus: Iterable[str] = (),
    lots: Iterable[str] = (),
    only_propose: bool = False,
) -> Decision | Proposal:
    """The decision, where one person is enough and this one may decide; else a proposal.

    expected, seen: as `chain.decide` takes them. read: what somebody read who says so, as `as_read` names
    it. only_propose: for a token that may not decide, whoever it is of.
    Raises NotTheirs, Conflict, NoWay, and ValueError for what is too long or not sold there.
    """
    check_words(reason, words)
    scope = named(markets, skus, lots)
    with transaction.atomic():
        locked = Listing.objects.select_for_update().get(pk=listing.pk)
        _sold_there(locked, scope)
        _theirs(person, locked, scope)
        scope = _own(person, locked, scope)
        verdict = Verdict.objects.filter(listing=locked).first()
        if read is not None and action in ACCEPTING and read != as_read(locked, verdict):
            words = _(
                "The verdict on %(sku)s, or where it is on sale, has changed since you read it."
                " Read it again."
            )
            raise Conflict(words % {"sku": locked.sku})
        needed, rule = _needed(locked, verdict, action, scope, now())
        if may(person, May.DECIDE) and needed == 1 and not only_propose:
            return decide(
                locked.pk, action, reason, words, person,
                expected=expected, seen=seen, markets=scope.markets, skus=scope.skus, lots=scope.lots,
            )  # fmt: skip
        as_expected(locked, scope, expected, seen)
        current = parts.of(locked.state, locked.parts)
        parts.moved(current, scope, action)
        parts.after(current, Step(number=0, action=action, scope=scope), 0)  # whether it could be made
        because = rule if rule and may(person, May.DECIDE) else NOT_A_DECIDER
        made = Proposal.objects.create(
            listing=locked,
            action=action,
            before=parts.state_of(current, scope),
            seen=known(locked, verdict, scope),
            reason=reason,
            words=words,
            markets=list(scope.markets),
            skus=list(scope.skus),
            lots=list(scope.lots),
            person=person,
            because=because,
            at=now(),
        )
        _made(made)
    return made


def second(proposal_id: int, person: Person, words: str = "") -> Decision | Proposal:
    """Agree; the decision, or where it takes one decider more the proposal that now waits for them.

    1. The listing's row, so that neither its state nor its verdict changes meanwhile.
    2. Whether this person may answer, and nobody has.
    3. Whether listing and verdict are what they were.
    4. The decision, or the proposal of a first decider.
    Raises NotTheirs, Overtaken, and ValueError where the decision cannot be made so: then it still waits.
    """
    with transaction.atomic():
        proposal, listing = _opened(proposal_id, person)  # 1, 2
        verdict = Verdict.objects.filter(listing=listing).first()
        changed = _changed(proposal, listing, verdict)  # 3
        if changed:
            _end(proposal, person, Outcome.OVERTAKEN, changed)
        else:
            return _agreed(proposal, listing, verdict, person, words)  # 4
    raise Overtaken(changed)


def refuse(proposal_id: int, person: Person, words: str) -> None:
    """Say no, for good; who proposed it takes it back so. Raises NotTheirs, Overtaken."""
    with transaction.atomic():
        proposal, listing = _opened(proposal_id, person, own=True)
        _end(proposal, person, Outcome.REFUSED, words)
        note(person, "proposal: refused", listing.sku, f"proposal {proposal.pk}: {words}")


def scope_of(proposal: Proposal) -> Scope:
    """What a proposal is about."""
    return parts.scope_of(proposal.markets, proposal.skus, proposal.lots)


def is_theirs(person: Person, proposal: Proposal) -> bool:
    """Whether a proposal is about nothing but markets that somebody works for."""
    try:
        _theirs(person, proposal.listing, scope_of(proposal))
    except NotTheirs:
        return False
    return True


def _sold_there(listing: Listing, scope: Scope) -> None:
    sold = set(listing.markets.values_list("code", flat=True))
    if sold and (others := set(scope.markets) - _markets(listing)):
        words = _(
            "%(sku)s is not sold in %(others)s. It is sold in %(sold)s: name some of these, or none for all."
        )
        names = {"others": ", ".join(sorted(others)), "sold": ", ".join(sorted(sold))}
        raise ValueError(words % {"sku": listing.sku, **names})


def _theirs(person: Person, listing: Listing, scope: Scope) -> None:
    own = markets_of(person)
    others = (set(scope.markets) or _markets(listing)) - own
    if own and others:
        words = _(
            "%(sku)s is sold in %(others)s as well, and you work for %(own)s. Name markets of these only."
        )
        names = {"others": ", ".join(sorted(others)), "own": ", ".join(sorted(own))}
        raise NotTheirs(words % {"sku": listing.sku, **names})


def _own(person: Person, listing: Listing, scope: Scope) -> Scope:
    """The scope of who may decide of no other markets than these, whatever the catalogue says tomorrow."""
    if scope.markets or not markets_of(person):
        return scope
    return replace(scope, markets=tuple(sorted(_markets(listing))))


def _markets(listing: Listing) -> set[str]:
    """Where a listing is sold, and of which markets it was decided."""
    named = parts.of(listing.state, listing.parts).markets
    return {*listing.markets.values_list("code", flat=True), *named}


def _needed(
    listing: Listing, verdict: Verdict | None, action: Action, scope: Scope, at: datetime
) -> tuple[int, str]:
    if action != Action.REINSTATE:
        return 1, ""
    people, rule = policies.people_for(listing, verdict, at, scope)
    return people_needed(action, people), rule


def _opened(proposal_id: int, person: Person, *, own: bool = False) -> tuple[Proposal, Listing]:
    listing_id = Proposal.objects.values_list("listing_id", flat=True).get(pk=proposal_id)
    listing = Listing.objects.select_for_update().get(pk=listing_id)
    proposal = Proposal.objects.select_related("person__membership").get(pk=proposal_id)
    theirs = proposal.person_id == person.pk
    if theirs and not own:
        raise NotTheirs(_("Who proposed it cannot be the other person. Somebody else has to agree."))
    if not theirs and not may(person, May.DECIDE):
        raise NotTheirs(_("Only deciders answer proposals."))
    if not theirs:
        _theirs(person, listing, scope_of(proposal))
    if proposal.done_at is not None:
        words = _("This was answered before, on %(day)s: %(outcome)s.")
        outcome = Outcome(proposal.outcome).label
        raise Overtaken(words % {"day": f"{proposal.done_at:%Y-%m-%d}", "outcome": outcome})
    return proposal, listing


def _changed(proposal: Proposal, listing: Listing, verdict: Verdict | None) -> str:
    state = parts.state_of(parts.of(listing.state, listing.parts), scope_of(proposal))
    if state != proposal.before:
        words = _(
            "%(sku)s was at “%(before)s” when this was proposed, and is at “%(now)s” now."
            " Propose it again if it is still wanted."
        )
        return words % {"sku": listing.sku, "before": State(proposal.before).label, "now": state.label}
    if known(listing, verdict, scope_of(proposal)) != proposal.seen:
        words = _(
            "The verdict on %(sku)s, or where it is on sale, has changed since this was proposed on %(day)s."
            " Read it, and propose it again if it is still wanted."
        )
        return words % {"sku": listing.sku, "day": f"{proposal.at:%Y-%m-%d}"}
    return ""


def _agreed(
    proposal: Proposal, listing: Listing, verdict: Verdict | None, person: Person, words: str
) -> Decision | Proposal:
    action = Action(proposal.action)
    needed, rule = _needed(listing, verdict, action, scope_of(proposal), now())
    if needed > 1 and not may(proposal.person, May.DECIDE):
        _end(proposal, person, Outcome.TAKEN_UP, words)
        made = Proposal.objects.create(
            listing=listing,
            action=action,
            before=proposal.before,
            seen=proposal.seen,
            reason=proposal.reason,
            words=proposal.words,
            markets=proposal.markets,
            skus=proposal.skus,
            lots=proposal.lots,
            person=person,
            because=rule,
            at=now(),
        )
        _made(made)
        return made
    decision = decide(
        listing.pk,
        action,
        proposal.reason,
        "\n\n".join(part for part in (proposal.words, words) if part),
        proposal.person,
        expected=State(proposal.before),
        markets=proposal.markets,
        skus=proposal.skus,
        lots=proposal.lots,
        seconded_by=person,
    )
    _end(proposal, person, Outcome.SECONDED, words, decision)
    note(person, "proposal: seconded", listing.sku, f"proposal {proposal.pk}, decision {decision.number}")
    return decision


def _end(
    proposal: Proposal, person: Person, outcome: Outcome, words: str, decision: Decision | None = None
) -> None:
    """By compare-and-set: a proposal ends once."""
    ended = Proposal.objects.filter(pk=proposal.pk, done_at__isnull=True).update(
        done_at=now(), done_by=person, outcome=outcome, answer=words, decision=decision
    )
    if not ended:
        raise Overtaken(_("Somebody else answered this in the same moment."))


def _made(proposal: Proposal) -> None:
    facts = {"proposal": proposal.pk, "action": proposal.action, "because": proposal.because}
    tell("decision proposed", proposal.listing, f"proposal {proposal.pk}", facts)
    words = f"proposal {proposal.pk}: {proposal.reason}"
    note(proposal.person, f"proposal: {proposal.action}", proposal.listing.sku, words)
