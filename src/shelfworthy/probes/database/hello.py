"""Greet a MongoDB server the way any client does: in cleartext, and over TLS if it hangs up on that."""

import re
from collections.abc import AsyncIterator, Iterator

from shelfworthy.model import Cause, Database, Level, NotLooked
from shelfworthy.probes.database.conversation import Conversation, plain, refused, secret
from shelfworthy.probes.database.documents import Document
from shelfworthy.reach import Reach
from shelfworthy.seen.database import DatabaseHello

VERSION = re.compile(r"[0-9A-Za-z.+-]{1,32}")
HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")
MEMBERS = ("hosts", "passives", "arbiters")  # of a replica set, as `hello` names them
MOST_HOSTS = 50  # what a replica set may have


async def observe(database: Database, reach: Reach) -> AsyncIterator[DatabaseHello]:
    async with plain(reach, Level.LOOK) as clear:
        if clear is not None:
            # In cleartext it answers: whether it would over TLS as well changes nothing, so nobody asks.
            yield await introduced(clear, plain=True, tls=NotLooked(Cause.NOBODY_LOOKED))
            return
    async with secret(database, reach, Level.LOOK) as hidden:
        if hidden is None:
            yield DatabaseHello(plain=False, tls=False, version="", wire=0, protocol="", hosts=())
            return
        told = await introduced(hidden, plain=False, tls=True)
    # To hang up once is no refusal: it may have been tired of us. It answers again, so it is asked again.
    async with plain(reach, Level.LOOK) as clear:
        yield told if clear is None else await introduced(clear, plain=True, tls=True)


async def introduced(conversation: Conversation, *, plain: bool, tls: bool | NotLooked) -> DatabaseHello:
    """What the server says of itself. `buildInfo`, which names the version, needs no login."""
    answer = await conversation.more({"buildInfo": 1}, "admin")
    version = "" if answer is None or refused(answer) else str(answer.get("version", ""))
    return DatabaseHello(
        plain=plain,
        tls=tls,
        version=version if VERSION.fullmatch(version) else "",
        wire=conversation.wire,
        protocol=conversation.protocol,
        hosts=tuple(members(conversation.greeting))[:MOST_HOSTS],
    )


def members(greeting: Document) -> Iterator[str]:
    """The other hosts of its replica set. They are noted, not followed."""
    for key in MEMBERS:
        told = greeting.get(key)
        for host in told if isinstance(told, list) else ():
            if isinstance(host, str) and HOST.fullmatch(host):
                yield host
