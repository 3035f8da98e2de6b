"""`kill -9` of a whole audit at random moments: what was on disk stays good, and going on completes it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.record import close, load_evidence, verify
from shelfworthy_lab import Instance, down, up
from tests.needs import missing

pytestmark = [pytest.mark.slow, pytest.mark.lab, pytest.mark.timeout(900)]

SEED = int(os.environ.get("KILL_SEED", "20170227"))
TIMES = 20


@pytest.fixture(scope="module")
def bear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    folder = tmp_path_factory.mktemp("lab")
    instance = up("cloudpets", "2018", folder)
    try:
        if any(said != "running" for said in instance.parts.values()):
            missing(f"the Debian packages libcurl4 and libldap-2.5-0: {instance.parts}")
        yield instance
    finally:
        down("cloudpets", "2018", folder)


def command(bear: Instance, *more: str) -> list[str]:
    return [
        *(sys.executable, "-m", "shelfworthy", "audit", str(bear.product)),
        *("--policy", str(bear.policy)),
        *more,
    ]


def test_killed_at_random_moments_and_resumed(bear: Instance, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    print(f"seed {SEED}")
    for number in range(TIMES):
        folder = tmp_path / f"{number}.audit"
        running = subprocess.Popen(
            command(bear, "--out", str(folder)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(dice.uniform(0.4, 2.5))
        running.send_signal(signal.SIGKILL)
        running.wait()
        if not (folder / "evidence" / "product.toml").is_file():
            continue  # killed before anything was begun
        before = {one.id for one in load_evidence(folder).observations}
        again = subprocess.run(command(bear, "--resume", str(folder)), capture_output=True, timeout=120)
        assert again.returncode == 10, f"seed {SEED}, kill {number}: {again.stderr.decode()}"
        assert verify(folder).problems == ()
        evidence = load_evidence(folder)
        assert before <= {one.id for one in evidence.observations}
        surfaces = {look.surface for look in evidence.looks if look.complete}
        assert surfaces == {surface.id for surface in evidence.product.surface}
        assert close(folder) == evidence.digest
