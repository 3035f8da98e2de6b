"""Greet a MySQL or MariaDB server, and ask as a stranger what it holds.

The server speaks first, in cleartext always, and says whether it knows TLS. The protocol knows no stranger:
whoever comes names an account. From `knock` on it is the one every server is set up with, `root`, once per
look and way, and without a password: we send none, and try no other account.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database import mysql_wire
from shelfworthy.probes.database.mysql_wire import Greeting, MysqlError, Packets
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

ACCOUNT = "root"
TLS_ONLY = 3159  # ER_SECURE_TRANSPORT_REQUIRED
WRONG_LOGIN = frozenset({1045, 1698})  # ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR
# Plugins that an empty answer satisfies if the account has no password, and the answer in their form.
EMPTY = {
    "mysql_native_password": b"",
    "caching_sha2_password": b"\0",
    "sha256_password": b"\0",
    "mysql_old_password": b"",
}
OWN = frozenset({"information_schema", "mysql", "performance_schema", "sys"})
MOST_DATABASES, MOST_TABLES, MOST_ROWS = 200, 100, 5000  # rows: as the questions say
NUMBER = re.compile(r"\d{1,18}")
FRESH = "set session information_schema_stats_expiry = 0"  # MySQL 8 shows the counts of yesterday
DATABASES = "select schema_name from information_schema.schemata order by 1 limit 201"
TABLES = (
    "select table_schema, table_name, table_rows from information_schema.tables"
    " where table_type = 'BASE TABLE' order by 1, 2 limit 5000"
)


class Session(Struct, frozen=True):
    """What came of one connection. packets: for what may be asked next; refused: None where it was let in."""

    packets: Packets
    greeting: Greeting
    refused: Refused | None


async def hello(database: Database, reach: Reach) -> AsyncIterator[StoreHello]:
    async with reach.tcp(level=Level.LOOK) as line:
        _, told = await greeted(line)
    plain: bool | NotLooked = True
    tls: bool | NotLooked = told.offers_tls
    login: bool | NotLooked = NotLooked(Cause.NOT_PERMITTED)
    if await reach.permits(Level.KNOCK):
        async with opened(database, reach, tls=told.offers_tls) as session:
            refused = session.refused
        login = refused is not None
        if told.offers_tls:
            async with opened(database, reach, tls=False) as session:
                plain = in_cleartext(session.refused, over_tls=refused)
    elif told.offers_tls:
        plain = NotLooked(Cause.NOT_PERMITTED)
        async with reach.tls(level=Level.LOOK, name=database.name, after=ask_for_tls):
            pass  # that it completes a handshake is all there is to see
    yield StoreHello(product=told.product, version=told.version, plain=plain, tls=tls, login=login)


async def listing(database: Database, reach: Reach) -> AsyncIterator[StoreListing]:
    # Where there is TLS it is asked over TLS: MariaDB answers whoever lacks it as if the password were wrong.
    async with reach.tcp(level=Level.KNOCK) as line:
        _, told = await greeted(line)
    async with opened(database, reach, tls=told.offers_tls) as session:
        answer = session.refused or await shown(session.packets)
    yield StoreListing(
        product=told.product, over_tls=told.offers_tls, account=ACCOUNT, answer=answer, notes=()
    )


def in_cleartext(refused: Refused | None, over_tls: Refused | None) -> bool | NotLooked:
    """Whether the server serves in cleartext, by what it said to the same login with and without TLS.

    Refused both ways it may insist on TLS or not: MariaDB uses the same error for either, MySQL keeps its own
    for those whose password was right. Other errors, as of too many connections, say nothing of TLS.
    """
    if refused is None:
        return True
    if refused.code == TLS_ONLY or (over_tls is None and refused.code in WRONG_LOGIN):
        return False
    return NotLooked(Cause.REFUSED)


async def greeted(line: Line) -> tuple[Packets, Greeting]:
    """The server's first words. Raises NotSeen, also where it greets nobody from here."""
    packets = Packets(line)
    try:
        told = mysql_wire.greeting(packets, await packets.receive())
    except EOFError:
        raise NotSeen(Cause.SILENT, f"{line.to} hung up without a greeting.") from None
    if isinstance(told, MysqlError):
        words = f"{line.to} greets nobody who comes from here (MySQL error {told.code})."
        raise NotSeen(Cause.REFUSED, words)
    return packets, told


