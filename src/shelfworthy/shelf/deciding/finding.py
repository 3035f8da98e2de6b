"""Decisions, proposals and letters that a person may see: every look-up begins here."""

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware

from shelfworthy.shelf.models import Action, Decision, Letter, Person, Proposal
from shelfworthy.shelf.people.permission import listings_of


def decisions_of(person: Person) -> QuerySet[Decision]:
    """The decisions about listings that a person may see, with what is told of them."""
    rows = Decision.objects.select_related("listing__product", "person", "seconded_by", "policy")
    if person.membership.markets.exists():
        rows = rows.filter(listing__in=listings_of(person).values("pk"))
    return rows


def decision_of(person: Person, number: int) -> Decision:
    """One decision. Raises Http404, for one that the person may not see as well."""
    return get_object_or_404(decisions_of(person).select_related("judged"), number=number)


def proposals_of(person: Person) -> QuerySet[Proposal]:
    """The proposals about listings that a person may see."""
    rows = Proposal.objects.select_related("listing", "person", "done_by", "decision")
    return rows.filter(listing__in=listings_of(person).values("pk"))


def letter_of(person: Person, pk: int) -> Letter:
    """One letter. Raises Http404."""
    theirs = Q(decision__in=decisions_of(person).values("pk")) | Q(
        decision=None, listing__in=listings_of(person).values("pk")
    )
    return get_object_or_404(Letter.objects.select_related("decision", "listing").filter(theirs), pk=pk)


def filtered(rows: QuerySet[Decision], asked: QueryDict) -> QuerySet[Decision]:
    """The decisions that are asked for: by SKU, action, rule ("people" for none), from and until a day.

    What is no action or no day is not asked for: a link that was mistyped shows more, never an error.
    """
    if sku := asked.get("sku", "").strip()[:100]:
        rows = rows.filter(listing__sku=sku)
    if (action := asked.get("action", "")) in Action.values:
        rows = rows.filter(action=action)
    if rule := asked.get("rule", "").strip()[:60]:
        rows = rows.filter(rule="" if rule == "people" else rule)
    if begin := _day(asked.get("from", "")):
        rows = rows.filter(at__gte=begin)
    if end := _day(asked.get("until", "")):
        rows = rows.filter(at__lt=end + timedelta(days=1))
    return rows


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
        return make_aware(datetime.combine(day, time())) if day and day.year < 9000 else None
    except ValueError:
        return None
