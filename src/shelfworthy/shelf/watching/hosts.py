"""One look at a time at a host, whichever machine it comes from.

A look takes the leases of all its hosts or none, and takes them in one order: so two that want the same hosts
never wait for each other in a circle. A lease ends by itself, so who died blocks a host no longer than that.
Politeness within one look is reach's (`reach/street.py`).
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import HostLease

KEPT = timedelta(days=1)  # a host that nobody was at for so long is forgotten


class Busy(Exception):
    """Somebody is at this host."""


def take(hosts: Collection[str], lease: str, lasts: timedelta) -> None:
    """Lease all of them, or none. lease: of the recheck that wants them. Raises Busy."""
    at = now()
    wanted = sorted(set(hosts))
    HostLease.objects.bulk_create(
        [HostLease(host=host, leased_until=at, leased_by="") for host in wanted], ignore_conflicts=True
    )
    with transaction.atomic():
        for host in wanted:
            free = HostLease.objects.filter(Q(leased_until__lte=at) | Q(leased_by=lease), host=host)
            if not free.update(leased_until=at + lasts, leased_by=lease):
                raise Busy(host)


def give_back(lease: str) -> None:
    """End the leases of a recheck."""
    HostLease.objects.filter(leased_by=lease).update(leased_until=now(), leased_by="")


def forget() -> None:
    """Leave out hosts at which nobody has been for long."""
    HostLease.objects.filter(leased_until__lt=now() - KEPT).delete()
