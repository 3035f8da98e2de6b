"""What checks of a database's contents share: was it shown, and whole?"""

from shelfworthy.model import NotLooked
from shelfworthy.seen.database import CollectionSeen, DatabaseSeen, Listing


def inside(base: DatabaseSeen) -> tuple[CollectionSeen, ...]:
    """The collections we were told of."""
    return () if isinstance(base.collections, NotLooked) else base.collections


def told_whole(base: DatabaseSeen) -> bool:
    """Whether we know all its collections and how many records each has."""
    return not base.truncated and all(found.count >= 0 for found in inside(base))


def shown_whole(listing: Listing) -> bool:
    """Whether we know the names of all databases and of all their collections."""
    return (
        listing.total > 0 and not listing.truncated and not any(base.truncated for base in listing.databases)
    )
