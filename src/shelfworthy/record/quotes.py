"""Declarations whose words are gone from the policy they were quoted from. Pure.

Evidence decides: only the newest look at that policy counts, and only one that was read whole. What could not
be read does not take a declaration back.
"""

from collections.abc import Iterable

from shelfworthy.model import Declaration, Observation, Product
from shelfworthy.seen import AnySeen
from shelfworthy.seen.policy import PolicySeen


def lapsed(product: Product, observations: Iterable[Observation[AnySeen]]) -> tuple[Declaration, ...]:
    """Those that settle nothing any more."""
    wanted = {one.surface for one in product.declaration if one.surface}
    newest: dict[str, PolicySeen] = {}
    for one in sorted(observations, key=lambda one: (one.at, one.id)):
        seen = one.seen
        if one.surface not in wanted or not isinstance(seen, PolicySeen):
            continue
        if any(document.text for document in seen.documents):
            newest[one.surface] = seen
    return tuple(
        said
        for said in product.declaration
        if said.surface in newest and newest[said.surface].holds(said.quote) is False
    )
