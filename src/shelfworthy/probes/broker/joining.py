"""Try to join a broker that speaks over TCP: in cleartext, and over TLS where that is not answered.

1. In cleartext, in each way until one is let in. Nothing more is asked of a broker that speaks so.
2. If it hung up or was silent: the same over TLS.
3. If that was answered: once more in cleartext. To hang up once is no refusal, it may have been tired of us.
"""

from msgspec import Struct

from shelfworthy.model import Broker, Cause, Level, NotLooked
from shelfworthy.probes.broker.ways import SPOKE, Protocol, Told, Way
from shelfworthy.reach import FellSilent, NoTls, NotSeen, Reach
from shelfworthy.seen.broker import BrokerSeen, Received, Try


class Visit(Struct):
    """One stranger's attempts at one broker."""

    broker: Broker
    reach: Reach
    protocol: Protocol
    may_write: bool
    tries: list[Try] = []
    received: Received | NotLooked = NotLooked(Cause.REFUSED)
    product: str = ""
    mechanisms: tuple[str, ...] = ()

    def came(self, over_tls: bool) -> set[str]:
        """What came of all attempts of one kind."""
        return {one.came for one in self.tries if one.over_tls is over_tls}

    async def every_way(self, over_tls: bool) -> None:
        """In cleartext or over TLS, in each way until one is let in or nothing is said."""
        for way in self.protocol.ways:
            if way.name and not (self.may_write and "refused" in self.came(over_tls)):
                continue
            told = await self.one_way(way, over_tls)
            if told.came in {"let in", "silent", "no tls"}:
                return

    async def one_way(self, way: Way, over_tls: bool) -> Told:
        """One attempt, noted."""
        told = await self._told(way, over_tls)
        self.tries.append(
            Try(over_tls=over_tls, version=way.version, name=way.name, came=told.came, code=told.code)
        )
        if told.came == "let in" and isinstance(self.received, NotLooked):
            self.received = told.received
        self.product = told.product or self.product
        self.mechanisms = told.mechanisms or self.mechanisms
        return told

    async def _told(self, way: Way, over_tls: bool) -> Told:
        level = Level.USE if way.name else Level.KNOCK
        reach = self.reach
        opening = reach.tls(level=level, name=self.broker.name) if over_tls else reach.tcp(level=level)
        try:
            async with opening as line:
                return await self.protocol.join(line, way, self.may_write)
        except FellSilent:
            return Told("silent")
        except NoTls:
            return Told("no tls")


async def joining(broker: Broker, reach: Reach, protocol: Protocol) -> BrokerSeen:
    """What came of it. Raises NotSeen, also if nothing was heard that could be the broker."""
    visit = Visit(broker, reach, protocol, may_write=await reach.permits(Level.USE), tries=[])
    await visit.every_way(over_tls=False)
    if not visit.came(over_tls=False) & SPOKE:
        await visit.every_way(over_tls=True)
        if visit.came(over_tls=True) & SPOKE:
            await visit.one_way(protocol.ways[0], over_tls=False)
        elif "hung up" not in visit.came(over_tls=True):
            raise NotSeen(Cause.SILENT, unheard(visit))
    return BrokerSeen(
        protocol=reach.address.scheme,
        product=visit.product,
        mechanisms=visit.mechanisms,
        tries=tuple(visit.tries),
        received=visit.received,
    )


def unheard(visit: Visit) -> str:
    """Why nothing is known of it, in a sentence."""
    clear = "hung up" if "hung up" in visit.came(over_tls=False) else "was silent"
    secret = "fell silent" if "silent" in visit.came(over_tls=True) else "did not complete a handshake"
    name = visit.protocol.name
    return f"{visit.broker.where} {clear} on {name} in cleartext, and {secret} over TLS."
