"""What of the evidence somebody may see: audits of products they sell, findings by the audience."""

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from shelfworthy.audience import visible
from shelfworthy.model import Finding, Judgement
from shelfworthy.shelf.evidence.marks import marks_of
from shelfworthy.shelf.evidence.rolling import judgement_of
from shelfworthy.shelf.models import Audit, Person, Verdict
from shelfworthy.shelf.people.permission import listings_of, reader_of


def audits_of(person: Person) -> QuerySet[Audit]:
    """Audits of products of which this person may see a listing; all, for who may see every market."""
    found = Audit.objects.select_related("product", "observer")
    if not person.membership.markets.exists():
        return found
    products = listings_of(person).filter(product__isnull=False).values("product")
    return found.filter(product__in=products)


def audit_of(person: Person, digest: str) -> Audit:
    """One evidence by its digest, as whoever sent it first. Raises Http404."""
    first = audits_of(person).filter(digest=digest).order_by("pk").values("pk")[:1]
    return get_object_or_404(audits_of(person), pk__in=list(first.values_list("pk", flat=True)))


def seen_by(person: Person, findings: tuple[Finding, ...], at: datetime) -> tuple[Finding, ...]:
    """Those of the findings that this person may see."""
    return visible(findings, reader_of(person), at, marks_of(one.key for one in findings))


def judgement_for(
    person: Person, verdict: Verdict, at: datetime
) -> tuple[Judgement, tuple[Finding, ...]] | None:
    """The judgement behind a verdict, and those of its findings that this person may see."""
    if verdict.judged is None:
        return None
    judgement = judgement_of(bytes(verdict.judged.content))
    return judgement, seen_by(person, judgement.findings, at)
