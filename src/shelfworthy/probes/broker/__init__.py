"""Message brokers: MQTT 3.1.1 and 5, AMQP 0-9-1, and CoAP, by the scheme of their address."""

from collections.abc import AsyncIterator

from shelfworthy.model import Broker, Kind, Level
from shelfworthy.probes.broker.amqp_guest import AMQP
from shelfworthy.probes.broker.coap_guest import asking
from shelfworthy.probes.broker.joining import joining
from shelfworthy.probes.broker.mqtt_guest import MQTT
from shelfworthy.probes.probe import Probe
from shelfworthy.reach import Reach
from shelfworthy.seen.broker import BrokerSeen


async def observe(broker: Broker, reach: Reach) -> AsyncIterator[BrokerSeen]:
    match reach.address.scheme:
        case "mqtt":
            yield await joining(broker, reach, MQTT)
        case "amqp":
            yield await joining(broker, reach, AMQP)
        case _:
            yield await asking(broker, reach)


BROKER = Probe(
    name="broker", version=1, kind=Kind.BROKER, level=Level.KNOCK, sees=(BrokerSeen,), observe=observe
)
