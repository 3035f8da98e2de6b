"""What no real server here can show: SSL 2.0, EXPORT, Heartbleed, and a server that tires of us."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shelfworthy.model import Cause, Endpoint, Level, NotLooked
from shelfworthy.probes import PROBES
from shelfworthy.reach import Limits
from shelfworthy.seen.endpoint import EndpointTls, Heartbeat, VersionSeen
from tests.looking import Left, allow, bench, door, looked, product
from tests.probes.endpoint import peers
from tests.servers import Behaviour, Server, serving

TLS = tuple(probe for probe in PROBES if probe.name == "endpoint-tls")
LIMITS = Limits(silence=0.4, look=6.0)


def look_at(behaviour: Behaviour, folder: Path, level: Level = Level.USE) -> tuple[Left, int]:
    """The TLS probe at one fixture; what it left, and how many connections the server had."""

    async def run() -> tuple[Left, int]:
        async with serving(behaviour) as server:
            return await looked(
                permitted(server, level), through(server, level), folder, TLS
            ), server.contacts

    return asyncio.run(run())


def permitted(server: Server, level: Level) -> Any:
    endpoint = Endpoint(id="it", where=f"https://{server.at}/", name="bench.test")
    return product([endpoint], [allow(server.at, level)])


def through(server: Server, level: Level) -> Any:
    return door(permitted(server, level), bench(), LIMITS)


def tls(left: Left) -> EndpointTls:
    (seen,) = [one["seen"] for one in left.observations if one["seen"]["kind"] == EndpointTls.tag()]
    return msgspec.convert(seen, EndpointTls)


def version(left: Left, name: str) -> VersionSeen:
    return next(version for version in tls(left).versions if version.version == name)


def test_ssl2_and_its_ciphers(tmp_path: Path) -> None:
    left, _ = look_at(peers.ssl2, tmp_path)
    found = version(left, "SSLv2")
    assert (found.reply, found.suites, found.unknown) == ("accepted", (0x010080, 0x020080), None)
    assert {one.reply for one in tls(left).versions[1:]} == {"alert"}
    certificate = next(one["seen"] for one in left.observations if "chain" in one["seen"])
    assert (certificate["version"], certificate["completed"], certificate["shown"]) == ("SSLv2", False, 1)


def test_every_accepted_suite_is_found_and_nothing_else(tmp_path: Path) -> None:
    has = (0x0003, 0x0014, 0x002F, 0xC02F, 0xC01A, 0x001F, 0x00B3)  # EXPORT, AES, SRP, Kerberos and PSK
    left, contacts = look_at(peers.of_version(3, has), tmp_path)
    assert version(left, "TLS 1.2").suites == tuple(sorted(has))
    assert version(left, "TLS 1.2").unknown is None
    assert {one.reply for one in tls(left).versions if one.version != "TLS 1.2"} == {"alert"}
    assert contacts < 40


def test_at_look_one_hello_for_each_version_and_weak_suites_first(tmp_path: Path) -> None:
    liked_least = peers.of_version(3, (0x0003, 0xC02F))
    left, contacts = look_at(liked_least, tmp_path, Level.LOOK)
    assert version(left, "TLS 1.2").suites == (0x0003,)
    assert version(left, "TLS 1.2").unknown is Cause.NOT_PERMITTED
    assert isinstance(tls(left).heartbeat, NotLooked)
    assert contacts == 7  # one handshake that fails, six hellos


def test_heartbleed_is_seen_and_nothing_of_it_kept(tmp_path: Path) -> None:
    secret = b"\xa7 a private key, a password"
    left, _ = look_at(peers.heartbleed(secret), tmp_path)
    assert tls(left).heartbeat == Heartbeat(offered=True, over_read=1, ended="")
    assert secret[:4] not in left.bytes
    sent = [entry for script in left.transcripts for entry in script.entries if entry.kept]
    assert sent == []


def test_below_use_no_heartbeat_is_sent(tmp_path: Path) -> None:
    """To a server that would have answered it."""
    left, _ = look_at(peers.heartbleed(b"memory"), tmp_path, Level.KNOCK)
    assert isinstance(tls(left).heartbeat, NotLooked)
    assert b"\x18\x03\x03" not in left.bytes
    assert version(left, "TLS 1.2").suites == (0xC02F,)


@pytest.mark.parametrize("after", [8, 11])
def test_a_server_that_tires_of_us_has_refused_nothing(after: int, tmp_path: Path) -> None:
    whole = peers.of_version(3, (0xC02F, 0x002F, 0x0005))
    left, _ = look_at(peers.tired(after, whole), tmp_path / "tired")
    assert version(left, "TLS 1.2").unknown is Cause.REFUSED
    left, _ = look_at(whole, tmp_path / "whole")
    assert version(left, "TLS 1.2").unknown is None


@pytest.mark.parametrize("behaviour", [peers.of_version(3, (0xC02F,)), peers.once(b""), peers.once(b"what?")])
def test_at_look_an_endpoint_costs_at_most_eight_handshakes(behaviour: Behaviour, tmp_path: Path) -> None:
    """Both probes, the control for a refused plain port included, and none of them is cut short by it."""
    probes = tuple(probe for probe in PROBES if probe.name.startswith("endpoint-"))

    async def run() -> tuple[Left, int]:
        async with serving(peers.nothing) as gone:
            pass
        async with serving(behaviour) as server:
            where = f"https://{server.at}/"
            endpoint = Endpoint(id="it", where=where, name="bench.test", plain_port=gone.port)
            it = product([endpoint], [allow(server.host, Level.LOOK)])
            left = await looked(it, door(it, bench(), LIMITS), tmp_path, probes)
            return left, server.contacts

    left, contacts = asyncio.run(run())
    assert contacts == Limits().handshakes == 8
    assert not [words for words in left.said if "impolite" in words]
    assert {one["seen"]["kind"] for one in left.observations} >= {"endpoint-tls/1", "endpoint-plain/1"}
