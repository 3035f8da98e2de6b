"""Greet a Redis server, and ask as a stranger how many keys it holds. No key leaves it, nor any value.

Redis' databases have numbers and no names, and what a key is called is a value: so only keys that ransom
campaigns are known to leave are asked for, each by its name (EXISTS), and all others are counted.
"""

import re
from collections.abc import AsyncIterator

from msgspec import Struct

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database.both_ways import both_ways
from shelfworthy.probes.database.resp import Answer, Resp, RespError
from shelfworthy.probes.masking import word
from shelfworthy.reach import FellSilent, Line, NotSeen, Reach
from shelfworthy.seen.database import (
    CollectionSeen,
    DatabaseSeen,
    Listing,
    Refused,
    StoreHello,
    StoreListing,
)
from shelfworthy.seen.ransom_names import keys

PRODUCT = "Redis"
MOST_DATABASES = 32
RESERVE = 5.0  # seconds of a look that are left for its end
VERSION = re.compile(r"^redis_version:([0-9A-Za-z.+-]{1,32})\r?$", re.MULTILINE)
KEYSPACE = re.compile(r"^db(\d{1,5}):keys=(\d{1,15}),", re.MULTILINE)
# What only Redis and its kin answer to PING, and not every line protocol (errors by their first word).
OWN_ERRORS = frozenset({"NOAUTH", "DENIED", "NOPERM", "LOADING", "MASTERDOWN", "BUSY", "MISCONF"})
LOGIN_ERRORS = frozenset({"NOAUTH", "DENIED"})
BEFORE_2_8 = RespError("ERR operation not permitted")  # what NOAUTH was called
BEGINNING = re.compile("[A-Za-z ]{1,48}")


class Greeting(Struct, frozen=True):
    """The answer to PING: an error, or None for PONG. version: "" where it did not say."""

    error: RespError | None
    version: str


async def hello(database: Database, reach: Reach) -> AsyncIterator[StoreHello]:
    async def plain() -> Greeting | None:
        async with reach.tcp(level=Level.LOOK) as line:
            return await greeted(Resp(line), line)

    async def secret() -> Greeting | None:
        async with reach.tls(level=Level.LOOK, name=database.name) as line:
            return await greeted(Resp(line), line)

    ways = await both_ways(plain, secret, again=True)
    told = ways.told
    yield StoreHello(
        product="" if told is None else PRODUCT,
        version="" if told is None else told.version,
        plain=ways.plain,
        tls=ways.tls,
        login=NotLooked(Cause.REFUSED) if told is None else told.error is not None and asks(told.error),
    )


async def listing(database: Database, reach: Reach) -> AsyncIterator[StoreListing]:
    async def plain() -> StoreListing | None:
        async with reach.tcp(level=Level.KNOCK) as line:
            return await listed(line, reach, over_tls=False)

    async def secret() -> StoreListing | None:
        async with reach.tls(level=Level.KNOCK, name=database.name) as line:
            return await listed(line, reach, over_tls=True)

    ways = await both_ways(plain, secret, again=False)
    if ways.told is None:
        words = f"{database.where} hangs up on a stranger's greeting, in cleartext and over TLS."
        raise NotSeen(Cause.REFUSED, words)
    yield ways.told


async def greeted(resp: Resp, line: Line) -> Greeting | None:
    """PING, and the version if it tells; None if the server hangs up. Raises NotSeen if it is no Redis."""
    try:
        answer = await resp.ask("PING")
    except EOFError:
        return None
    if isinstance(answer, RespError) and (answer.code in OWN_ERRORS or answer == BEFORE_2_8):
        return Greeting(error=answer, version="")
    if answer != "PONG" or isinstance(answer, RespError):
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{line.to} answered PING in a way that Redis does not.")
    told = await further(resp, None, "INFO", "server")
    found = VERSION.search(told) if isinstance(told, str) and not isinstance(told, RespError) else None
    return Greeting(error=None, version=found[1] if found else "")


async def listed(line: Line, reach: Reach, *, over_tls: bool) -> StoreListing | None:
    """What a stranger is shown; None if the server hangs up on the greeting."""
    resp = Resp(line)
    greeting = await greeted(resp, line)
    if greeting is None:
        return None
    answer: Listing | Refused
    notes: tuple[str, ...] = ()
    if greeting.error is not None:
        answer = refusal(greeting.error)
    elif isinstance(size := await further(resp, reach, "DBSIZE"), int):
        counts = await keyspace(resp, reach) or {0: max(size, -1)}
        asked = sorted(counts)[:MOST_DATABASES]
        shown = [await one_database(resp, reach, number, counts[number]) for number in asked]
        notes = tuple(sorted({note for _, found in shown for note in found}))
        answer = Listing(
            total=len(counts),
            databases=tuple(base for base, _ in shown),
            truncated=len(counts) > len(asked),
        )
    elif isinstance(size, RespError):
        answer = refusal(size)
    else:
        raise NotSeen(Cause.SILENT, f"{line.to} hung up when asked for DBSIZE.")
    return StoreListing(product=PRODUCT, over_tls=over_tls, account="", answer=answer, notes=notes)


async def keyspace(resp: Resp, reach: Reach) -> dict[int, int]:
    """How many keys each database has that has any; empty where it is not told."""
    told = await further(resp, reach, "INFO", "keyspace")
    if not isinstance(told, str) or isinstance(told, RespError):
        return {}
    return {int(number): int(count) for number, count in KEYSPACE.findall(told)}


async def one_database(resp: Resp, reach: Reach, number: int, count: int) -> tuple[DatabaseSeen, list[str]]:
    """A database, and which of the known names keys in it bear. truncated: not all could be asked for."""
    whole = number == 0 or await further(resp, reach, "SELECT", str(number)) == "OK"
    found = []
    for name in keys() if whole else ():
        answer = await further(resp, reach, "EXISTS", name)
        if answer == 1:
            found.append(name)
        elif answer != 0:  # a cluster's other nodes have the rest, or it may not be asked
            whole = False
            break
    records = CollectionSeen(name="", count=count, fields=NotLooked(Cause.NOBODY_LOOKED))
    return DatabaseSeen(name=str(number), collections=(records,), truncated=not whole), found


async def further(resp: Resp, reach: Reach | None, *words: str) -> Answer:
    """The answer to a detail: None from where the server or the time gives out. What was told stands."""
    if reach is not None and reach.seconds_left < RESERVE:
        return None
    try:
        return await resp.ask(*words)
    except (EOFError, FellSilent):
        return None


def asks(error: RespError) -> bool:
    """Whether an error says that strangers are not served."""
    return error.code in LOGIN_ERRORS or error == BEFORE_2_8


def refusal(error: RespError) -> Refused:
    """An error by its code and how it begins."""
    begins = BEGINNING.match(error.partition(" ")[2])
    return Refused(code=0, name=word(error.code), words=begins[0].strip() if begins else "")
