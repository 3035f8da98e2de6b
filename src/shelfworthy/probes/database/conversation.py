"""A stranger's conversation with a MongoDB server: greet, then ask in whatever protocol it speaks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from shelfworthy.model import Cause, Database, Level
from shelfworthy.probes.database import wire
from shelfworthy.probes.database.documents import Document
from shelfworthy.probes.database.wire import Reply
from shelfworthy.reach import FellSilent, Line, NoTls, NotSeen, Reach

OP_MSG_SINCE = 6  # maxWireVersion of MongoDB 3.6
LIST_COLLECTIONS_SINCE = 3  # of MongoDB 3.0
RESERVE = 5.0  # seconds of a look that are left for its end


class Conversation:
    """An open, greeted connection. greeting: the server's answer to `isMaster`. over: it answers no more."""

    def __init__(self, line: Line, reach: Reach, greeting: Document) -> None:
        self.greeting = greeting
        self.over_tls = line.handshake is not None
        self.wire = number(greeting.get("maxWireVersion"))
        self.protocol = "OP_MSG" if self.wire >= OP_MSG_SINCE else "OP_QUERY"
        self.over = False
        self._line = line
        self._reach = reach

    async def ask(self, command: Document, database: str = "admin") -> Document:
        """The answer to a command, errors included. Raises NotSeen."""
        await self._line.send(self._framed(command, database))
        answer = await wire.receive(self._line)
        if answer is None:
            raise NotSeen(Cause.SILENT, f"{self._line.to} hung up when asked for {next(iter(command))}.")
        return first(answer, self._line)

    async def more(self, command: Document, database: str) -> Document | None:
        """The same for details: None from where the server or the time gives out. What was told stands."""
        answer = await self._further(self._framed(command, database))
        return None if answer is None or not answer.documents else answer.documents[0]

    async def names(self, database: str, most: int) -> Reply | None:
        """`system.namespaces`: how a server older than 3.0 lists its collections, indexes among them."""
        return await self._further(wire.find(f"{database}.system.namespaces", {}, most))

    async def _further(self, question: bytes) -> Reply | None:
        if not self.over and self._reach.seconds_left > RESERVE:
            try:
                await self._line.send(question)
                if (answer := await wire.receive(self._line)) is not None:
                    return answer
            except FellSilent:
                pass
        self.over = True
        return None

    def _framed(self, command: Document, database: str) -> bytes:
        frame = wire.message if self.protocol == "OP_MSG" else wire.query
        return frame(command, database)


@asynccontextmanager
async def plain(reach: Reach, level: Level) -> AsyncIterator[Conversation | None]:
    """A conversation in cleartext; None if the server hangs up on a greeting. Raises NotSeen."""
    async with reach.tcp(level=level) as line:
        yield await _greeted(line, reach)


@asynccontextmanager
async def secret(database: Database, reach: Reach, level: Level) -> AsyncIterator[Conversation | None]:
    """A conversation over TLS with a server that hung up on cleartext; None if it hangs up here, too.

    Raises NotSeen, also if no TLS handshake completes.
    """
    async with AsyncExitStack() as stack:
        try:
            line = await stack.enter_async_context(reach.tls(level=level, name=database.name))
        except NoTls as error:
            words = f"It hung up on a MongoDB greeting in cleartext, and {error.words}"
            raise NotSeen(Cause.SILENT, words) from error
        yield await _greeted(line, reach)


async def _greeted(line: Line, reach: Reach) -> Conversation | None:
    """`isMaster` as OP_QUERY is the greeting every server understands, old and new."""
    await line.send(wire.query({"isMaster": 1, "helloOk": True}, "admin"))
    greeting = await wire.receive(line)
    return None if greeting is None else Conversation(line, reach, first(greeting, line))


def first(reply: Reply, line: Line) -> Document:
    """The one document of a command's answer. Raises NotSeen if there is none."""
    if not reply.documents:
        raise NotSeen(Cause.NOT_UNDERSTOOD, f"{line.to} answered a command without a document.")
    return reply.documents[0]


def number(value: object) -> int:
    """A number out of a document that may hold anything."""
    return int(value) if isinstance(value, int | float) and abs(value) < 1 << 53 else 0


def refused(answer: Document) -> bool:
    """Whether an answer is an error (`ok` is not 1)."""
    return number(answer.get("ok")) != 1


def documents(value: object) -> list[Document]:
    """The documents of a list out of an answer that may hold anything."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
