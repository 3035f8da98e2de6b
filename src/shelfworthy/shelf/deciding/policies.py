"""Policies as rows: which one is in force, and what it would look at."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial

from django.db import transaction
from msgspec.structs import replace

from shelfworthy.model import digest
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import judged, parts
from shelfworthy.shelf.deciding.details import NOTHING, Details, against_of, details_of
from shelfworthy.shelf.deciding.parts import Scope
from shelfworthy.shelf.deciding.policy import (
    Facts,
    Known,
    Rule,
    Rulebook,
    known_names,
    met_by,
    people_to_reinstate,
    read,
)
from shelfworthy.shelf.models import (
    Action,
    Decision,
    Judged,
    Listing,
    Person,
    Policy,
    Standing,
    State,
    Verdict,
)
from shelfworthy.shelf.people.log import note

AT_ONCE = 500  # listings in one question


@lru_cache(maxsize=1)
def names() -> Known:
    """The names a new policy may use."""
    return known_names()


@lru_cache(maxsize=16)
def _book(text: str) -> Rulebook:
    return read(text)


def book(policy: Policy) -> Rulebook:
    """A policy that was kept, read."""
    return _book(policy.text)


def in_force() -> Policy | None:
    """The policy that was switched on last; None: nothing is decided without a person."""
    return Policy.objects.filter(active_from__isnull=False).order_by("-active_from", "-pk").first()


def keep(text: str, person: Person) -> Policy:
    """A policy to be tried. Raises BadFile; the same text is the same policy."""
    read(text, names())
    policy, new = Policy.objects.get_or_create(
        digest=digest(text.encode()), defaults={"text": text, "person": person, "made_at": now()}
    )
    if new:
        note(person, "policy: kept", policy.digest)
    return policy


def switch_on(policy: Policy, person: Person) -> None:
    """Put a policy in force from now on. Raises BadFile where names it uses have gone since it was kept."""
    read(policy.text, names())
    with transaction.atomic():
        Policy.objects.filter(pk=policy.pk).update(active_from=now(), person=person)
        note(person, "policy: switched on", policy.digest)


def facts_of(listing: Listing, verdict: Verdict | None, markets: frozenset[str]) -> Facts:
    """What a policy looks at. Without a verdict, nobody looked."""
    return Facts(
        standing=verdict.standing if verdict else Standing.NONE,
        answers=verdict.answers if verdict else {},
        undetermined_since=verdict.undetermined_since if verdict else None,
        for_children=listing.for_children,
        category=listing.category,
        markets=markets,
        details=partial(_details, verdict),
    )


def facts_of_many(rows: Sequence[tuple[Listing, Verdict]]) -> Iterator[Facts]:
    """The same for many, in their order, with two questions for each so many."""
    for first in range(0, len(rows), AT_ONCE):
        several = rows[first : first + AT_ONCE]
        markets: defaultdict[int, set[str]] = defaultdict(set)
        sold = Listing.markets.through.objects.filter(listing__in=[listing.pk for listing, _ in several])
        for listing_id, code in sold.values_list("listing_id", "market__code"):
            markets[listing_id].add(code)
        wanted = {verdict.judged_id for _, verdict in several if verdict.judged_id is not None}
        against = dict(Judged.objects.filter(pk__in=wanted).values_list("pk", "against"))
        for listing, verdict in several:
            known = against[verdict.judged_id] if verdict.judged_id is not None else {}
            facts = facts_of(listing, verdict, frozenset(markets[listing.pk]))
            yield replace(facts, details=partial(details_of, known))


def _details(verdict: Verdict | None) -> Details:
    return details_of(verdict.judged.against if verdict is not None and verdict.judged else {})


def met(policy: Policy, listing: Listing, verdict: Verdict | None, at: datetime) -> tuple[Rule, ...]:
    """The rules of a policy that a listing meets, the gravest first."""
    markets = frozenset(listing.markets.values_list("code", flat=True))
    return met_by(book(policy), facts_of(listing, verdict, markets), at)


def people_for(
    listing: Listing, verdict: Verdict | None, at: datetime, scope: Scope = parts.WHOLE
) -> tuple[int, str]:
    """How many deciders must agree to put a listing, or some of it, back on sale; and the rule that says so.

    The strictest of all rules that it meets as it is, or met when it was held or withdrawn since it was last
    on sale: of the policy in force, and of the one that held it. So what was mended is still put back by as
    many as it was serious. What put all of the scope back ends it; what put back some of it does not.
    """
    active = in_force()
    strict = list(met(active, listing, verdict, at)) if active is not None else []
    off_sale = []
    rows = Decision.objects.filter(listing=listing).select_related("policy", "judged").order_by("-number")
    for decision in rows.iterator(chunk_size=20):
        about = parts.scope_of(decision.markets, decision.skus, decision.lots)
        if decision.action == Action.REINSTATE and scope.within(about):
            break
        if decision.after != State.LISTED and about.meets(scope):
            off_sale.append(decision)
    markets = frozenset(listing.markets.values_list("code", flat=True)) if off_sale else frozenset()
    for decision in off_sale:
        facts = _facts_then(decision, listing, markets)
        for policy in {one.pk: one for one in (active, decision.policy) if one is not None}.values():
            strict += met_by(book(policy), facts, decision.at)
            strict += [rule for rule in book(policy).rules if rule.id == decision.rule]
    most = people_to_reinstate(strict)
    because = next((rule.id for rule in strict if rule.people_to_reinstate == most), "")
    return most, because if most > 1 else ""


def _facts_then(decision: Decision, listing: Listing, markets: frozenset[str]) -> Facts:
    """What a policy would have looked at when this was decided; of the listing, what it is now."""
    said = judged.judgement_of(decision.judged) if decision.judged is not None else None
    details = details_of(against_of(said)) if said is not None else NOTHING
    answers = {}
    if said is not None:
        answers = {id: str(one.answer) for id, one in said.verdict.exposures.items()}
        answers |= {id: str(one.answer) for id, one in said.verdict.guidelines.items()}
    return Facts(
        standing=_standing(answers),
        answers=answers,
        undetermined_since=None,
        for_children=listing.for_children,
        category=listing.category,
        markets=markets,
        details=lambda: details,
    )


def _standing(answers: Mapping[str, str]) -> str:
    if not answers:
        return Standing.NONE
    guidelines = {answer for id, answer in answers.items() if not id.startswith("exposure.")}
    if Standing.NOT_MET in answers.values():
        return Standing.NOT_MET
    return Standing.UNDETERMINED if Standing.UNDETERMINED in guidelines else Standing.MET
