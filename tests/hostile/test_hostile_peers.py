"""Whatever a peer does, the audit ends in time, in bounded memory, and says what it could not see."""

import asyncio
import ssl
import time
import tracemalloc
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import pytest

from shelfworthy.model import AnySurface, Bucket, Cause, Contact, Database, Endpoint, Kind, Level
from shelfworthy.probes import PROBES, Probe
from shelfworthy.reach import Limits, Reach, request
from tests.hostile.servers import ANY, HTTP, MONGO, S3, TLS
from tests.looking import Left, allow, bench, door, looked, product
from tests.scope.followers import Followed, probe
from tests.servers import Behaviour, Server, self_signed, serving
from tests.snapshots import same_as

HERE = Path(__file__).parent
LIMITS = Limits(connect=0.5, silence=0.2, look=0.6)
IN_TIME = 2 * LIMITS.look + 2.5  # two tries, and what a busy machine needs
MEMORY = 40 << 20  # bytes over what was there before
WEB: Mapping[str, Behaviour] = ANY | HTTP | S3
OVER_TLS = ("nothing", "hangs up", "noise at once", "endless body", "endless header lines", "cut in the body")


async def ask(surface: AnySurface, reach: Reach) -> AsyncIterator[Followed]:
    """One request; what reach itself has to say about a peer."""
    reply = await request(reach, reach.address, level=Level.LOOK)
    yield Followed(answered=(f"{reply.status}, {'whole' if reply.whole else 'cut'}",))


ASK = probe(ask)


def surfaces(at: Server, scheme: str) -> tuple[AnySurface, ...]:
    return (
        Endpoint(id="site", where=f"{scheme}://{at.at}/"),
        Bucket(id="tones", where=f"s3+{scheme}://{at.at}/tones"),
        Contact(id="maker", where=f"contact:{scheme}://{at.at}/"),
    )


async def look_at(
    behaviour: Behaviour,
    folder: Path,
    scheme: str,
    probes: Sequence[Probe],
    tls: ssl.SSLContext | None = None,
) -> tuple[Left, str]:
    """What a look leaves, and the server's `host:port`."""
    async with serving(behaviour, tls=tls) as server:
        some: tuple[AnySurface, ...] = (Database(id="db", where=f"mongodb://{server.at}"),)
        it = product(surfaces(server, scheme) if scheme != "mongodb" else some, [allow(server.at)])
        left = await looked(it, door(it, bench(), LIMITS), folder, probes)
        assert server.contacts
        return left, server.at


def survived(behaviour: Behaviour, folder: Path, scheme: str, *, tls: ssl.SSLContext | None = None) -> str:
    """Look with every probe; gives what was said of each look, without the port."""
    probes = [ASK, *PROBES]
    tracemalloc.start()
    began = time.monotonic()
    try:
        left, at = asyncio.run(look_at(behaviour, folder, scheme, probes, tls))
        took, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert took < IN_TIME
    assert peak < MEMORY
    assert not [gap.words for gap in left.gaps if gap.cause is Cause.OUR_FAULT]
    assert all(gap.words.endswith(".") for gap in left.gaps)
    wordless = [
        look.by for look in left.looks if not look.complete and not gaps_of(left, look.by, look.surface)
    ]
    assert not wordless
    return "\n".join(
        said(left, by) for by in ("follower/1", "database-hello/1", "database-listing/1")
    ).replace(at, "PEER")


def gaps_of(left: Left, by: str, surface: str) -> list[str]:
    return [f"{gap.cause}: {gap.words}" for gap in left.gaps if gap.by == by and gap.surface == surface]


def said(left: Left, by: str) -> str:
    """What one probe left at the only surface of its kind: its gap, or that it saw something."""
    if by not in {look.by for look in left.looks}:
        return ""
    answered = [seen["seen"].get("answered", ["seen"])[0] for seen in left.observations if seen["by"] == by]
    gaps = [f"{gap.cause}: {gap.words}" for gap in left.gaps if gap.by == by]
    return "; ".join(f"{by}: {words}" for words in answered + gaps)


def kept(name: str, said: str) -> None:
    """The words are a product surface: compared whole."""
    lines = "\n".join(line for line in said.splitlines() if line)
    same_as(HERE / "words" / f"{name}.txt", lines)


@pytest.mark.parametrize("name", WEB)
def test_web(name: str, tmp_path: Path) -> None:
    kept(f"http, {name}".replace("/", " "), survived(WEB[name], tmp_path, "http"))


@pytest.mark.parametrize("name", [*ANY, *TLS])
def test_tls(name: str, tmp_path: Path) -> None:
    kept(f"tls, {name}", survived((ANY | TLS)[name], tmp_path, "https"))


@pytest.mark.parametrize("name", OVER_TLS)
def test_web_over_tls(name: str, tmp_path: Path) -> None:
    kept(f"https, {name}", survived(WEB[name], tmp_path, "https", tls=self_signed()))


@pytest.mark.parametrize("name", [*ANY, *MONGO])
def test_database(name: str, tmp_path: Path) -> None:
    kept(f"mongodb, {name}", survived((ANY | MONGO)[name], tmp_path, "mongodb"))


def test_the_budget_ends_an_audit(tmp_path: Path) -> None:
    """Looks that would take longer are ended with it, and say that nobody looked."""

    async def run() -> None:
        async with serving(ANY["nothing"]) as server:
            it = product(surfaces(server, "http"), [allow(server.at)])
            patient = door(it, bench(), Limits(silence=30, look=60))
            began = time.monotonic()
            left = await looked(it, patient, tmp_path, [ASK, *PROBES], budget=0.5)
            assert time.monotonic() - began < 2
            assert {look.by for look in left.looks} >= {"follower/1"}
            assert not any(look.complete for look in left.looks)
            words = {(gap.cause, gap.words) for gap in left.gaps if gap.by}
            assert words == {(Cause.NOBODY_LOOKED, "The time budget of the audit was used up.")}

    asyncio.run(run())


def test_one_hostile_peer_costs_the_others_nothing(tmp_path: Path) -> None:
    """Floods on one side, an honest server on the other: it is seen whole."""

    async def run() -> None:
        flood = HTTP["endless chunks of one byte"]
        async with serving(flood) as bad, serving(HTTP["cut in the body"]) as good:
            some = [Endpoint(id=f"bad{number}", where=f"http://{bad.at}/{number}") for number in range(6)]
            it = product([*some, Endpoint(id="good", where=f"http://{good.at}/")], [allow("127.0.0.5")])
            left = await looked(it, door(it, bench(), LIMITS), tmp_path, [ASK])
            assert "good" not in {gap.surface for gap in left.gaps}

    asyncio.run(run())


def test_every_kind_has_met_them() -> None:
    """A kind that gets a probe belongs into these tests."""
    met = {Kind.ENDPOINT, Kind.BUCKET, Kind.CONTACT, Kind.DATABASE}
    assert {probe.kind for probe in PROBES} <= met
