"""Join an MQTT broker without credentials and listen for a second, if it lets us."""

from collections.abc import Callable
from contextlib import aclosing

from shelfworthy.probes.broker import mqtt
from shelfworthy.probes.broker.frames import Frame, Framed
from shelfworthy.probes.broker.topics import Tally
from shelfworthy.probes.broker.ways import LISTEN, PATIENCE, Protocol, Told, Way
from shelfworthy.reach import Line
from shelfworthy.seen.broker import Received

EVERYTHING, SYSTEM = "#", "$SYS/#"  # section 4.7: the first does not hold topics that begin with "$"
EVERYTHING_BELOW = "+/#"  # the same in other words, for brokers that forbid only those of the first


async def join(line: Line, way: Way, may_write: bool) -> Told:
    """CONNECT, and what the broker says of it. Raises NotSeen."""
    packets = Framed(line, mqtt.measure, "an MQTT CONNECT")
    await line.send(mqtt.connect(way.version, way.name, way.password))
    answer = await packets.frame()
    if answer is None:
        return Told("hung up")
    try:
        number = mqtt.joined(answer)
    except ValueError as error:
        raise packets.other("something else") from error
    code = mqtt.code(way.version, number)
    if number == 0:
        return Told("let in", code, await Subscriber(packets, way.version).listen())
    return Told("refused" if number in mqtt.NEEDS_LOGIN[way.version] else "answered", code)


MQTT = Protocol(name="MQTT", ways=(Way("3.1.1"), Way("5")), join=join)


class Subscriber:
    """A stranger who was let in."""

    def __init__(self, packets: Framed, version: str) -> None:
        self._packets = packets
        self._version = version
        self._asked: list[str] = []
        self._tally = Tally()

    async def listen(self) -> Received:
        """Subscribe to everything, and count what comes in a second. Raises NotSeen."""
        await self._ask(EVERYTHING)
        await self._ask(SYSTEM)
        await self._hear(PATIENCE, self._answered)
        asked = self._tally.asked.get(EVERYTHING)
        if asked is not None and not asked.granted:
            await self._ask(EVERYTHING_BELOW)
            await self._hear(PATIENCE, self._answered)
        await self._hear(LISTEN, lambda: False)
        self._tally.truncated |= self._packets.enough
        return self._tally.received(tuple(self._asked))

    async def _ask(self, topics: str) -> None:
        self._asked.append(topics)
        await self._packets.line.send(mqtt.subscribe(self._version, len(self._asked), topics))

    def _answered(self) -> bool:
        return len(self._tally.asked) == len(self._asked)

    async def _hear(self, seconds: float, enough: Callable[[], bool]) -> None:
        """Count what comes within so many seconds, until it is enough or too much."""
        if self._tally.full or self._packets.enough:
            return
        async with aclosing(self._packets.listen(seconds)) as packets:
            async for packet in packets:
                try:
                    self._count(packet)
                except ValueError:
                    return  # what is not understood ends the listening; what came before stands
                if enough() or self._tally.full:
                    return

    def _count(self, packet: Frame) -> None:
        match mqtt.kind(packet):
            case mqtt.SUBACK:
                number, code = mqtt.subscribed(packet)
                if 0 < number <= len(self._asked):
                    granted = mqtt.granted(self._version, code)
                    self._tally.answer(self._asked[number - 1], granted, mqtt.code(self._version, code))
            case mqtt.PUBLISH:
                self._tally.message(*mqtt.published(self._version, packet))
