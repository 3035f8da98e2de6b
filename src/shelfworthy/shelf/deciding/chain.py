"""The chain of decisions: append-only, each hashed with the one before it.

What this module keeps:
- Numbers are 1, 2, 3 … without a hole, and there is one chain: who appends waits for who is appending.
- The hash is over everything a decision says, in one canonical form. Of persons it holds the number of their
  row and never their name, so that a name can be erased and the chain stays whole.
- A decision, where it brings its listing (`parts.py`), its event and its line in the log are written together
  or not at all. That is done under the listing's lock, if it is what was decided on: else who decided is
  told, and nothing is decided.
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
from shelfworthy.shelf.deciding import judged, parts, rules, wording
from shelfworthy.shelf.deciding.parts import Parts, Scope, Step, TooMany, market_of, name_of
from shelfworthy.shelf.deciding.states import NoWay, led
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
    expected: State | None = None,
    seen: str = "",
    markets: Iterable[str] = (),
    skus: Iterable[str] = (),
    lots: Iterable[str] = (),
    seconded_by: Person | None = None,
    rule: str = "",
    policy: Policy | None = None,
) -> Decision:
    """Append one decision. Raises Conflict, NoWay, and ValueError for what is too long or too much.

    expected: the gravest state of what is decided on. seen: which part of the listing is in which state, as
    `parts.seen` says it. Of both, what is said must be so.

    1. The listing's row, whose lock is held until the end of the transaction; and whether it is as expected.
    2. Where the action leads.
    3. Wait for whoever else is appending, until the end of the transaction. After the listing's row and not
       before it: who makes verdicts holds rows of listings when it comes here.
    4. What the verdict says now, as the decision's grounds.
    5. The link, behind the newest one.
    6. The event, and the line in the log.
    """
    scope = named(markets, skus, lots)
    check_words(reason, words)
    rules.keep_those_of(listing_id)
    with transaction.atomic():
        listing = Listing.objects.select_for_update().filter(pk=listing_id).first()  # 1
        if listing is None:
            raise Conflict(_("There is no such listing any more."))
        current = parts.of(listing.state, listing.parts)
        as_expected(listing, scope, expected, seen)
        before = parts.moved(current, scope, action)  # 2
        _wait()  # 3
        verdict = Verdict.objects.select_related("judged").filter(listing_id=listing_id).first()  # 4
        newest = Decision.objects.order_by("-number").values_list("number", "hash").first()  # 5
        number, previous = newest or (0, BEGINNING)
        _move(listing, current, Step(number=number + 1, action=action, scope=scope))
        decision = Decision(
            number=number + 1,
            listing=listing,
            action=action,
            before=before,
            after=led(before, action),
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
            markets=list(scope.markets),
            skus=list(scope.skus),
            lots=list(scope.lots),
        )
        decision.hash = hash_of(decision)
        decision.save(force_insert=True)
        _told(decision)  # 6
    return decision


def check_words(reason: str, words: str) -> None:
    """Whether a decision can have this reason and these words. Raises ValueError."""
    if len(words) > MOST_WORDS or not 0 < len(reason) <= 60:
        said = _("A decision has a reason of at most 60, and at most %(most)s letters of words.")
        raise ValueError(said % {"most": f"{MOST_WORDS:,}"})


def as_expected(listing: Listing, scope: Scope, expected: State | None, seen: str = "") -> None:
    """Whether a listing is what somebody decides on. Raises Conflict."""
    current = parts.of(listing.state, listing.parts)
    there = parts.state_of(current, scope)
    if expected is not None and there != expected:
        words = _(
            "%(sku)s was at “%(before)s” when this was decided, and is at “%(now)s” now. Look at it again."
        )
        before = State(expected).label
        raise Conflict(words % {"sku": listing.sku, "before": before, "now": there.label})
    if seen and parts.seen(current) != seen:
        words = _("%(sku)s has changed since this was decided, and is at “%(now)s” now. Look at it again.")
        raise Conflict(words % {"sku": listing.sku, "now": there.label})


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

    Looked at: numbers, links, hashes, whether each decision begins where those before it brought what it is
    about, whether each listing and each part of it is where its decisions brought it, and whether the
    judgements and policies that decisions name say what they said.
    """
    return list(islice(_problems(), MOST_PROBLEMS))


