"""What can be seen of a database: names and counts, never a value."""

from msgspec import Struct

from shelfworthy.model import Mention, NotLooked, Seen


class DatabaseHello(Seen, frozen=True, tag="database-hello/1"):
    """How a MongoDB server introduces itself to anyone.

    plain: whether it answered `hello` in cleartext; if not, it hung up, before and after TLS. tls: the same
    over TLS (False: a TLS handshake was completed, then it hung up); NotLooked where it answered in cleartext
    at once. version: of the server, "" where it did not say. wire: highest wire protocol version
    (`maxWireVersion`), 0 before 2.6. protocol: "OP_MSG" (3.6 and newer) or "OP_QUERY"; "" if it answered
    neither way. hosts: members of its replica set as it names them, `host:port`; nobody contacted them.
    """

    plain: bool
    tls: bool | NotLooked
    version: str
    wire: int
    protocol: str
    hosts: tuple[str, ...]

    def mentions(self) -> tuple[Mention, ...]:
        return tuple(
            Mention(what=f"mongodb://{host}", role="replica set member", field=f"hosts.{place}")
            for place, host in enumerate(self.hosts)
        )


class Refused(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="refused"):
    """The server answered a command with an error.

    code: its number, 0 where it has none (before 2.6). name: its code name, "" before 3.4. words: how its
    text begins, as far as it is letters and blanks, at most 48.
    """

    code: int
    name: str
    words: str


class FieldSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """A field of a collection: its masked name, BSON types met, in how many of the sampled records.

    email_like: in how many the text has the shape of an e-mail address (counted by the server).
    """

    name: str
    types: tuple[str, ...]
    records: int
    email_like: int


class CollectionSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """A collection: its name (masked if it looks like a value) and number of records (-1: not told).

    fields: of its first 1,000 records.
    """

    name: str
    count: int
    fields: tuple[FieldSeen, ...] | NotLooked


class DatabaseSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """One database of the listing: its name, masked if it looks like a value, and its collections.

    truncated: there were more collections than we asked for.
    """

    name: str
    collections: tuple[CollectionSeen, ...] | NotLooked
    truncated: bool


class Listing(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="listing"):
    """What a stranger was shown by `listDatabases`, without the server's own admin, config and local.

    total: how many databases it named, its own included. databases: of the others, the first 200.
    """

    total: int
    databases: tuple[DatabaseSeen, ...]
    truncated: bool


class DatabaseListing(Seen, frozen=True, tag="database-listing/1"):
    """What the server answered a stranger who asked for its databases. over_tls: how we asked."""

    over_tls: bool
    answer: Listing | Refused


class StoreHello(Seen, frozen=True, tag="database-store-hello/1"):
    """How a store of another kind than MongoDB introduces itself to anyone.

    product: what it is by its own answers: "Redis", "PostgreSQL", "MySQL", "MariaDB", "Elasticsearch",
    "OpenSearch", "CouchDB", "Firebase"; "" if it never said. version: "" where it did not say.
    plain: whether it serves clients in cleartext: it answered the first thing they say, or asked for their
    login. False: it hung up on that, or would not go on without TLS. NotLooked: it takes a login to know.
    tls: the same over TLS (False: it has none, or a TLS handshake was completed and then it hung up);
    NotLooked where it answered in cleartext at once. login: whether it asked for a login before it answered
    anything; NotLooked where its greeting does not show that.
    """

    product: str
    version: str
    plain: bool | NotLooked
    tls: bool | NotLooked
    login: bool | NotLooked


class StoreListing(Seen, frozen=True, tag="database-store-listing/1"):
    """What a store of another kind than MongoDB answered a stranger who asked what it holds.

    product: as in StoreHello. over_tls: how we asked. account: the account whose login without a password was
    tried, where the protocol knows no other stranger ("postgres", "root"); else "".
    answer: of a store that keeps records directly in a database or an index, each has one collection without
    a name that stands for them. Counts are the server's own estimates for PostgreSQL and MySQL. Refused: code
    is MySQL's error, an HTTP status or a PostgreSQL authentication request; name is Redis' error code, the
    SQLSTATE, the message that asks for a login, or the error's word; words is how the text begins, or the
    PostgreSQL routine that refused. notes: names known from ransom campaigns (`seen.ransom_names`) that
    single records bear, of the stores asked for them (Redis): all others stay there, unread.
    """

    product: str
    over_tls: bool
    account: str
    answer: Listing | Refused
    notes: tuple[str, ...]
