"""Whatever a peer does, the audit ends in time, in bounded memory, and says what it could not see."""

import asyncio
import json
import os
import re
import ssl
import tracemalloc
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from shelfworthy.audit.judge import judge_folder
from shelfworthy.model import (
    AnySurface,
    Bucket,
    Cause,
    Contact,
    Database,
    Endpoint,
    Gap,
    Kind,
    Level,
    Outcome,
)
from shelfworthy.probes import PROBES, Probe
from shelfworthy.reach import Limits, NotSeen, Reach, request
from tests import clock
from tests.hostile.servers import ANY, HTTP, MONGO, S3, TLS
from tests.looking import Left, allow, bench, door, looked, product
from tests.scope.followers import Followed, probe
from tests.servers import Behaviour, Server, page, saying, self_signed, serving

WORDS = Path(__file__).parent / "words.json"
LIMITS = Limits(connect=0.5, silence=0.2, look=0.6)
# For those whom something else than time ends: their looks are to get there on a busy machine, too.
PATIENT = structs.replace(LIMITS, look=3.0)
# And for those whom the look's end ends: between their bytes nobody takes a busy machine for silence.
TALKED_TO = structs.replace(LIMITS, silence=2.0)
TIMED = "The look took more than 0.6 s"
IN_TIME = 10.0  # two tries take 1.2 s; the rest is for a busy machine
MEMORY = 40 << 20  # bytes over what was there before
WEB: Mapping[str, Behaviour] = ANY | HTTP | S3
GREEDY = (
    "endless body",
    "endless header lines",
    "endless chunks of one byte",
    "endless interim answers",
    "gzip bomb",
    "noise without end",
    "a billion laughs",
    "two gigabytes announced",
    "BSON nested deeply",
    "ten thousand databases",
)
OVER_TLS = ("nothing", "hangs up", "noise at once", "endless body", "endless header lines", "cut in the body")


async def ask(surface: AnySurface, reach: Reach) -> AsyncIterator[Followed]:
    """One request, told as a gap: what reach itself has to say about a peer. It leaves nothing to judge."""
    reply = await request(reach, reach.address, level=Level.LOOK)
    raise NotSeen(Cause.NEEDS_A_PERSON, f"{reply.status}, {'whole' if reply.whole else 'cut'}.")
    yield  # as every probe does


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
    limits: Limits = LIMITS,
) -> Left:
    """What a look at everything that server could be leaves."""
    async with serving(behaviour, tls=tls) as server:
        some: tuple[AnySurface, ...] = (Database(id="db", where=f"mongodb://{server.at}"),)
        it = product(surfaces(server, scheme) if scheme != "mongodb" else some, [allow(server.at)])
        left = await looked(it, door(it, bench(), limits), folder, probes)
        assert server.contacts or tls  # a TLS server of ours sees only who completed the handshake
        return left


def survived(
    behaviour: Behaviour,
    folder: Path,
    scheme: str,
    *,
    tls: ssl.SSLContext | None = None,
    limits: Limits = LIMITS,
) -> Left:
    """Look with every probe, and see that it was in time and says of every look what was not seen."""
    began = clock.now()
    left = asyncio.run(look_at(behaviour, folder, scheme, [ASK, *PROBES], tls, limits))
    assert clock.now() - began < IN_TIME
    assert not [gap.words for gap in left.gaps if gap.cause is Cause.OUR_FAULT]
    assert all(gap.words.endswith((".", "…")) for gap in left.gaps)
    explained = {(gap.surface, gap.by) for gap in left.gaps}
    assert {(look.surface, look.by) for look in left.looks if not look.complete} == explained
    return left


def clears_nothing(left: Left) -> None:
    """No check answers `pass`, and nothing is met, because of what such a peer says (law 1)."""
    judgement = judge_folder(left.folder, datetime(2026, 11, 22, tzinfo=UTC))
    cleared = [(f.check, f.says) for f in judgement.findings if f.outcome in (Outcome.PASS, Outcome.MOOT)]
    assert not cleared


def kept(name: str, left: Left) -> None:
    """The words of reach and of the database's probes are a product surface: compared with those kept."""
    words = {
        look.by: ["seen"] * len(look.observations) + [spoken(gap) for gap in left.gaps if gap.by == look.by]
        for look in left.looks
        if look.by.startswith(("follower/", "database-"))
    }
    known = json.loads(WORDS.read_text()) if WORDS.exists() else {}
    if os.environ.get("UPDATE_SNAPSHOTS"):
        WORDS.write_text(json.dumps(known | {name: words}, indent=1, sort_keys=True) + "\n")
    else:
        assert words == known[name]