def head() -> tuple[int, str]:
    """Number and hash of the newest link: what to keep elsewhere, or read aloud to somebody."""
    newest = Decision.objects.order_by("-number").values_list("number", "hash").first()
    return newest or (0, BEGINNING)


def _problems() -> Iterator[str]:
    number, previous = 0, BEGINNING
    brought: dict[int, Parts] = {}
    latest: dict[int, int] = {}
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
        current = brought.get(one.listing_id, Parts())
        try:
            scope = parts.scope_of(one.markets, one.skus, one.lots)
            before = parts.moved(current, scope, one.action)
            if one.before != before:
                yield f"{name} begins at “{one.before}”, and its listing was at “{before}”."
            step = Step(number=one.number, action=one.action, scope=scope)
            brought[one.listing_id] = parts.after(current, step, latest.get(one.listing_id, 0))
        except (NoWay, TooMany, TypeError) as why:  # a TypeError: no lists of names, as nobody decides
            yield f"{name} could not have been made: {why}"
        number, previous = one.number, one.hash
        latest[one.listing_id] = one.number
    yield from _elsewhere(brought)
    yield from _grounds()


def _elsewhere(brought: dict[int, Parts]) -> Iterator[str]:
    """The listings, and the parts, that are where no decision has brought them."""
    rows = Listing.objects.values_list("pk", "sku", "state", "parts")
    for pk, sku, state, kept in rows.iterator(chunk_size=2000):
        wanted = brought.get(pk, Parts())
        if state != parts.state_of(wanted):
            yield f"Listing {sku} is at “{state}”, where no decision has brought it."
        elif kept != parts.stored(wanted):
            yield f"Of listing {sku} a part is where no decision has brought it."


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


def _move(listing: Listing, current: Parts, step: Step) -> None:
    """Bring a listing, whose row is locked, where a step leads. Raises TooMany."""
    before = 0
    if not current.steps and not step.scope.whole:
        numbers = (
            Decision.objects.filter(listing=listing).order_by("-number").values_list("number", flat=True)
        )
        before = numbers.first() or 0
    brought = parts.after(current, step, before)
    listing.state, listing.parts, listing.changed_at = parts.state_of(brought), parts.stored(brought), now()
    listing.save(update_fields=["state", "parts", "changed_at"])


def named(markets: Iterable[str], skus: Iterable[str], lots: Iterable[str]) -> Scope:
    """What a decision is about, as it names it. Raises ValueError for too many."""
    kinds = (map(market_of, markets), map(name_of, skus), map(name_of, lots))
    scope = parts.scope_of(*(sorted(set(names) - {""}) for names in kinds))
    if any(len(names) > MOST_NAMED or any(len(name) > 100 for name in names) for names in scope.lists):
        said = _("At most %(most)s markets, SKUs or lots of at most 100 letters are named.")
        raise ValueError(said % {"most": f"{MOST_NAMED:,}"})
    return scope


def _told(decision: Decision) -> None:
    facts = {
        "number": decision.number,
        "action": decision.action,
        "before": decision.before,
        "after": decision.after,
        "reason": decision.reason,
        "rule": decision.rule,
    }
    scope = parts.scope_of(decision.markets, decision.skus, decision.lots)
    if not scope.whole:
        facts |= {"markets": decision.markets, "skus": decision.skus, "lots": decision.lots}
    once = f"decision {decision.number}"
    tell("decision made", decision.listing, once, facts, decision.finding_keys)
    of = "" if scope.whole else f" ({wording.of_scope(scope)})"
    words = f"{decision.before} → {decision.after}{of}: {decision.reason}; decision {decision.number}"
    note(decision.person, f"decision: {decision.action}", decision.listing.sku, words)
