"""Every state a stranger may meet a broker in, and what must be said of it, by kind of broker.

A permission of level `use` is assumed; `MATRIX` says what is expected, `running(kind, …)` starts it.
"""

import random
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from shelfworthy.model import Outcome
from shelfworthy_lab import coap, mosquitto, rabbitmq, tls
from shelfworthy_lab.certificates import Authority, Identity
from shelfworthy_lab.processes import Server, free_port
from tests.probes.broker.peers import Datagram, answering, echo, hangs, mute, refusing
from tests.servers import serving

CHECKS = ("broker-anonymous", "broker-readable", "broker-cleartext")
FAIL, PASS, OPEN = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
Truth = tuple[Outcome, Outcome, Outcome]  # of CHECKS, in their order
UNKNOWN: Truth = (OPEN, OPEN, OPEN)

MATRIX: dict[str, dict[str, Truth]] = {
    "MQTT: mosquitto": {
        "open": (FAIL, FAIL, FAIL),
        "open, nothing sent": (FAIL, OPEN, FAIL),
        "password": (PASS, PASS, FAIL),
        "access rules only": (FAIL, OPEN, FAIL),
        "TLS only, open": (FAIL, FAIL, PASS),
        "TLS only, password": (PASS, PASS, PASS),
        "TLS only, client certificate": UNKNOWN,
        "other port": (FAIL, FAIL, FAIL),
        "other protocol: web server": UNKNOWN,
        "other protocol: TLS web server": UNKNOWN,
        "silent": UNKNOWN,
        "nobody listens": UNKNOWN,
    },
    "AMQP: RabbitMQ": {
        "open to guest": (FAIL, FAIL, FAIL),
        "password": (PASS, PASS, FAIL),
        "TLS only, open to guest": (FAIL, FAIL, PASS),
        "TLS only, password": (PASS, PASS, PASS),
        "other port": (FAIL, FAIL, FAIL),
        "other protocol: mosquitto": UNKNOWN,
        "silent": UNKNOWN,
        "nobody listens": UNKNOWN,
    },
    "CoAP: libcoap": {
        "open": (FAIL, FAIL, FAIL),
        "password (fixture)": (PASS, PASS, FAIL),
        "DTLS only": (OPEN, OPEN, PASS),
        "other port": (FAIL, FAIL, FAIL),
        "other protocol: echo (fixture)": UNKNOWN,
        "silent": UNKNOWN,
        "nobody listens": UNKNOWN,
    },
}
WORDS = [f"toys/bear-{number}/voice" for number in range(3)]
MESSAGES = [(topic, b"plum " * 200) for topic in WORDS]


@asynccontextmanager
async def running(kind: str, folder: Path) -> AsyncIterator[dict[str, str]]:
    """All states of one kind at once: state → `where` of a surface. Raises CantRun."""
    start = {"MQTT": _mqtt, "AMQP": _amqp, "CoAP": _coap}[kind.partition(":")[0]]
    folder.mkdir(parents=True, exist_ok=True)
    async with start(folder) as places:
        assert places.keys() == MATRIX[kind].keys()
        yield places


@asynccontextmanager
async def _mqtt(folder: Path) -> AsyncIterator[dict[str, str]]:
    with ExitStack() as stack, mosquittos(folder) as found:
        web = stack.enter_context(tls.start("plain-http", folder))
        secure = stack.enter_context(tls.start("good-ec", folder))
        async with serving(hangs, "127.0.0.1") as silent:
            places = {state: f"mqtt://{server.host}:{server.port}" for state, server in found.items()}
            places["open"] = f"mqtt://{found['open'].host}"  # on the port MQTT has anyway
            yield places | {
                "other protocol: web server": f"mqtt://127.0.0.1:{web.port}",
                "other protocol: TLS web server": f"mqtt://127.0.0.1:{secure.port}",
                "silent": f"mqtt://127.0.0.1:{silent.port}",
                "nobody listens": f"mqtt://127.0.0.1:{free_port()}",
            }


