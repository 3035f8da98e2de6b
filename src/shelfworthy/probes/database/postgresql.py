"""Greet a PostgreSQL server, and ask as a stranger what it holds.

The protocol knows no stranger: whoever comes names an account. The greeting names none; it asks for TLS, and
then for a protocol version that no server has, which each refuses in its own words. From `knock` on the
account is the one every server is set up with, `postgres`, and no password is ever sent: where one is asked
for, that is the answer.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database import pg_wire
from shelfworthy.probes.database.pg_wire import PgError
from shelfworthy.probes.masking import masked
from shelfworthy.reach import FellSilent, Line, NotSeen, Reach
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseSeen,
    Listing,
    Refused,
    StoreHello,
    StoreListing,
)

PRODUCT, ACCOUNT = "PostgreSQL", "postgres"
AT_HOME = ("postgres", "template1")  # databases every server is set up with
NO_DATABASE = "3D000"
BUSY = frozenset({"57P03", "53300"})  # cannot_connect_now, too_many_connections
BY_ADDRESS = "ClientAuthentication"  # the routine that refuses whom no line of pg_hba.conf lets in
MOST_DATABASES, MOST_DETAILED, MOST_TABLES = 200, 20, 100  # the questions ask for one more
RESERVE = 5.0  # seconds of a look that are left for its end
NUMBER = re.compile(r"\d{1,18}")
VERSION = re.compile(r"\d+(\.\d+){0,2}")
DATABASES = "select datname from pg_database where not datistemplate order by 1 limit 201"
# A table with pages and without rows: its statistics were lost, and -1 says that nobody knows.
TABLES = (
    "select schemaname, relname, case when n_live_tup = 0 and pg_relation_size(relid) > 0"
    " then -1 else n_live_tup end from pg_stat_user_tables order by 1, 2 limit 101"
)


class Login(Struct, frozen=True):
    """What came of naming an account. refused: None where it was let in. version: "" where it is not told."""

    refused: Refused | None
    version: str

    @property
    def by_address(self) -> bool:
        """Whether it was refused before anybody asked who it is: from here, or in this way."""
        return self.refused is not None and self.refused.words == BY_ADDRESS

    @property
    def busy(self) -> bool:
        """Whether it said only that it serves nobody just now, before it looked who asks, and how."""
        return self.refused is not None and self.refused.name in BUSY


async def hello(database: Database, reach: Reach) -> AsyncIterator[StoreHello]:
    offered = await tls_offered(reach)
    async with opened(database, reach, Level.LOOK, tls=offered) as line:
        await introduced(line)
    plain: bool | NotLooked = True
    tls: bool | NotLooked = offered
    login: bool | NotLooked = NotLooked(Cause.NOT_PERMITTED)
    version = ""
    if await reach.permits(Level.KNOCK):
        told = await named(database, reach, tls=False)
        if offered and told.by_address:
            plain = False
            told = await named(database, reach, tls=True)
            tls = NotLooked(Cause.REFUSED) if told.busy else not told.by_address
        elif offered and told.busy:
            plain = NotLooked(Cause.REFUSED)
        login = NotLooked(Cause.REFUSED) if told.busy else told.refused is not None
        version = told.version
    elif offered:
        plain = NotLooked(Cause.NOT_PERMITTED)
    yield StoreHello(product=PRODUCT, version=version, plain=plain, tls=tls, login=login)


async def listing(database: Database, reach: Reach) -> AsyncIterator[StoreListing]:
    told, tls = await named(database, reach, tls=False), False
    if told.refused is not None and await tls_offered(reach):  # each way has lines of its own in pg_hba.conf
        told, tls = await named(database, reach, tls=True), True
    answer = told.refused or await shown(database, reach, tls=tls)
    yield StoreListing(product=PRODUCT, over_tls=tls, account=ACCOUNT, answer=answer, notes=())


async def tls_offered(reach: Reach) -> bool:
    """Whether it agrees to TLS when asked. Raises NotSeen."""
    async with reach.tcp(level=Level.LOOK) as line:
        return await agrees(line)


async def agrees(line: Line) -> bool:
    await line.send(pg_wire.SSL_REQUEST)
    match await line.receive(1):
        case b"S":
            return True
        case b"N":
            return False
        case b"":
            raise NotSeen(Cause.SILENT, f"{line.to} hung up when a PostgreSQL client asked for TLS.")
    raise pg_wire.not_postgresql(line, "something else")


@asynccontextmanager
async def opened(database: Database, reach: Reach, level: Level, *, tls: bool) -> AsyncIterator[Line]:
    """A connection on which the client's StartupMessage is next."""

    async def ask_for_tls(line: Line) -> None:
        if not await agrees(line):
            raise NotSeen(Cause.CONTRADICTORY, f"{line.to} agreed to TLS, and then did not.")

    if tls:
        async with reach.tls(level=level, name=database.name, after=ask_for_tls) as line:
            yield line
    else:
        async with reach.tcp(level=level) as line:
            yield line


