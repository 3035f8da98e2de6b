"""Whole frames out of what comes on a line: their beginnings are read, the rest is read past and dropped."""

from collections.abc import AsyncGenerator, Callable, Iterator

from msgspec import Struct

from shelfworthy.model import Cause
from shelfworthy.probes.broker.ways import Garbled
from shelfworthy.reach import Line

MOST = 8 << 20  # bytes that are listened to, whatever they are
KEPT = (1 << 16) + 16  # bytes of a frame's body: the longest MQTT topic, and what stands around it
TLS_ALERT = b"\x15\x03"  # with which a TLS server hangs up on cleartext

# Of the bytes that came: (length of the head, length of the body) of the first frame; None if they are too
# few to tell. Raises ValueError if they are no frame.
Measure = Callable[[bytes], tuple[int, int] | None]


class Frame(Struct, frozen=True):
    """What came of a frame. body: its first `KEPT` bytes; length: of all of the body that came."""

    head: bytes
    body: bytes
    length: int


class Frames:
    """Cuts bytes into frames, holding no more of each than its beginning."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._held = bytearray()
        self._begun: Frame | None = None  # a long one, of whose body `_past` bytes are still to come
        self._past = 0

    @property
    def partial(self) -> bool:
        """Whether the beginning of a frame came, and not its end."""
        return bool(self._held) or self.long

    @property
    def long(self) -> bool:
        """Whether the frame that is coming is longer than what is kept of one."""
        return self._begun is not None

    def unfinished(self) -> Frame | None:
        """What came of a frame that is longer than what is kept of one, if it is not whole."""
        if self._begun is None:
            return None
        return Frame(self._begun.head, self._begun.body, self._begun.length - self._past)

    def begins(self, with_: bytes) -> bool:
        """Whether what came of the next frame begins so."""
        return self._held.startswith(with_)

    def feed(self, content: bytes) -> Iterator[Frame]:
        """The frames that are whole now. Raises ValueError if there is one that is none.

        Who stops in between gets the others with what is fed next.
        """
        if self._begun is not None:
            skipped = min(self._past, len(content))
            self._past -= skipped
            if self._past:
                return
            begun, self._begun = self._begun, None
            self._held += content[skipped:]
            yield begun
        else:
            self._held += content
        while (sizes := self._measure(bytes(self._held[:16]))) is not None:
            head, length = sizes
            kept = head + min(length, KEPT)
            if len(self._held) < kept:
                return
            frame = Frame(head=bytes(self._held[:head]), body=bytes(self._held[head:kept]), length=length)
            there = min(len(self._held), head + length)
            del self._held[:there]
            self._past = head + length - there
            if self._past:
                self._begun = frame
                return
            yield frame


class Framed:
    """A line on which frames come."""

    def __init__(self, line: Line, measure: Measure, what: str) -> None:
        self.line = line
        self._frames = Frames(measure)
        self._waiting: list[Frame] = []
        self._what = what
        self._listened = 0

    async def frame(self) -> Frame | None:
        """The next; None if the peer hung up, over TLS on cleartext included. Raises NotSeen."""
        while not self._waiting:
            content = await self.line.receive_some()
            try:
                self._waiting = list(self._frames.feed(content))
            except ValueError as error:
                if self._frames.begins(TLS_ALERT):
                    return None
                raise self.other("something else") from error
            if not self._waiting and self._frames.long:
                raise self.other("something too long")
            if not content:
                if self._frames.partial:
                    raise self.other("an answer cut short")
                return None
        return self._waiting.pop(0)

    async def listen(self, seconds: float) -> AsyncGenerator[Frame, None]:
        """All that come within so many seconds; ends with the line, at what is none, or after `MOST` bytes.

        Then the last of them may be one that did not come to its end. Raises NotSeen.
        """
        while self._waiting:
            yield self._waiting.pop(0)
        try:
            for frame in self._frames.feed(b""):
                yield frame
            async for content in self.line.listen(seconds):
                self._listened += len(content)
                for frame in self._frames.feed(content):
                    yield frame
                if self.enough:
                    if (last := self._frames.unfinished()) is not None:
                        yield last
                    return
        except ValueError:
            return

    @property
    def enough(self) -> bool:
        """Whether so much came that nobody listens any longer."""
        return self._listened >= MOST

    def other(self, what: str) -> Garbled:
        """What answered is not what was asked for."""
        return Garbled(Cause.NOT_UNDERSTOOD, f"{self.line.to} answered {self._what} with {what}.")
