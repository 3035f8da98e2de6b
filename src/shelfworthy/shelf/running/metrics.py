"""Numbers for Prometheus: what the shelf holds, what waits, how it answers.

They say how much a shop sells and how much of it is wrong. So they are for this machine's own Prometheus
where the shelf itself is open to this machine only, and otherwise for a token that may see all markets.
"""

import ipaddress
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from shelfworthy.shelf.api.frame import ByToken, Problem, answer
from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Decision, Delivery, Listing, Proposal, Recheck, Standing
from shelfworthy.shelf.people.permission import may
from shelfworthy.shelf.people.roles import May


class Shelf(Collector):
    """What is counted in the database when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        """The numbers."""
        listings = GaugeMetricFamily(
            "shelf_listings", "Listings that have not vanished.", labels=["state", "standing"]
        )
        rows = Listing.objects.filter(vanished_at=None).values_list("state", "verdict__standing")
        for state, standing, number in rows.annotate(number=Count("pk")).order_by("state"):
            listings.add_metric([state, standing or Standing.NONE.value], number)
        yield listings
        for name, what, number in _waiting():
            yield GaugeMetricFamily(name, what, value=number)


def _waiting() -> Iterator[tuple[str, str, int]]:
    at = now()
    looks = Recheck.objects.aggregate(
        due=Count("pk", filter=Q(due_at__lte=at)), leased=Count("pk", filter=Q(leased_until__gt=at))
    )
    yield "shelf_rechecks_due", "Products that are to be looked at again by now.", looks["due"]
    yield "shelf_rechecks_leased", "Products that a worker is looking at.", looks["leased"]
    waiting = Delivery.objects.filter(sent_at=None).count()
    yield "shelf_deliveries_waiting", "Mails and webhooks that were not taken yet.", waiting
    open_ = Proposal.objects.filter(done_at=None).count()
    yield "shelf_proposals_open", "Decisions that wait for a second person.", open_
    number = Decision.objects.aggregate(number=Max("number"))["number"] or 0
    yield "shelf_decisions", "Decisions that were ever made.", number


def _on_this_machine(request: HttpRequest) -> bool:
    """Whether somebody on this machine asks. Behind a proxy everybody seems to."""
    try:
        host = urlsplit(settings.SHELF_URL).hostname or ""
        alone = host == "localhost" or ipaddress.ip_address(host).is_loopback
        return alone and ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _by_token(request: HttpRequest) -> bool:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = ByToken().authenticate(request, secret) if scheme.lower() == "bearer" else None
    if token is None or May.SEE not in token.scopes or not may(token.person, May.SEE):
        return False
    return not token.person.membership.markets.exists()


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The page Prometheus reads."""
    try:
        if not _on_this_machine(request) and not _by_token(request):
            raise Problem(
                401, "A token is needed", "Authorization: Bearer TOKEN, one that may see all markets."
            )
    except Problem as problem:
        return answer(problem)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    else:
        requests = REGISTRY
    shelf = CollectorRegistry()
    shelf.register(Shelf())
    text = generate_latest(requests) + generate_latest(shelf)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
