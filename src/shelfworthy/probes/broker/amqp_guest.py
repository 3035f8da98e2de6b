"""Join an AMQP broker without credentials, or as `guest`, and listen for a second, if it lets us.

There is no subscribing in AMQP without a queue: ours is named by the broker, seen by nobody else and gone
with our connection. It gets copies; no queue of others is touched. Still it is made on the broker, so it
takes `use`.
"""

import struct
from contextlib import aclosing

from shelfworthy.model import Cause, NotLooked
from shelfworthy.probes.broker import amqp
from shelfworthy.probes.broker.amqp import Introduction
from shelfworthy.probes.broker.frames import Frame, Framed
from shelfworthy.probes.broker.topics import Tally
from shelfworthy.probes.broker.ways import LISTEN, Garbled, Protocol, Told, Way
from shelfworthy.reach import FellSilent, Line
from shelfworthy.seen.broker import Came, Received

ANONYMOUS, PLAIN = "ANONYMOUS", "PLAIN"  # RFC 4505, RFC 4616
# Ways to log in for which one needs a password, a key or a ticket.
ASKS = frozenset({PLAIN, "AMQPLAIN", "EXTERNAL", "RABBIT-CR-DEMO", "CRAM-MD5", "DIGEST-MD5", "GSSAPI"})
SOURCES = {
    "amq.topic": "#",
    "amq.fanout": "",
}  # exchanges every broker has, and the key that means everything
CHANNEL = 1
MOST_FRAMES = 20  # that are no answer, before we stop waiting for one


async def join(line: Line, way: Way, may_write: bool) -> Told:
    """Greet, log in the way given, and what the broker says of it. Raises NotSeen."""
    frames = Framed(line, amqp.measure, "an AMQP greeting")
    await line.send(amqp.HEADER)
    greeting = await frames.frame()
    if greeting is None:
        return Told("hung up")
    if greeting.head.startswith(b"AMQP"):  # section 4.2.2: it names the version it would speak
        return Told("answered", "AMQP " + ".".join(str(number) for number in greeting.head[5:8]))
    try:
        host = amqp.introduction(greeting) if amqp.named(greeting) == amqp.START else None
    except (ValueError, struct.error):
        host = None
    if host is None:
        raise frames.other("something else")
    return await _log_in(frames, host, way, may_write)


# Published with RabbitMQ, and what it lets in from everywhere once `loopback_users` is empty.
AMQP = Protocol(name="AMQP 0-9-1", ways=(Way("0-9-1"), Way("0-9-1", "guest", "guest")), join=join)


async def _log_in(frames: Framed, host: Introduction, way: Way, may_write: bool) -> Told:
    mechanism = PLAIN if way.name else ANONYMOUS
    if mechanism not in host.mechanisms:
        # RabbitMQ hangs up on what it did not offer; that every way it did offer asks for more is a refusal.
        asks = bool(host.mechanisms) and ASKS.issuperset(host.mechanisms)
        return Told("refused" if asks else "answered", "", product=host.product, mechanisms=host.mechanisms)
    response = f"\0{way.name}\0{way.password}".encode() if way.name else b""
    await frames.line.send(amqp.start_ok(mechanism, response))
    answer = await frames.frame()
    if answer is None:
        return Told("hung up", product=host.product, mechanisms=host.mechanisms)
    received: Received | NotLooked = NotLooked(Cause.REFUSED)
    if amqp.named(answer) == amqp.TUNE:
        received = await Consumer(frames).listen(answer) if may_write else NotLooked(Cause.NOT_PERMITTED)
        return Told("let in", "", received, host.product, host.mechanisms)
    code = amqp.closed(answer) if amqp.named(answer) == amqp.CLOSE else ""
    came: Came = "refused" if code == str(amqp.ACCESS_REFUSED) else "answered"
    return Told(came, code, received, host.product, host.mechanisms)


class Consumer:
    """A stranger who was let in."""

    def __init__(self, frames: Framed) -> None:
        self._frames = frames
        self._tally = Tally()
        self._key = ""  # of the message that is coming
        self._left = -1  # bytes of it still to come, -1 before its size is known
        self._size = 0

    async def listen(self, tune: Frame) -> Received:
        """Bind a queue of our own to everything, and count what comes in a second."""
        try:
            if await self._ready(tune) and await self._subscribed():
                await self._hear()
        except (FellSilent, Garbled, ValueError, struct.error):
            pass  # what is not understood, or not answered, ends it; what came before stands
        self._tally.truncated |= self._frames.enough
        return self._tally.received(("/",))

    async def _ready(self, tune: Frame) -> bool:
        """Open the virtual host everybody has, and a channel."""
        await self._frames.line.send(amqp.method(0, amqp.TUNE_OK, amqp.tuned(tune)))
        if not await self._done("/", amqp.method(0, amqp.OPEN, amqp.short("/") + b"\0\0"), amqp.OPEN_OK):
            return False
        opening = amqp.method(CHANNEL, amqp.CHANNEL_OPEN, b"\0")
        return await self._done("/", opening, amqp.CHANNEL_OPEN_OK) is not None

    async def _subscribed(self) -> bool:
        """Whether our queue gets copies from at least one of the exchanges."""
        declare = b"\0\0\0" + bytes([amqp.EXCLUSIVE_AUTO_DELETE]) + amqp.long(b"")
        made = await self._done("/", amqp.method(CHANNEL, amqp.DECLARE, declare), amqp.DECLARE_OK)
        if made is None:
            return False
        name = amqp.short(amqp.queue(made))
        consume = b"\0\0" + name + b"\0" + bytes([amqp.NO_ACK]) + amqp.long(b"")
        if not await self._done("/", amqp.method(CHANNEL, amqp.CONSUME, consume), amqp.CONSUME_OK):
            return False
        for exchange, key in SOURCES.items():
            bind = b"\0\0" + name + amqp.short(exchange) + amqp.short(key) + b"\0" + amqp.long(b"")
            if not await self._done(exchange, amqp.method(CHANNEL, amqp.BIND, bind), amqp.BIND_OK):
                break  # a refusal closes the channel, and the queue with it
        return self._tally.asked["amq.topic"].granted is True

    async def _done(self, what: str, request: bytes, wanted: tuple[int, int]) -> Frame | None:
        """The answer to a request; None if it was refused. Raises NotSeen, ValueError."""
        await self._frames.line.send(request)
        for _ in range(MOST_FRAMES):
            frame = await self._frames.frame()
            if frame is None:
                break
            if amqp.named(frame) == wanted:
                self._tally.answer(what, True, "")
                return frame
            if amqp.named(frame) in (amqp.CLOSE, amqp.CHANNEL_CLOSE):
                code = amqp.closed(frame)  # any other than this says that it cannot, not that we may not
                self._tally.answer(what, False if code == str(amqp.ACCESS_REFUSED) else None, code)
                return None
            self._count(frame)
        raise ValueError("no answer")

    async def _hear(self) -> None:
        async with aclosing(self._frames.listen(LISTEN)) as frames:
            async for frame in frames:
                self._count(frame)
                if self._tally.full:
                    return

    def _count(self, frame: Frame) -> None:
        """A message is one method, one header with its size, and that many bytes of body (section 4.2.6)."""
        if amqp.named(frame) == amqp.DELIVER:
            self._key, self._left = amqp.delivered(frame), -1
        elif frame.head[0] == amqp.CONTENT:
            self._left = self._size = amqp.body_size(frame)
        elif frame.head[0] == amqp.BODY:
            self._left -= frame.length - 1
        else:
            return
        if self._left == 0:
            self._tally.message(self._key.replace(".", "/"), self._size)
            self._left = -1
