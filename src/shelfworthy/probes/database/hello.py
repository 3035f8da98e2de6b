"""Greet a MongoDB server the way any client does: once in cleartext, once over TLS."""

from collections.abc import AsyncIterator

from shelfworthy.model import Cause, Database, Level
from shelfworthy.probes.database.conversation import Conversation, plain, refused, secret
from shelfworthy.reach import NotSeen, Reach
from shelfworthy.seen.database import DatabaseHello


async def observe(database: Database, reach: Reach) -> AsyncIterator[DatabaseHello]:
    async with plain(database, reach, Level.LOOK) as clear:
        clear_version = await version(clear)
    async with secret(database, reach, Level.LOOK) as hidden:
        hidden_version = await version(hidden)
    spoken = clear or hidden
    if spoken is None:
        words = f"{database.where} hangs up on a MongoDB greeting, in cleartext and over TLS."
        raise NotSeen(Cause.NOT_UNDERSTOOD, words)
    yield DatabaseHello(
        plain=clear is not None,
        tls=hidden is not None,
        version=clear_version or hidden_version,
        wire=spoken.wire,
        protocol=spoken.protocol,
    )


async def version(conversation: Conversation | None) -> str:
    """The version the server names; `buildInfo` needs no login."""
    if conversation is None:
        return ""
    answer = await conversation.ask({"buildInfo": 1})
    return "" if refused(answer) else str(answer.get("version", ""))[:32]