async def ask_for_tls(line: Line) -> None:
    packets, _ = await greeted(line)
    await packets.send(mysql_wire.ssl_request())


@asynccontextmanager
async def opened(database: Database, reach: Reach, *, tls: bool) -> AsyncIterator[Session]:
    """A connection that has named the account. Raises NotSeen."""
    if tls:
        begun: list[tuple[Packets, Greeting]] = []

        async def agree(line: Line) -> None:
            packets, told = await greeted(line)
            await packets.send(mysql_wire.ssl_request())
            begun.append((packets, told))

        async with reach.tls(level=Level.KNOCK, name=database.name, after=agree) as line:
            ((packets, told),) = begun
            packets.line = line
            yield await logged_in(packets, told, tls=True)
    else:
        async with reach.tcp(level=Level.KNOCK) as line:
            packets, told = await greeted(line)
            yield await logged_in(packets, told, tls=False)


async def logged_in(packets: Packets, told: Greeting, *, tls: bool) -> Session:
    """Name the account without a password. Raises NotSeen."""
    await packets.send(mysql_wire.login(ACCOUNT, tls=tls))
    try:
        content = await packets.receive()
        if content[0] == mysql_wire.SWITCH:
            plugin = mysql_wire.switched_to(content)
            if plugin not in EMPTY:  # it wants something else than a password: that is a refusal, too
                refused = Refused(code=0, name="AuthSwitchRequest", words=plugin)
                return Session(packets, told, refused)
            await packets.send(EMPTY[plugin])
            content = await packets.receive()
        if content == mysql_wire.ENOUGH:
            content = await packets.receive()
    except EOFError:
        raise NotSeen(Cause.SILENT, f"{packets.line.to} hung up on a login.") from None
    if content[0] == mysql_wire.ERROR:
        return Session(packets, told, refusal(mysql_wire.error(content)))
    if content[0] == mysql_wire.MORE:  # it goes on to ask for the password itself
        return Session(packets, told, Refused(code=0, name="AuthMoreData", words=""))
    if content[0] != mysql_wire.OK:
        raise packets.not_mysql("something else")
    return Session(packets, told, None)


async def shown(packets: Packets) -> Listing | Refused:
    """The databases a stranger is shown, with their tables. Raises NotSeen."""
    try:
        await packets.query(FRESH)  # MariaDB knows no such variable, and needs none
        told = await packets.query(DATABASES)
        if isinstance(told, MysqlError):
            return refusal(told)
        tables = await tables_of(packets)
    except EOFError:
        raise NotSeen(Cause.SILENT, f"{packets.line.to} hung up when asked for its databases.") from None
    names = [row[0] for row in told if row and row[0]]
    others = [name for name in names[:MOST_DATABASES] if name not in OWN]
    return Listing(
        total=len(names),
        databases=tuple(one_database(name, tables) for name in others),
        # Every server has `mysql`: an account that is not shown it is not shown everything.
        truncated=len(names) > MOST_DATABASES or "mysql" not in names,
    )


async def tables_of(packets: Packets) -> dict[str, list[tuple[str, int]]] | Cause:
    """Tables and their numbers of records (-1: not told) by database, or why they are not known."""
    try:
        rows = await packets.query(TABLES)
    except (EOFError, FellSilent):
        return Cause.SILENT
    if isinstance(rows, MysqlError) or len(rows) == MOST_ROWS:
        return Cause.REFUSED if isinstance(rows, MysqlError) else Cause.NOBODY_LOOKED
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        if len(row) == 3:
            base, table, count = row
            number = int(count) if count and NUMBER.fullmatch(count) else -1
            found[base or ""].append((table or "", number))
    return found


def one_database(name: str, tables: dict[str, list[tuple[str, int]]] | Cause) -> DatabaseSeen:
    """A database with the tables that were found in it."""
    if isinstance(tables, Cause):
        return DatabaseSeen(name=masked(name), collections=NotLooked(tables), truncated=True)
    held = tables.get(name, [])
    unasked = NotLooked(Cause.NOBODY_LOOKED)
    return DatabaseSeen(
        name=masked(name),
        collections=tuple(
            CollectionSeen(name=masked(table), count=count, fields=unasked)
            for table, count in held[:MOST_TABLES]
        ),
        truncated=len(held) > MOST_TABLES,
    )


def refusal(error: MysqlError) -> Refused:
    return Refused(code=error.code, name=error.state, words="")
