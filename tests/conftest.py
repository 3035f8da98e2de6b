"""The fuse is in for every test: only loopback is contacted, and within a look only what reach announced."""

import gc
import os
from collections.abc import Generator, Iterator
from contextlib import suppress
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from shelfworthy.reach import fuse
from shelfworthy_lab.home import parts

settings.register_profile("untimed", deadline=None)  # by the clock they would judge the machine
settings.load_profile("untimed")

_accounted = 0  # how many of `fuse.blown` a test has asked for


def loopback(host: str) -> bool:
    """What tests contact themselves, while no look is under way: their own servers on this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in {"", "localhost"}


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the checks said is remembered in a folder of this run, also by programs that tests start.
    So is what was imported about known flaws: nothing, unless a test imports it.

    The lab's programs stay where they are: they are fetched once, not by every run.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHELFWORTHY_LAB_PARTS", str(parts()))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("SHELFWORTHY_VULNDATA", str(tmp_path_factory.mktemp("data") / "vulndata.sqlite"))
        yield


# Files of which each takes a quarter of a minute or more: with several workers they are begun first, so that
# none of them is all that is left at the end.
LONG = (
    "test_truth.py",
    "test_truth_matrix.py",
    "running/test_archive.py",
    "tests/test_radio_matrix.py",
    "cli/test_images.py",
    "contents/test_hostile.py",
    "web/test_browser.py",
    "sandbox/test_browser.py",
    "shelf/test_story.py",
    "audit/test_cluster.py",
    "report/test_browser.py",
    "running/test_up.py",
    "deciding/test_at_once.py",
    "bluetooth/test_oracle.py",
    "test_every_check.py",
    "api/test_schema.py",
    "watching/test_story.py",
    "hostile/test_hostile_peers.py",
    "contents/test_hostile_images.py",
    "evidence/test_audience.py",
    "lab/test_camera.py",
    "watching/test_killed.py",
    "policy/test_peers.py",
    "broker/test_told_apart.py",
    "readers/test_listing_files.py",
    "shelf/test_faults.py",
    "contents/test_contents.py",
    "hostile/test_hostile_stores.py",
    "guidelines/test_laws.py",
    "hostile/test_hostile_radio.py",
    "hostile/test_hostile_brokers.py",
    "account/test_hostile.py",
    "report/test_cyclonedx.py",
    "api/test_once.py",
    "hostile/test_hostile_updates.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; else the order stays."""
    rank = {name: number for number, name in enumerate(LONG)}
    ranks = {
        path: min((rank[name] for name in LONG if path.as_posix().endswith(f"/{name}")), default=len(LONG))
        for path in {item.path for item in items}
    }
    items.sort(key=lambda item: ranks[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What is collected stays to the end: looking through it for garbage was a third of collecting."""
    gc.disable()
    try:
        import_share(session.config)
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def worker_of(config: pytest.Config) -> tuple[int, int] | None:
    """Which of how many workers this is; None where there is but this process."""
    worker: dict[str, Any] = getattr(config, "workerinput", {})
    return (int(worker["workerid"].removeprefix("gw")), worker["workercount"]) if worker else None


def import_share(config: pytest.Config) -> None:
    """Of several workers that collect all tests, each begins with other files: where nothing is compiled yet,
    each file is compiled once, and not by all of them in step.
    """
    worker = worker_of(config)
    if worker is None or config.args != config.getini("testpaths"):
        return
    here = Path(__file__).parent
    number, workers = worker
    for path in sorted(here.rglob("test_*.py"))[number::workers]:
        with suppress(Exception, pytest.skip.Exception):  # is told when it is collected
            import_module(".".join(path.relative_to(here.parent).with_suffix("").parts))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "trips_fuse: contacts what reach did not announce, to see it stopped")
    fuse.arm(loopback)
    if worker := worker_of(config):
        number, workers = worker
        os.environ["SHELFWORTHY_LAB_PORTS"] = f"{number}/{workers}"


@pytest.fixture(autouse=True)
def silent_fuse(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that tripped the fuse, unless tripping it is what the test is about."""
    global _accounted
    before = len(fuse.blown)
    yield
    stopped = fuse.blown[before:]
    if request.node.get_closest_marker("trips_fuse"):
        _accounted += len(stopped)
        assert stopped, "this test is about the fuse, and did not trip it"
    else:
        assert not stopped


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a thread tried between two tests counts as well."""
    if len(fuse.blown) > _accounted and session.exitstatus == pytest.ExitCode.OK:
        pytest.exit(f"the fuse blew {len(fuse.blown)} times, {_accounted} on purpose: {fuse.blown}", 1)
