"""Databases and other stores: MongoDB from 2.6 to today, and one small module for each other protocol."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.database import (
    couchdb,
    elasticsearch,
    firebase,
    hello,
    listing,
    mysql,
    postgresql,
    redis,
)
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.database import DatabaseHello, DatabaseListing, StoreHello, StoreListing

MONGODB = ("mongodb",)
HELLO = Probe(
    name="database-hello",
    version=1,
    kind=Kind.DATABASE,
    level=Level.LOOK,
    sees=(DatabaseHello,),
    observe=hello.observe,
    tools=("pymongo",),
    extra="cloud",
    schemes=MONGODB,
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
    schemes=MONGODB,
)
STORES = {
    "redis": (redis, ("redis",)),
    "postgresql": (postgresql, ("postgresql",)),
    "mysql": (mysql, ("mysql",)),
    "elasticsearch": (elasticsearch, ("elasticsearch+http", "elasticsearch+https")),
    "couchdb": (couchdb, ("couchdb+http", "couchdb+https")),
    "firebase": (firebase, ("firebase+http", "firebase+https")),
}
STORE_HELLOS = tuple(
    Probe(
        name=f"{name}-database-store-hello",
        version=1,
        kind=Kind.DATABASE,
        level=Level.LOOK,
        sees=(StoreHello,),
        observe=store.hello,
        schemes=schemes,
    )
    for name, (store, schemes) in STORES.items()
)
STORE_LISTINGS = tuple(
    Probe(
        name=f"{name}-database-store-listing",
        version=1,
        kind=Kind.DATABASE,
        level=Level.KNOCK,
        sees=(StoreListing,),
        observe=store.listing,
        schemes=schemes,
    )
    for name, (store, schemes) in STORES.items()
)
