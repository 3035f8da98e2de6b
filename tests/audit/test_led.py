"""Where real servers send people is looked at in the same run if both files permit it, and nowhere else."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.audit.judge import judge_folder
from shelfworthy.audit.look import look
from shelfworthy.discovery import discover
from shelfworthy.model import AnySurface, Bucket, Endpoint, Outcome
from shelfworthy.probes import PROBES
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Limits
from shelfworthy.record import Evidence, Recorder, load_evidence
from shelfworthy.seen.bucket import BucketSeen, Listed
from shelfworthy.seen.endpoint import Elsewhere, EndpointHttps, Named, Origin
from shelfworthy_lab.home import CantRun
from shelfworthy_lab.processes import Server, free_port
from tests.looking import allow, bench, door, product
from tests.needs import missing
from tests.probes.bucket.states import real
from tests.probes.endpoint.real import HOST, NAME, nginx
from tests.servers import answers, page, saying, serving

pytestmark = pytest.mark.lab

TOKEN = "sesame-9041"
WAYS = tuple(probe for probe in PROBES if probe.name in {"endpoint-tls", "bucket"})


async def look_at(folder: Path, surface: AnySurface, *permitted: str) -> Evidence:
    it = product([surface], [allow(to) for to in permitted])
    recorder = Recorder(folder, product_toml(it).encode(), {})
    through = door(it, bench(opened=(f"{HOST}/32",)), Limits())
    await look(it, through, recorder, "test bench", budget=60, tell=lambda step: None, probes=WAYS)
    recorder.close()
    return load_evidence(folder)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        with real(tmp_path_factory.mktemp("s3")) as server:
            yield server
    except CantRun as why:
        missing(str(why))


def test_a_redirect_an_alternative_and_a_refresh(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()

    async def run() -> tuple[Evidence, int]:
        async with serving(saying(page()), HOST) as closed:
            alternative = f"""add_header Alt-Svc 'h2="{HOST}:{closed.port}"; ma=60' always"""
            with nginx(tmp_path / "second", alternative) as second:
                there = f"https://{HOST}:{second}/hall?token={TOKEN}"
                refresh = f'add_header Refresh "0; url=https://wolf.plumwhistle.test/{TOKEN}" always'
                with nginx(tmp_path / "first", refresh, f"return 302 {there}") as first:
                    surface = Endpoint(id="it", where=f"https://{HOST}:{first}/", name=NAME)
                    permitted = (f"{HOST}:{first}", f"{HOST}:{second}")
                    evidence = await look_at(tmp_path / "it.audit", surface, *permitted)
            assert closed.contacts == 0
            assert await answers(closed)  # it was not contacted although it would have answered
            return evidence, closed.port

    evidence, closed = asyncio.run(run())
    seen = {one.surface: one.seen for one in evidence.observations if isinstance(one.seen, EndpointHttps)}
    (followed,) = (surface for surface in seen if surface != "it")
    second = int(followed.rstrip("/").rpartition(":")[2])
    first = seen["it"]
    assert first.status == 302
    assert first.elsewhere == Elsewhere(
        places=(
            Named(by="redirect", to=Origin("https", HOST, second)),
            Named(by="refresh", to=Origin("https", "wolf.plumwhistle.test", 443)),
        ),
        more=0,
    )
    assert (followed, seen[followed].status) == (f"seen:endpoint:https://{HOST}:{second}/", 200)
    found = {one.surface.id: one for one in discover(evidence.product, evidence.observations).found}
    assert found.keys() == {
        followed,
        "seen:endpoint:https://wolf.plumwhistle.test/",
        f"seen:endpoint:https://{HOST}:{closed}/",
        f"seen:domain:{NAME}",  # of the certificate at the second one, which is not asked for by name
    }
    assert (found[followed].because, found[followed].steps) == ("same host as it", 1)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "it.audit").rglob("*") if path.is_file())
    assert TOKEN.encode() not in kept


def test_a_bucket_that_moved_is_looked_at_where_it_is(store: Server, tmp_path: Path) -> None:
    port, there = free_port(), f"{store.host}:{store.port}"
    with nginx(tmp_path, plain=(port, f"location / {{ return 307 http://{there}$request_uri; }}")):
        surface = Bucket(id="it", where=f"s3+http://{HOST}:{port}/pubread")
        evidence = asyncio.run(look_at(tmp_path / "it.audit", surface, f"{HOST}:{port}", there))
    moved = f"seen:bucket:s3+http://{there}/pubread"
    seen = {one.surface: one.seen for one in evidence.observations if isinstance(one.seen, BucketSeen)}
    assert seen.keys() == {"it", moved}
    assert isinstance(seen[moved].listing, Listed)
    judgement = judge_folder(tmp_path / "it.audit", evidence.observations[-1].at)
    listed = {one.surface: one.outcome for one in judgement.findings if one.check == "bucket-listing"}
    assert listed == {"it": Outcome.INCONCLUSIVE, moved: Outcome.FAIL}


def test_a_bucket_that_moved_to_where_nobody_permitted_is_seen_and_left(
    store: Server, tmp_path: Path
) -> None:
    port, there = free_port(), f"{store.host}:{store.port}"
    with nginx(tmp_path, plain=(port, f"location / {{ return 307 http://{there}$request_uri; }}")):
        surface = Bucket(id="it", where=f"s3+http://{HOST}:{port}/pubread")
        evidence = asyncio.run(look_at(tmp_path / "it.audit", surface, f"{HOST}:{port}"))
    assert {one.surface for one in evidence.observations} == {"it"}
    (found,) = discover(evidence.product, evidence.observations).found
    assert found.surface.id == f"seen:bucket:s3+http://{there}/pubread"
