"""What the policy in force does to a listing whose verdict has changed, without anybody being asked.

What this module keeps:
- It never puts anything back on sale; a better verdict only stops it from holding again.
- It never undoes silently what people decided. Where a person was the last to decide about a listing, its
  rules act only on what that person did not have before them: a finding key that the decision does not name,
  or, where no finding decides, a time without an answer that began after it. So a listing that people
  reinstated in spite of failing findings is not held again for the same ones, whichever rule they meet; nor
  is one that a person held withdrawn for what it was held for.
- What it does it does as the person who switched the policy on, and names the rule and the policy.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shelfworthy.shelf.deciding import policies
from shelfworthy.shelf.deciding.chain import Conflict, decide
from shelfworthy.shelf.deciding.policy import Rule, Then, met_by
from shelfworthy.shelf.deciding.states import LEADS
from shelfworthy.shelf.models import Action, Decision, Listing, Policy, State, Verdict
from shelfworthy.shelf.watching.events import tell

DOES = {Then.WITHDRAW: Action.WITHDRAW, Then.HOLD: Action.HOLD}
TELLS = {Then.ASK: "supplier to be asked", Then.NOTE: "policy noted"}


def consider(listing: Listing, verdict: Verdict, at: datetime) -> Decision | None:
    """Apply the policy in force; the decision it made, if any. To be called after the verdict was written.

    1. The policy in force, and the rules the listing meets.
    2. What the gravest does, if the listing is not there yet and no person decided so knowing as much.
    3. Else what it wants to be told, once for each reason.
    Somebody who decided in the same moment has decided: then nothing is done.
    """
    policy = policies.in_force()  # 1
    if policy is None:
        return None
    met = policies.met(policy, listing, verdict, at)
    state = State(Listing.objects.values_list("state", flat=True).get(pk=listing.pk))
    decision = None
    rule = acting(met, state)  # 2
    if rule is not None and not known_to_people(listing, verdict):
        decision = _done(listing, rule, policy, state)
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


def acting(met: tuple[Rule, ...], state: State) -> Rule | None:
    """The gravest rule that does something to a listing in this state."""
    return next((rule for rule in met if rule.then in DOES and (state, DOES[rule.then]) in LEADS), None)


def known_to_people(listing: Listing, verdict: Verdict) -> bool:
    """Whether a person decided last, and had before them all that decides against the listing now."""
    last = Decision.objects.filter(listing=listing).order_by("-number").first()
    return last is not None and accepted(last, verdict)


def accepted(last: Decision, verdict: Verdict) -> bool:
    """The same of the last decision about a listing."""
    if last.rule:
        return False
    if verdict.failing:
        return set(verdict.failing) <= set(last.finding_keys)
    since = verdict.undetermined_since
    return since is not None and since <= last.at


def _done(listing: Listing, rule: Rule, policy: Policy, state: State) -> Decision | None:
    try:
        with transaction.atomic():
            return decide(
                listing.pk,
                DOES[rule.then],
                rule.reason,
                "",
                policy.person,
                expected=state,
                rule=rule.id,
                policy=policy,
            )
    except Conflict:
        return None


def _tell(listing: Listing, verdict: Verdict, rule: Rule, policy: Policy) -> None:
    """Once for as long as the same thing is the case."""
    since = verdict.undetermined_since or verdict.judged_at
    grounds = verdict.evidence_digest if verdict.failing else f"{since:%Y-%m-%dT%H:%M:%S}"
    once = f"{rule.then} {listing.pk} {policy.pk} {rule.id[:40]} {grounds}"[:128]
    facts = {"rule": rule.id, "reason": rule.reason}
    tell(TELLS[rule.then], listing, once, facts, verdict.failing)
