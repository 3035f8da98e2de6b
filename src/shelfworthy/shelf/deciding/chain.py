"""The chain of decisions: append-only, each hashed with the one before it.

What this module keeps:
- Numbers are 1, 2, 3 … without a hole, and there is one chain: who appends waits for who is appending.
- The hash is over everything a decision says, in one canonical form. Of persons it holds the number of their
  row and never their name, so that a name can be erased and the chain stays whole.
- A decision, the new state of its listing, its event and its line in the log are written together or not at
  all. The state is changed by compare-and-set: who decided on what is no longer so is told, and nothing is
  decided.
- No row is ever changed or deleted; the database itself refuses to (`triggers.py`).

Whoever can write to the database can cut off the chain's end or write it anew from some link on: what shows
that is the hash of the newest link, which the decisions page prints, kept elsewhere.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shelfworthy.model import canonical, digest
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.deciding import judged, rules
from shelfworthy.shelf.deciding.states import after
from shelfworthy.shelf.models import (
    Action,
    Decision,
    Judged,
    Listing,
    Person,
    Policy,
    State,
    Verdict,
)
from shelfworthy.shelf.people.log import note
from shelfworthy.shelf.watching.events import tell

BEGINNING: Final = "0" * 64  # what the first decision names as the one before it
FORM: Final = 1  # of what is hashed
LOCK: Final = 0x5E1F  # PostgreSQL's advisory lock of the chain; nothing else of the shelf uses this number
MOST_WORDS = 10_000  # characters
MOST_NAMED = 1000  # markets, SKUs or lots
MOST_PROBLEMS = 1000


class Conflict(Exception):
    """The listing is no longer in the state that was decided on."""


def decide(
    listing_id: int,
    action: Action,
    reason: str,
    words: str,
    person: Person,
    *,
    expected: State,
    markets: Iterable[str] = (),
    skus: Iterable[str] = (),
    lots: Iterable[str] = (),
    seconded_by: Person | None = None,
    rule: str = "",
    policy: Policy | None = None,
) -> Decision:
    """Append one decision. Raises Conflict, NoWay, and ValueError for what is too long.

    1. Where the action leads.
    2. The listing's state, by compare-and-set.
    3. Wait for whoever else is appending, until the end of the transaction. After the listing's row and not
       before it: who makes verdicts holds rows of listings when it comes here.
    4. What the verdict says now, as the decision's grounds.
    5. The link, behind the newest one.
    6. The event, and the line in the log.
    """
    state = after(expected, action)  # 1
    named = {"markets": _named(markets), "skus": _named(skus), "lots": _named(lots)}
    if len(words) > MOST_WORDS or not 0 < len(reason) <= 60:
        raise ValueError(
            f"A decision has a reason of at most 60, and at most {MOST_WORDS:,} letters of words."
        )
    rules.keep_those_of(listing_id)
    with transaction.atomic():
        rows = Listing.objects.filter(pk=listing_id, state=expected)
        if not rows.update(state=state, changed_at=now()):  # 2
            raise Conflict(_conflict(listing_id, expected))
        _wait()  # 3
        verdict = Verdict.objects.select_related("judged").filter(listing_id=listing_id).first()  # 4
        newest = Decision.objects.order_by("-number").values_list("number", "hash").first()  # 5
        number, previous = newest or (0, BEGINNING)
        decision = Decision(
            number=number + 1,
            listing=Listing.objects.get(pk=listing_id),
            action=action,
            before=expected,
            after=state,
            reason=reason,
            words=words,
            evidence_digest=verdict.evidence_digest if verdict else "",
            rules_digest=verdict.rules_digest if verdict else "",
            judged=verdict.judged if verdict else None,
            finding_keys=sorted(verdict.failing) if verdict else [],
            finding_ids=judged.failing_ids(verdict) if verdict else [],
            person=person,
            seconded_by=seconded_by,
            rule=rule,
            policy=policy,
            at=now(),
            previous=previous,
            **named,
        )
        decision.hash = hash_of(decision)
        decision.save(force_insert=True)
        _told(decision)  # 6
    return decision


def content(decision: Decision) -> dict[str, Any]:
    """Everything a decision says, as it is hashed."""
    return {
        "form": FORM,
        "number": decision.number,
        "previous": decision.previous,
        "sku": decision.listing.sku,
        "action": decision.action,
        "before": decision.before,
        "after": decision.after,
        "reason": decision.reason,
        "words": decision.words,
        "evidence": decision.evidence_digest,
        "rules": decision.rules_digest,
        "judged": decision.judged.digest if decision.judged else "",
        "finding_keys": decision.finding_keys,
        "finding_ids": decision.finding_ids,
        "markets": decision.markets,
        "skus": decision.skus,
        "lots": decision.lots,
        "person": decision.person_id,
        "seconded_by": decision.seconded_by_id,
        "rule": decision.rule,
        "policy": decision.policy.digest if decision.policy else "",
        "at": decision.at.astimezone(UTC).isoformat(),
    }


def hash_of(decision: Decision) -> str:
    """The link's hash: SHA-256 of the canonical JSON of what it says."""
    return digest(canonical(content(decision)))