async def introduced(line: Line) -> None:
    """Have it refuse a version that does not exist, as only this protocol does. Raises NotSeen."""
    await line.send(pg_wire.startup(pg_wire.NO_VERSION))
    found = await pg_wire.receive(line)
    if found is None:
        raise NotSeen(Cause.SILENT, f"{line.to} hung up on a PostgreSQL client.")
    if found[0] != pg_wire.ERROR or pg_wire.error(found[1]).state != pg_wire.UNSUPPORTED:
        raise pg_wire.not_postgresql(line, "something else")


async def named(database: Database, reach: Reach, *, tls: bool) -> Login:
    """What the server says to whoever names the account, and nothing else. Raises NotSeen."""
    async with opened(database, reach, Level.KNOCK, tls=tls) as line:
        return await log_in(line, AT_HOME[0])


async def log_in(line: Line, base: str) -> Login:
    """Name the account, and stop where a password is asked for. Raises NotSeen."""
    await line.send(pg_wire.startup(user=ACCOUNT, database=base))
    version = ""
    async for kind, content in pg_wire.messages(line):
        if kind == pg_wire.ERROR:
            return Login(refused=refusal(pg_wire.error(content)), version="")
        if kind == pg_wire.AUTHENTICATION and (code := int.from_bytes(content[:4])) != pg_wire.TRUSTED:
            name = pg_wire.REQUESTS.get(code, "Authentication")
            return Login(refused=Refused(code=min(code, 1 << 16), name=name, words=""), version="")
        if kind == pg_wire.PARAMETER and content.startswith(b"server_version\0"):
            told = VERSION.match(content[15:].decode("latin-1"))
            version = told[0] if told else ""
    return Login(refused=None, version=version)


async def shown(database: Database, reach: Reach, *, tls: bool) -> Listing | Refused:
    """The databases a stranger is shown, with their tables as far as time allows."""
    told: list[tuple[str, ...]] | Refused | None = None
    for base in AT_HOME:
        told = await answered(database, reach, base, DATABASES, tls=tls)
        if not isinstance(told, Refused) or told.name != NO_DATABASE:
            break
    if told is None:
        raise NotSeen(Cause.SILENT, f"{database.where} gave out when asked for its databases.")
    if isinstance(told, Refused):
        return told
    names = [row[0] for row in told if row][:MOST_DATABASES]
    bases = []
    for place, name in enumerate(names):
        rows = await answered(database, reach, name, TABLES, tls=tls) if place < MOST_DETAILED else None
        bases.append(one_database(name, rows))
    return Listing(total=len(told), databases=tuple(bases), truncated=len(told) > MOST_DATABASES)


async def answered(
    database: Database, reach: Reach, base: str, sql: str, *, tls: bool
) -> list[tuple[str, ...]] | Refused | None:
    """The rows of a question in one database; None from where the server or the time gives out."""
    if reach.seconds_left < RESERVE:
        return None
    try:
        async with opened(database, reach, Level.KNOCK, tls=tls) as line:
            told = await log_in(line, base)
            if told.refused is not None:
                return told.refused
            await line.send(pg_wire.query(sql))
            rows = []
            async for kind, content in pg_wire.messages(line):
                if kind == pg_wire.ERROR:
                    return refusal(pg_wire.error(content))
                if kind == pg_wire.ROW:
                    rows.append(pg_wire.row(line, content))
            return rows
    except FellSilent:
        return None


def one_database(name: str, rows: list[tuple[str, ...]] | Refused | None) -> DatabaseSeen:
    """A database with the tables that were found in it."""
    if rows is None or isinstance(rows, Refused):
        cause = Cause.NOBODY_LOOKED if rows is None else Cause.REFUSED
        return DatabaseSeen(name=masked(name), collections=NotLooked(cause), truncated=True)
    tables = tuple(
        CollectionSeen(
            name=masked(table if schema == "public" else f"{schema}.{table}"),
            count=int(count) if NUMBER.fullmatch(count) else -1,
            fields=NotLooked(Cause.NOBODY_LOOKED),
        )
        for schema, table, count in (row for row in rows[:MOST_TABLES] if len(row) == 3)
    )
    return DatabaseSeen(name=masked(name), collections=tables, truncated=len(rows) > MOST_TABLES)


def refusal(error: PgError) -> Refused:
    return Refused(code=0, name=error.state, words=error.routine)
