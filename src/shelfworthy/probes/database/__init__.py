"""Databases. So far MongoDB, from 2.6 to today."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.database import hello, listing
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.database import DatabaseHello, DatabaseListing

HELLO = Probe(
    name="database-hello",
    version=1,
    kind=Kind.DATABASE,
    level=Level.LOOK,
    sees=(DatabaseHello,),
    observe=hello.observe,
    tools=("pymongo",),
    extra="cloud",
)
LISTING = Probe(
    name="database-listing",
    version=1,
    kind=Kind.DATABASE,
    level=Level.KNOCK,
    sees=(DatabaseListing,),
    observe=listing.observe,
    tools=("pymongo",),
    extra="cloud",
)
