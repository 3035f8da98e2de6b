"""What can be seen of a database: names and counts, never a value."""

from msgspec import Struct

from shelfworthy.model import NotLooked, Seen


class DatabaseHello(Seen, frozen=True, tag="database-hello/1"):
    """How a MongoDB server introduces itself to anyone.

    plain, tls: whether it answered `hello` in cleartext and over TLS. version: of the server, "" where it
    did not say. wire: highest wire protocol version (MongoDB wire protocol, `maxWireVersion`).
    protocol: "OP_MSG" (3.6 and newer) or "OP_QUERY".
    """

    plain: bool
    tls: bool
    version: str
    wire: int
    protocol: str


class Refused(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="refused"):
    """The server answered a command with an error. code: its number, name: its code name."""

    code: int
    name: str


class FieldSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """A field of a collection: its masked name, BSON types met, in how many of the sampled records.

    email_like: in how many the text has the shape of an e-mail address (counted by the server).
    """

    name: str
    types: tuple[str, ...]
    records: int
    email_like: int


class CollectionSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """A collection: its name (masked if it looks like a value) and number of records (-1: refused)."""

    name: str
    count: int
    fields: tuple[FieldSeen, ...] | NotLooked


class DatabaseSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """One database of the listing: name and collections; truncated: there were more than we asked for."""

    name: str
    collections: tuple[CollectionSeen, ...]
    truncated: bool


class Listing(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="listing"):
    """What a stranger was shown by `listDatabases`. total: databases named, of which some are detailed."""

    total: int
    databases: tuple[DatabaseSeen, ...]


class DatabaseListing(Seen, frozen=True, tag="database-listing/1"):
    """What the server answered a stranger who asked for its databases. over_tls: how we asked."""

    over_tls: bool
    answer: Listing | Refused