def spoken(gap: Gap) -> str:
    """Without the port, which changes, and without OpenSSL's own name for it, which does between versions."""
    words = re.sub(r"127\.0\.0\.5:\d+", "PEER", gap.words)
    return f"{gap.cause}: " + re.sub(r"\([A-Z_]+\)", "(…)", words)


def patience(name: str) -> Limits:
    """How long looks may take at a peer whose words are kept by this name."""
    words = json.loads(WORDS.read_text()).get(name, {})
    return TALKED_TO if any(TIMED in one for said in words.values() for one in said) else PATIENT


@pytest.mark.parametrize("name", WEB)
def test_web(name: str, tmp_path: Path) -> None:
    left = survived(WEB[name], tmp_path, "http", limits=patience(f"http, {name}"))
    kept(f"http, {name}", left)
    clears_nothing(left)


@pytest.mark.parametrize("name", [*ANY, *TLS])
def test_tls(name: str, tmp_path: Path) -> None:
    left = survived((ANY | TLS)[name], tmp_path, "https", limits=patience(f"tls, {name}"))
    kept(f"tls, {name}", left)
    clears_nothing(left)


@pytest.mark.parametrize("name", OVER_TLS)
def test_web_over_tls(name: str, tmp_path: Path) -> None:
    left = survived(WEB[name], tmp_path, "https", tls=self_signed(), limits=patience(f"https, {name}"))
    kept(f"https, {name}", left)


@pytest.mark.parametrize("length", [100, 1000])
def test_a_long_chain(length: int, tmp_path: Path) -> None:
    """The probe keeps the first of 100 certificates; 1,000 are more than OpenSSL takes, and a gap says so."""
    left = survived(saying(page()), tmp_path, "https", tls=self_signed(length))
    if length == 100:
        chains = [it["seen"]["chain"] for it in left.observations if "chain" in it["seen"]]
        assert [0 < len(chain) < 100 for chain in chains] == [True]
    else:
        assert "not understood: PEER: no TLS handshake (…)." in [spoken(gap) for gap in left.gaps]


@pytest.mark.parametrize("name", [*ANY, *MONGO])
def test_database(name: str, tmp_path: Path) -> None:
    left = survived((ANY | MONGO)[name], tmp_path, "mongodb", limits=patience(f"mongodb, {name}"))
    kept(f"mongodb, {name}", left)
    clears_nothing(left)


@pytest.mark.parametrize("name", GREEDY)
def test_memory_is_bounded(name: str, tmp_path: Path) -> None:
    """With the limits of production for sizes: what all looks hold at once, servers of this test included."""
    scheme = "mongodb" if name in MONGO else "http"
    tracemalloc.start()
    try:
        asyncio.run(look_at((HTTP | ANY | S3 | MONGO)[name], tmp_path, scheme, [ASK, *PROBES]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY


def test_the_budget_ends_an_audit(tmp_path: Path) -> None:
    """Looks that would take longer are ended with it, and say that nobody looked."""

    async def run() -> None:
        async with serving(ANY["nothing"]) as server:
            it = product(surfaces(server, "http"), [allow(server.at)])
            patient = door(it, bench(), Limits(silence=30, look=60))
            began = clock.now()
            left = await looked(it, patient, tmp_path, [ASK, *PROBES], budget=0.5)
            assert clock.now() - began < 2
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
            left = await looked(it, door(it, bench(), PATIENT), tmp_path, [ASK])
            assert [gap.words for gap in left.gaps if gap.surface == "good"] == ["200, cut."]
            assert len(left.gaps) == 7

    asyncio.run(run())


def test_every_kind_has_met_them() -> None:
    """A kind that gets a probe belongs into these tests."""
    met = {Kind.ENDPOINT, Kind.BUCKET, Kind.CONTACT, Kind.DATABASE}
    met |= {Kind.BROKER}  # in test_hostile_brokers.py
    met |= {Kind.UPDATE}  # in test_hostile_updates.py
    met |= {Kind.DOMAIN}  # in test_hostile_registries.py and tests/reach/test_resolver.py
    met |= {Kind.ACCOUNT}  # in tests/probes/account/test_hostile.py
    met |= {Kind.BLUETOOTH}  # in test_hostile_radio.py
    met |= {Kind.TARGET}  # in tests/probes/target
    met |= {Kind.POLICY}  # in tests/probes/policy/test_peers.py
    assert {probe.kind for probe in PROBES} <= met
