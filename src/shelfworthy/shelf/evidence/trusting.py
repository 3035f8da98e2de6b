"""Whose evidence may clear what, by the policy that is active."""

from shelfworthy.shelf.clock import now
from shelfworthy.shelf.evidence.trust import USUAL, Trust, trust_of
from shelfworthy.shelf.models import Policy


def trust() -> Trust:
    """By the newest policy that is active; the default where there is none."""
    texts = Policy.objects.filter(active_from__lte=now()).order_by("-active_from", "-pk")
    text = texts.values_list("text", flat=True).first()
    return trust_of(text) if text else USUAL
