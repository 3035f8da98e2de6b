"""What there is to tell: an event is written with what it tells of, and once."""

from collections.abc import Iterable, Mapping
from typing import Any

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.models import Channel, Delivery, Event, Listing, Subscription


def tell(
    kind: str,
    listing: Listing | None,
    once: str,
    facts: Mapping[str, Any] | None = None,
    keys: Iterable[str] = (),
) -> None:
    """Note an event and whom it is sent to; feeds fetch it. To be called in the transaction of what it tells.

    once: names the event; told again, it is the same one and nothing happens. keys: of the findings it speaks
    of, by which those who are told are chosen when it is sent (`audience.visible`).
    """
    at = now()
    event, new = Event.objects.get_or_create(
        once=once,
        defaults={
            "at": at,
            "kind": kind,
            "listing": listing,
            "facts": dict(facts or {}),
            "keys": sorted(set(keys)),
        },
    )
    if not new:
        return
    wanted = [
        one
        for one in Subscription.objects.filter(ended_at__isnull=True).exclude(channel=Channel.FEED)
        if not one.kinds or kind in one.kinds
    ]
    Delivery.objects.bulk_create([Delivery(event=event, subscription=one, due_at=at) for one in wanted])