def verify() -> list[str]:
    """Everything that is wrong with the chain, a sentence each; none: it is whole.

    Looked at: numbers, links, hashes, whether each decision begins where the one before it about the same
    listing ended, whether each listing is where its last decision left it, and whether the judgements and
    policies that decisions name say what they said.
    """
    return list(islice(_problems(), MOST_PROBLEMS))


def head() -> tuple[int, str]:
    """Number and hash of the newest link: what to keep elsewhere, or read aloud to somebody."""
    newest = Decision.objects.order_by("-number").values_list("number", "hash").first()
    return newest or (0, BEGINNING)


def _problems() -> Iterator[str]:
    number, previous = 0, BEGINNING
    states: dict[int, str] = {}
    rows = Decision.objects.select_related("listing", "judged", "policy").order_by("number")
    rows = rows.defer("judged__content", "policy__text")
    for one in rows.iterator(chunk_size=1000):
        name = f"Decision {one.number}"
        if one.number != number + 1:
            yield f"{name} follows on {number}: what was between them is gone."
        if one.previous != previous:
            yield f"{name} does not name the hash of the decision before it."
        if hash_of(one) != one.hash:
            yield f"{name} says something else than when it was decided."
        before = states.get(one.listing_id, State.LISTED)
        if one.before != before:
            yield f"{name} begins at “{one.before}”, and its listing was at “{before}”."
        number, previous = one.number, one.hash
        states[one.listing_id] = one.after
    for listing, sku, state in Listing.objects.values_list("pk", "sku", "state").iterator(chunk_size=2000):
        if state != states.get(listing, State.LISTED):
            yield f"Listing {sku} is at “{state}”, where no decision has brought it."
    yield from _grounds()


def _grounds() -> Iterator[str]:
    named = Decision.objects.filter(judged__isnull=False).values("judged")
    for one in Judged.objects.filter(pk__in=named).iterator(chunk_size=100):
        if wrong := judged.wrong(one):
            yield f"Judgement {one.digest}, on which decisions rest, {wrong}."
    for policy in Policy.objects.iterator(chunk_size=100):
        if digest(policy.text.encode()) != policy.digest:
            yield f"Policy {policy.digest} says something else than when it was kept."


def _wait() -> None:
    """On PostgreSQL the chain's own lock; SQLite's transactions are IMMEDIATE and wait where they begin."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _conflict(listing_id: int, expected: State) -> str:
    found = Listing.objects.filter(pk=listing_id).values_list("sku", "state").first()
    if found is None:
        return _("There is no such listing any more.")
    sku, state = found
    words = _("%(sku)s was at “%(before)s” when this was decided, and is at “%(now)s” now. Look at it again.")
    return words % {"sku": sku, "before": State(expected).label, "now": State(state).label}


def _named(names: Iterable[str]) -> list[str]:
    named = sorted({name.strip() for name in names} - {""})
    if len(named) > MOST_NAMED or any(len(name) > 100 for name in named):
        raise ValueError(f"At most {MOST_NAMED:,} markets, SKUs or lots of at most 100 letters are named.")
    return named


def _told(decision: Decision) -> None:
    facts = {
        "number": decision.number,
        "action": decision.action,
        "before": decision.before,
        "after": decision.after,
        "reason": decision.reason,
        "rule": decision.rule,
    }
    once = f"decision {decision.number}"
    tell("decision made", decision.listing, once, facts, decision.finding_keys)
    words = f"{decision.before} → {decision.after}: {decision.reason}; decision {decision.number}"
    note(decision.person, f"decision: {decision.action}", decision.listing.sku, words)
