"""MQTT 3.1.1 and 5 on a real mosquitto, each by itself; and what the transcript shows of it."""

import asyncio
from collections.abc import Iterator

import pytest

from shelfworthy.model import Broker, NotLooked
from shelfworthy.probes.broker.joining import joining
from shelfworthy.probes.broker.mqtt_guest import join
from shelfworthy.probes.broker.ways import Protocol, Way
from shelfworthy.seen.broker import Asked, BrokerSeen, Received
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server
from tests.looking import allow, bench, door, product
from tests.needs import missing
from tests.probes.broker.states import MESSAGES, mosquittos

pytestmark = pytest.mark.lab

CODES = {"3.1.1": ("0", "5"), "5": ("0x00", "0x87")}
VERSIONS = pytest.mark.parametrize("version", CODES)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    try:
        with mosquittos(tmp_path_factory.mktemp("mosquitto")) as found:
            yield found
    except CantRun as why:
        missing(str(why))


def seen(server: Server, version: str) -> BrokerSeen:
    surface = Broker(id="messages", where=f"mqtt://{server.host}:{server.port}")
    it = product([surface], [allow("127.0.0.0/8")])
    reach = door(it, bench(("127.0.0.0/8",))).reach(surface)
    return asyncio.run(joining(surface, reach, Protocol(name="MQTT", ways=(Way(version),), join=join)))


@VERSIONS
def test_whoever_is_let_in_is_handed_what_was_kept(servers: dict[str, Server], version: str) -> None:
    it = seen(servers["open"], version)
    assert [(one.came, one.code) for one in it.tries] == [("let in", CODES[version][0])]
    assert isinstance(it.received, Received)
    assert it.received.messages == it.received.topics == len(MESSAGES)
    assert it.received.size == sum(len(payload) for _, payload in MESSAGES)
    assert it.received.system > 0
    (shape,) = it.received.shapes
    assert (shape.shape, shape.retained) == ("toys/‹a9›/voice", len(MESSAGES))


@VERSIONS
def test_a_stranger_is_refused_with_the_code_of_the_version(servers: dict[str, Server], version: str) -> None:
    it = seen(servers["password"], version)
    assert [(one.came, one.code) for one in it.tries] == [("refused", CODES[version][1])]
    assert isinstance(it.received, NotLooked)


@VERSIONS
def test_rules_grant_a_subscription_and_deliver_nothing(servers: dict[str, Server], version: str) -> None:
    it = seen(servers["access rules only"], version)
    assert isinstance(it.received, Received)
    granted = CODES[version][0]
    assert it.received.asked == (Asked("#", True, granted), Asked("$SYS/#", True, granted))
    assert (it.received.messages, it.received.system) == (0, 0)


@VERSIONS
def test_over_tls_it_is_asked_in_cleartext_once_more(servers: dict[str, Server], version: str) -> None:
    it = seen(servers["TLS only, password"], version)
    assert [(one.over_tls, one.came) for one in it.tries] == [
        (False, "hung up"),
        (True, "refused"),
        (False, "hung up"),
    ]
