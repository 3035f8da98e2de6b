"""Where an endpoint's answer leads. Pure."""

import msgspec

from shelfworthy.model import Endpoint
from shelfworthy.probes.elsewhere import MOST, beside, named, origin, redirects, same
from shelfworthy.probes.endpoint.names import asked_name
from shelfworthy.product.address import normal_host
from shelfworthy.reach import Address, Reply
from shelfworthy.seen.endpoint import Elsewhere, Named


def asked_at(endpoint: Endpoint, at: Address) -> Address:
    """An address of the endpoint under the name that is asked for there."""
    return msgspec.structs.replace(at, host=normal_host(asked_name(endpoint, at)))


def elsewhere(reply: Reply, *asked: Address) -> Elsewhere:
    """The other places an answer names. asked: where it came from, under each of its names."""
    told = named((*redirects(reply), *beside(reply, asked[0])), asked[0])
    found = dict.fromkeys(
        Named(by=one.by, to=origin(one.to))
        for one in told
        if one.to is not None and not any(same(one.to, own) for own in asked)
    )
    unread = sum(one.to is None for one in told)
    return Elsewhere(places=tuple(found)[:MOST], more=unread + max(0, len(found) - MOST))
