"""A stranger's conversation with a MongoDB server: greet, then ask in whatever protocol it speaks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shelfworthy.model import Cause, Database, Level
from shelfworthy.probes.database import wire
from shelfworthy.probes.database.wire import Document
from shelfworthy.reach import Line, NoTls, NotSeen, Reach


class Conversation:
    """An open, greeted connection. greeting: the server's answer to `isMaster`."""

    def __init__(self, line: Line, greeting: Document) -> None:
        self.greeting = greeting
        self.over_tls = line.handshake is not None
        self.wire = number(greeting.get("maxWireVersion"))
        self.protocol = "OP_MSG" if self.wire >= wire.OP_MSG_SINCE else "OP_QUERY"
        self._line = line

    async def ask(self, command: Document, database: str = "admin") -> Document:
        """The answer to a command, errors included. Raises NotSeen."""
        speak = wire.message if self.protocol == "OP_MSG" else wire.query
        answer = await speak(self._line, command, database)
        if answer is None:
            raise NotSeen(Cause.SILENT, f"{self._line.to} hung up when asked for {next(iter(command))}.")
        return answer


@asynccontextmanager
async def plain(database: Database, reach: Reach, level: Level) -> AsyncIterator[Conversation | None]:
    """A conversation in cleartext; None if the server hangs up on a greeting in cleartext."""
    async with reach.tcp(level=level) as line:
        yield await _greeted(line)


@asynccontextmanager
async def secret(database: Database, reach: Reach, level: Level) -> AsyncIterator[Conversation | None]:
    """A conversation over TLS; None if the server does not speak TLS."""
    opened = reach.tls(level=level, name=database.name)
    try:
        line = await opened.__aenter__()
    except NoTls:
        yield None
        return
    try:
        yield await _greeted(line)
    finally:
        await opened.__aexit__(None, None, None)


async def _greeted(line: Line) -> Conversation | None:
    """OP_QUERY is the greeting every server understands, old and new."""
    greeting = await wire.query(line, {"isMaster": 1, "helloOk": True})
    return None if greeting is None else Conversation(line, greeting)


def number(value: object) -> int:
    """A number out of a document that may hold anything."""
    return int(value) if isinstance(value, int | float) and abs(value) < 1 << 53 else 0


def refused(answer: Document) -> bool:
    """Whether an answer is an error (`ok` is not 1)."""
    return number(answer.get("ok")) != 1
