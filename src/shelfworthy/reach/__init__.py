"""The one door to the outside: permission, limits, transcript. One module per kind of contact."""

from shelfworthy.product.address import Address
from shelfworthy.reach.datagrams import Datagrams
from shelfworthy.reach.door import Door, Reach
from shelfworthy.reach.http import Reply, exchange, leads_to, request
from shelfworthy.reach.limits import Limits
from shelfworthy.reach.line import Handshake, Line
from shelfworthy.reach.names import system_resolver
from shelfworthy.reach.radio import (
    Answered,
    ClassicLink,
    ClassicPaired,
    Heard,
    Link,
    Offered,
    Paired,
    Radio,
    Table,
)
from shelfworthy.reach.registry import Registered, ask_registry
from shelfworthy.reach.resolver import Told, look_up, try_look_up
from shelfworthy.reach.side_by_side import together
from shelfworthy.reach.street import Street
from shelfworthy.reach.transcript import Entry, Transcript
from shelfworthy.reach.visit import Missing, Visit, attempt, destination, visit
from shelfworthy.reach.words import (
    FellSilent,
    FuseBlown,
    NoLink,
    NotHttp,
    NoTls,
    NotSeen,
    PortRefused,
    UsedUp,
)

__all__ = [
    "Address",
    "Answered",
    "ClassicLink",
    "ClassicPaired",
    "Datagrams",
    "Door",
    "Entry",
    "FellSilent",
    "FuseBlown",
    "Handshake",
    "Heard",
    "Limits",
    "Line",
    "Link",
    "Missing",
    "NoLink",
    "NoTls",
    "NotHttp",
    "NotSeen",
    "Offered",
    "Paired",
    "PortRefused",
    "Radio",
    "Reach",
    "Registered",
    "Reply",
    "Street",
    "Table",
    "Told",
    "Transcript",
    "UsedUp",
    "Visit",
    "ask_registry",
    "attempt",
    "destination",
    "exchange",
    "leads_to",
    "look_up",
    "request",
    "system_resolver",
    "together",
    "try_look_up",
    "visit",
]
