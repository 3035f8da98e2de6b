"""The one door to the outside: permission, limits, transcript. One module per kind of contact."""

from shelfworthy.product.address import Address
from shelfworthy.reach.door import Door, Reach, system_resolver
from shelfworthy.reach.http import Reply, exchange, request
from shelfworthy.reach.limits import Limits
from shelfworthy.reach.line import Handshake, Line
from shelfworthy.reach.transcript import Entry, Transcript
from shelfworthy.reach.words import FuseBlown, NoTls, NotSeen, PortRefused

__all__ = [
    "Address",
    "Door",
    "Entry",
    "FuseBlown",
    "Handshake",
    "Limits",
    "Line",
    "NoTls",
    "NotSeen",
    "PortRefused",
    "Reach",
    "Reply",
    "Transcript",
    "exchange",
    "request",
    "system_resolver",
]
