"""What the policy in force does to a listing whose verdict has changed, without anybody being asked.

What this module keeps:
- It never puts anything back on sale; a better verdict only stops it from holding again.
- It never undoes silently what people decided. Where a person was the last to decide about a part of a
  listing, rules act there only on what that person did not have before them: a finding key that the decision
  does not name, or, where no finding decides, a time without an answer that began after it. So a listing that
  people reinstated in spite of failing findings is not held again for the same ones, whichever rule they
  meet; nor is one that a person held withdrawn for what it was held for. What was decided of one market says
  nothing of others.
- It acts in whole markets: on all of the listing, unless people have decided so in some of its markets. Of a
  market in which they decided of some lots or SKUs only, it holds all. Where the catalogue names no markets,
  those that nobody decided of are stopped only together with all others.
- What it does it does as the person who switched the policy on, and names the rule and the policy.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from shelfworthy.shelf.deciding import parts, policies
from shelfworthy.shelf.deciding.chain import Conflict, decide
from shelfworthy.shelf.deciding.parts import WHOLE, Cell, Parts, Scope, TooMany
from shelfworthy.shelf.deciding.policy import Rule, Then, met_by
from shelfworthy.shelf.deciding.states import LEADS
from shelfworthy.shelf.models import Action, Decision, Listing, Policy, Verdict
from shelfworthy.shelf.watching.events import tell

Covering = Mapping[int | None, Decision]  # by the numbers that cells name
DOES = {Then.WITHDRAW: Action.WITHDRAW, Then.HOLD: Action.HOLD}
TELLS = {Then.ASK: "supplier to be asked", Then.NOTE: "policy noted"}


def consider(listing: Listing, verdict: Verdict, at: datetime) -> Decision | None:
    """Apply the policy in force; the decision it made, if any. To be called after the verdict was written.

    1. The policy in force, and the rules the listing meets.
    2. What the gravest does where the listing is not there yet and no person decided so knowing as much.
    3. Else what it wants to be told, once for each reason.
    Somebody who decided in the same moment has decided: then nothing is done.
    """
    policy = policies.in_force()  # 1
    if policy is None:
        return None
    met = policies.met(policy, listing, verdict, at)
    current = parts.of(*Listing.objects.values_list("state", "parts").get(pk=listing.pk))
    sold = frozenset(listing.markets.values_list("code", flat=True)) if current.steps else frozenset()
    cells = list(parts.cells(current, sold=sold))
    decision = None
    if acting(met, cells) is not None:  # 2
        act = acting(met, unknown_to_people(cells, covering(listing, current), verdict))
        if act is not None:
            rule, stopped = act
            decision = _done(listing, rule, policy, current, scope_in(stopped, sold))
    for rule in met:  # 3
        if rule.then in TELLS:
            _tell(listing, verdict, rule, policy)
    return decision


def consider_all(changed: Sequence[tuple[Listing, Verdict]], at: datetime) -> list[Decision]:
    """The same for many at once, as after a rule changed: most meet no rule, and cost no question each."""
    policy = policies.in_force()
    if policy is None:
        return []
    book = policies.book(policy)
    facts = policies.facts_of_many(changed)
    considered = (
        consider(listing, verdict, at)
        for (listing, verdict), known in zip(changed, facts, strict=True)
        if met_by(book, known, at)
    )
    return [decision for decision in considered if decision is not None]


def acting(met: tuple[Rule, ...], cells: Sequence[Cell]) -> tuple[Rule, list[Cell]] | None:
    """The gravest rule that does something to some of these cells, and those."""
    for rule in met:
        if rule.then in DOES:
            moved = [cell for cell in cells if (cell.state, DOES[rule.then]) in LEADS]
            if moved:
                return rule, moved
    return None


def scope_in(stopped: Sequence[Cell], sold: frozenset[str]) -> Scope:
    """What a rule acts on that stops these cells: their markets; all, if these are all there are, or if some
    are in a market that nobody named, of which a decision can only be made as of all."""
    if any(cell.markets.rest for cell in stopped):
        return WHOLE
    markets = {name for cell in stopped for name in cell.markets.names}
    return WHOLE if sold and sold <= markets else Scope(markets=tuple(sorted(markets)))


def unknown_to_people(cells: Iterable[Cell], decisions: Covering, verdict: Verdict) -> list[Cell]:
    """The cells of which no person decided last who had before them all that decides against them now."""
    return [cell for cell in cells if not accepted(decisions.get(cell.last), verdict)]


def covering(listing: Listing, current: Parts, *fields: str) -> dict[int | None, Decision]:
    """The decisions that the cells of a listing name as their last, by how they name them; in one question.

    fields: of the decisions, beside their number; none: all. Where no cell names one, the newest that was
    about all of it is meant: one about some of it was made since the listing was read.
    """
    rows = Decision.objects.filter(listing=listing).order_by("-number")
    if fields:
        rows = rows.only("number", *fields)
    if numbers := current.numbers:
        return {one.number: one for one in rows.filter(number__in=numbers)}
    newest = rows.filter(markets=[], skus=[], lots=[]).first()
    return {None: newest} if newest is not None else {}


def accepted(last: Decision | None, verdict: Verdict) -> bool:
    """Whether a person decided last, and had before them all that decides against the listing now."""
    if last is None or last.rule:
        return False
    if verdict.failing:
        return set(verdict.failing) <= set(last.finding_keys)
    since = verdict.undetermined_since
    return since is not None and since <= last.at


def _done(listing: Listing, rule: Rule, policy: Policy, current: Parts, scope: Scope) -> Decision | None:
    try:
        with transaction.atomic():
            return decide(
                listing.pk,
                DOES[rule.then],
                rule.reason,
                "",
                policy.person,
                seen=parts.seen(current),
                markets=scope.markets,
                rule=rule.id,
                policy=policy,
            )
    except Conflict:
        return None
    except TooMany:  # then of all of it, which is never too many
        return _done(listing, rule, policy, current, WHOLE)


def _tell(listing: Listing, verdict: Verdict, rule: Rule, policy: Policy) -> None:
    """Once for as long as the same thing is the case."""
    since = verdict.undetermined_since or verdict.judged_at
    grounds = verdict.evidence_digest if verdict.failing else f"{since:%Y-%m-%dT%H:%M:%S}"
    once = f"{rule.then} {listing.pk} {policy.pk} {rule.id[:40]} {grounds}"[:128]
    facts = {"rule": rule.id, "reason": rule.reason}
    tell(TELLS[rule.then], listing, once, facts, verdict.failing)
