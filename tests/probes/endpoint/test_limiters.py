"""A server in front of which somebody counts: being cut off is never taken for being refused."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Endpoint, Level, Outcome
from shelfworthy.probes import PROBES
from shelfworthy.reach import Limits
from shelfworthy.seen.endpoint import EndpointTls
from shelfworthy_lab.processes import free_port
from tests.looking import allow, bench, door, looked, product
from tests.probes.endpoint import real
from tests.probes.endpoint.peers import PROTOCOL_VERSION, alert, hello, tired
from tests.probes.endpoint.test_answer import flight, record
from tests.servers import Behaviour, Reader, Writer, serving

TLS = tuple(probe for probe in PROBES if probe.name == "endpoint-tls")
# Prefers what is sound, and takes what is not: TLS 1.0 and a suite without encryption.
BAD = (
    "ssl_protocols TLSv1 TLSv1.2",
    "ssl_prefer_server_ciphers on",
    "ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA:NULL-SHA:@SECLEVEL=0",
)


@contextmanager
def limited(folder: Path, to: int, *, at_once: int) -> Iterator[str]:
    """A relay of its own process, since only what is looked at may be contacted from here. Yields where."""
    folder.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "tests.probes.endpoint.relay", real.HOST, port, to, at_once, 0]
    root = Path(__file__).parents[3]
    with real.running([str(word) for word in command], port, folder, cwd=root):
        yield f"{real.HOST}:{port}"


async def outcomes(at: str, level: Level, folder: Path) -> dict[str, set[Outcome]]:
    """What the checks of versions and suites answer."""
    surface = Endpoint(id="api", where=f"https://{at}/", name=real.NAME)
    it = product([surface], [allow(at, level)])
    left = await looked(it, door(it, bench((real.HOST, "127.0.0.5")), Limits(silence=1.0)), folder, TLS)
    said: dict[str, set[Outcome]] = {}
    for observation in left.observations:
        if observation["seen"]["kind"] == "endpoint-tls/1":
            seen = msgspec.convert(observation["seen"], EndpointTls)
            for check in ("tls-versions", "tls-ciphers"):
                answers = BY_ID[check].judge(seen, About(surface=surface))
                said[check] = {answer.outcome for answer in answers}
    return said


@pytest.mark.lab
@pytest.mark.parametrize("level", [Level.LOOK, Level.KNOCK])
def test_a_limit_on_connections_at_once_clears_nothing(tmp_path: Path, level: Level) -> None:
    (tmp_path / "server").mkdir()
    with real.nginx(tmp_path / "server", *BAD) as port:
        for at_once in range(1, 8):
            with limited(tmp_path / f"{at_once}", port, at_once=at_once) as at:
                said = asyncio.run(outcomes(at, level, tmp_path / f"{at_once}.audit"))
            for check, found in said.items():
                assert Outcome.PASS not in found, (check, at_once, said)


async def only_new(reader: Reader, writer: Writer) -> None:
    """TLS 1.2 and SSL 2.0: the latter is answered with its SERVER-HELLO."""
    message = await hello(reader)
    writer.write(record(flight()) if message and message[5] == 3 else alert(PROTOCOL_VERSION))


@pytest.mark.parametrize("after", range(1, 6))  # with the sixth it accepts TLS 1.2 after all it refused
def test_a_limit_on_all_connections_clears_nothing_at_look(tmp_path: Path, after: int) -> None:
    """Whoever is cut off before the last hello has not heard a refusal of what was asked by then."""

    async def run() -> dict[str, set[Outcome]]:
        asked: list[bool] = []
        async with serving(counting(after, asked)) as server:
            said = await outcomes(server.at, Level.LOOK, tmp_path / "audit")
        return said if not all(asked) else {}

    for check, found in asyncio.run(run()).items():
        assert Outcome.PASS not in found, check


def counting(after: int, asked: list[bool]) -> Behaviour:
    """`only_new`, tired after so many visitors; asked: of each whether it was served."""
    inner = tired(after, only_new)

    async def behave(reader: Reader, writer: Writer) -> None:
        asked.append(len(asked) < after)
        await inner(reader, writer)

    return behave
