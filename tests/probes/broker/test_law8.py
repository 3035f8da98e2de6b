"""Law 8: of a broker full of people, no topic and no payload lies in what an audit keeps."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.model import Broker, Level
from shelfworthy.probes.broker import BROKER
from shelfworthy.reach import Limits
from shelfworthy_lab import mosquitto
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server
from shelfworthy_lab.products.cloudpets import content, messages
from tests.looking import Left, allow, bench, door, looked, product
from tests.needs import missing

pytestmark = pytest.mark.lab

NAMES = ("Mia", "Oskar", "Alma")
TOPICS = (
    *(f"children/{name}/voice" for name in NAMES),
    "mia.marsh@plumpost.test",
    "tel/+49-170-5551234",
    "birthdays/2009-05-17",
    "507f1f77bcf86cd799439011/state",
    "Wicketthorpe",
)
PAYLOAD = b"Good night, Wicketthorpe family"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        with mosquitto.start(tmp_path_factory.mktemp("mosquitto")) as running:
            mosquitto.publish(running, messages.kept())
            odd = [(topic.replace("+", "00"), PAYLOAD) for topic in TOPICS]
            mosquitto.publish(running, odd)
            yield running
    except CantRun as why:
        missing(str(why))


@pytest.mark.parametrize("level", [Level.KNOCK, Level.USE])
def test_nothing_planted_is_kept(server: Server, level: Level, tmp_path: Path) -> None:
    left = look_at(server, level, tmp_path)
    kept = left.bytes.lower()
    for value in (
        *content.planted(),
        *NAMES,
        *TOPICS,
        PAYLOAD,
        "wicketthorpe",
        "5551234",
        "2009-05",
        "507f1f77",
    ):
        needle = value if isinstance(value, bytes) else value.encode()
        assert needle.lower() not in kept, value


def test_and_yet_it_was_there_to_be_seen(server: Server, tmp_path: Path) -> None:
    (seen,) = [one["seen"] for one in look_at(server, Level.KNOCK, tmp_path).observations]
    received = seen["received"]
    sent = messages.kept()
    assert received["messages"] == received["topics"] == len(sent) + len(TOPICS)
    assert received["size"] == sum(len(payload) for _, payload in sent) + len(TOPICS) * len(PAYLOAD)
    shapes = {one["shape"]: one for one in received["shapes"]}
    assert shapes["children/‹a›/voice"]["topics"] == len(NAMES)
    assert shapes["parents/‹@›/inbox"]["retained"] == messages.BEARS
    assert received["system"] > 0


def test_the_transcript_keeps_lengths_and_hashes_only(server: Server, tmp_path: Path) -> None:
    left = look_at(server, Level.USE, tmp_path)
    entries = [entry for script in left.transcripts for entry in script.entries]
    assert sum(entry.length for entry in entries) > 10_000
    assert all(entry.kept == b"" for entry in entries)


def look_at(server: Server, level: Level, folder: Path) -> Left:
    surface = Broker(id="messages", where=f"mqtt://127.0.0.1:{server.port}")
    it = product([surface], [allow("127.0.0.1", level)])
    return asyncio.run(looked(it, door(it, bench(("127.0.0.1/32",)), Limits()), folder, [BROKER]))