@contextmanager
def mosquittos(folder: Path) -> Iterator[dict[str, Server]]:
    """One real mosquitto per state, with retained messages in those that a stranger may come into."""
    identity = Authority(folder).issue("localhost")
    with ExitStack() as stack:

        def start(
            name: str,
            filled: bool = True,
            password: bool = False,
            rules: bool = False,
            tls: Identity | None = None,
            ask: bool = False,
            port: int | None = None,
        ) -> Server:
            at = "127.0.0.1" if port is None else own_address()
            server = mosquitto.start(
                folder, password, rules, tls, at, port, name=name, client_certificates=ask
            )
            stack.enter_context(server)
            if filled and not ask:
                mosquitto.publish(server, MESSAGES, tls=tls is not None)
            return server

        yield {
            "open": start("open", port=1883),
            "open, nothing sent": start("empty", filled=False),
            "password": start("password", password=True),
            "access rules only": start("rules", rules=True),
            "TLS only, open": start("tls", tls=identity),
            "TLS only, password": start("tls-password", tls=identity, password=True),
            "TLS only, client certificate": start("tls-asks", tls=identity, ask=True),
            "other port": start("port"),
        }


@asynccontextmanager
async def _amqp(folder: Path) -> AsyncIterator[dict[str, str]]:
    with ExitStack() as stack, rabbits(folder) as (opened, closed):
        other = stack.enter_context(mosquitto.start(folder))
        async with serving(hangs, "127.0.0.1") as silent:
            yield {
                "open to guest": f"amqp://{opened.host}",  # on the port AMQP has anyway
                "password": f"amqp://{closed.host}:{closed.port}",
                "TLS only, open to guest": f"amqp://{opened.host}:{opened.tls}",
                "TLS only, password": f"amqp://{closed.host}:{closed.tls}",
                "other port": f"amqp://{opened.host}:{opened.also}",
                "other protocol: mosquitto": f"amqp://127.0.0.1:{other.port}",
                "silent": f"amqp://127.0.0.1:{silent.port}",
                "nobody listens": f"amqp://127.0.0.1:{free_port()}",
            }


@contextmanager
def rabbits(folder: Path) -> Iterator[tuple[rabbitmq.Node, rabbitmq.Node]]:
    """Two real nodes: open to guest, with messages coming in, and one with a password."""
    identity = Authority(folder).issue("localhost")
    with ExitStack() as stack:
        with ThreadPoolExecutor() as pool:  # each takes seconds, most of which it waits for itself
            begun = (
                pool.submit(rabbitmq.start, folder, tls=identity, host=own_address(), port=5672, name="open"),
                pool.submit(rabbitmq.start, folder, password=True, tls=identity, name="password"),
            )
        opened, closed = (stack.enter_context(one.result()) for one in begun)
        messages = [(topic.replace("/", "."), body) for topic, body in MESSAGES]
        stack.enter_context(rabbitmq.sending(opened, messages))
        yield opened, closed


@asynccontextmanager
async def _coap(folder: Path) -> AsyncIterator[dict[str, str]]:
    with ExitStack() as stack:
        opened = stack.enter_context(coap.start(folder, host=own_address(), port=5683))
        other = stack.enter_context(coap.start(folder, name="other"))
        secret = stack.enter_context(coap.start(folder, key="plum", name="dtls"))
        async with (
            answering(refusing) as closed,
            answering(echo) as repeats,
            answering(mute) as silent,
        ):
            yield {
                "open": f"coap://{opened.host}",  # on the port CoAP has anyway
                "password (fixture)": where(closed),
                "DTLS only": f"coap://127.0.0.1:{secret.port + 1}",
                "other port": f"coap://127.0.0.1:{other.port}",
                "other protocol: echo (fixture)": where(repeats),
                "silent": where(silent),
                "nobody listens": f"coap://127.0.0.1:{free_port()}",
            }


def where(fixture: Datagram) -> str:
    return f"coap://{fixture.host}:{fixture.port}"


def own_address() -> str:
    """A loopback address nobody else has, so that a well-known port is free there."""
    return ".".join(["127", *(str(random.SystemRandom().randrange(1, 255)) for _ in range(3))])
