"""Take the specimens of the broker checks from real servers, and from fixtures where there is no real one.

python -m tests.probes.broker.take
"""

import asyncio
import tempfile
from datetime import date
from pathlib import Path

from shelfworthy.model import About, Broker, Level, Outcome
from shelfworthy.probes.broker import BROKER
from shelfworthy.reach import Limits, NotSeen, fuse
from shelfworthy.seen.broker import BrokerSeen
from shelfworthy_lab import mosquitto
from tests.harvest import write_specimen
from tests.hostile.brokers import FLOODS
from tests.looking import allow, bench, door, product
from tests.probes.broker import peers
from tests.probes.broker.states import CHECKS, MATRIX, OPEN, PASS, Truth, running
from tests.servers import Behaviour, serving

FAIL = Outcome.FAIL
LIMITS = Limits(silence=1.0)
KINDS = {
    "MQTT: mosquitto": "mosquitto 2.0.11 (Debian)",
    "AMQP: RabbitMQ": "RabbitMQ 3.10.8 (Debian)",
    "CoAP: libcoap": "coap-server of libcoap 4.3.1 (Debian)",
}
# Below `use` nobody tries the published password of RabbitMQ.
AT_KNOCK: dict[str, dict[str, Truth]] = {
    "AMQP: RabbitMQ": {
        "password": (OPEN, OPEN, FAIL),
        "TLS only, password": (OPEN, OPEN, PASS),
        "open to guest": (OPEN, OPEN, FAIL),
    },
}
FIXTURES: dict[str, tuple[str, str, Level, Behaviour, Truth]] = {
    "subscription-refused": (
        "an MQTT broker that lets everybody in and refuses every subscription",
        "mqtt",
        Level.KNOCK,
        peers.replying(peers.mqtt(0, 0x80)),
        (FAIL, PASS, FAIL),
    ),
    "server-unavailable": (
        "an MQTT broker that answers everybody with code 3",
        "mqtt",
        Level.KNOCK,
        peers.replying(peers.mqtt(3)),
        (OPEN, OPEN, FAIL),
    ),
    "bad-password-of-none": (
        "an MQTT broker that answers with code 4, as RabbitMQ's does",
        "mqtt",
        Level.KNOCK,
        peers.replying(peers.mqtt(4)),
        (PASS, PASS, FAIL),
    ),
    "anonymous-at-knock": (
        "an AMQP broker that offers ANONYMOUS, looked at by knock",
        "amqp",
        Level.KNOCK,
        peers.replying(peers.amqp(b"ANONYMOUS PLAIN", peers.TUNE)),
        (FAIL, OPEN, FAIL),
    ),
    "silent-in-cleartext": (
        "an MQTT broker behind a TLS terminator that keeps silent on cleartext",
        "mqtt",
        Level.KNOCK,
        peers.only_behind_tls(peers.mqtt(5)),
        (PASS, PASS, OPEN),
    ),
    "messages-without-end": (
        "an MQTT broker that sends messages without end",
        "mqtt",
        Level.KNOCK,
        FLOODS["messages without end"],
        (FAIL, FAIL, FAIL),
    ),
    "hangs-up-on-guest": (
        "an AMQP broker that hangs up on its second visitor, looked at by use",
        "amqp",
        Level.USE,
        peers.tired(peers.replying(peers.amqp(b"PLAIN", b""))),
        (OPEN, OPEN, FAIL),
    ),
}


def main() -> None:
    fuse.arm(lambda host: host.startswith("127."))  # the lab speaks to its own servers between the looks
    today = date.today().isoformat()
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(real(Path(place), today))
        asyncio.run(crowded(Path(place), today))
    asyncio.run(fixtures(today))


async def real(folder: Path, today: str) -> None:
    for kind, server in KINDS.items():
        async with running(kind, folder / kind[:4]) as places:
            for state, where in places.items():
                source = f"{server}, {state}, looked at by use, {today}"
                if "fixture" in state:
                    source = f"fixture: a CoAP server, {state}, {today}"
                await keep(kind, state, source, where, Level.USE, MATRIX[kind][state])
            for state, truth in AT_KNOCK.get(kind, {}).items():
                source = f"{server}, {state}, looked at by knock, {today}"
                await keep(kind, f"{state} at knock", source, places[state], Level.KNOCK, truth)


async def crowded(folder: Path, today: str) -> None:
    """More topics than are counted."""
    with mosquitto.start(folder / "crowded") as server:
        mosquitto.publish(server, [(f"toys/bear-{number}/state", b"on") for number in range(1200)])
        where = f"mqtt://{server.host}:{server.port}"
        source = f"mosquitto 2.0.11 (Debian), open, 1200 retained topics, {today}"
        await keep("MQTT: mosquitto", "crowded", source, where, Level.KNOCK, (FAIL, FAIL, FAIL))


async def fixtures(today: str) -> None:
    for name, (what, scheme, level, behaviour, truth) in FIXTURES.items():
        async with serving(behaviour, "127.0.0.1") as server:
            where = f"{scheme}://{server.at}"
            await keep("", name, f"fixture: {what}, {today}", where, level, truth)


async def keep(kind: str, state: str, source: str, where: str, level: Level, truth: Truth) -> None:
    """Write what each check says; ValueError if it is not what was expected."""
    seen = await look(where, level)
    if seen is None:
        return
    name = "-".join(f"{kind.partition(':')[0]} {state}".lower().replace(",", "").replace(":", "").split())
    name = name.replace("(", "").replace(")", "").strip("-")
    scheme = seen.protocol
    about = About(surface=Broker(id="messages", where=f"{scheme}://messages.bears.test"))
    for check, outcome in zip(CHECKS, truth, strict=True):
        print(write_specimen(check, seen, about, source, name, outcome).relative_to(Path.cwd()))


async def look(where: str, level: Level) -> BrokerSeen | None:
    """What the probe sees, None if that is nothing."""
    surface = Broker(id="messages", where=where)
    it = product([surface], [allow("127.0.0.0/8", level)])
    reach = door(it, bench(("127.0.0.0/8",)), LIMITS).reach(surface)
    try:
        async for seen in BROKER.observe(surface, reach):
            assert isinstance(seen, BrokerSeen)
            return seen
    except NotSeen as gap:
        print(f"{where}: {gap.words}")
    return None


if __name__ == "__main__":
    main()
