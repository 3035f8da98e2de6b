"""A burst of looks on a real dask cluster."""

from pathlib import Path

import pytest

from tests.audit.test_cluster import scheduler, until, worker
from tests.shelf.watching.beside import begun, environment, ran
from tests.shelf.watching.conftest import Names

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(300)]
TOYS = 6


def test_a_cluster_does_the_looks_and_the_shelf_keeps_them(names: Names, shelf: Path, tmp_path: Path) -> None:
    names.up(400)
    of = environment(shelf, "")
    ran(of, "toys", str(TOYS))
    with scheduler(tmp_path) as made, worker(made, tmp_path), worker(made, tmp_path):
        until(lambda: (tmp_path / "dask_worker.log").read_text().count("Registered to:") >= 2)
        ran(of, "burst", made.address)
    assert ran(of, "looked") == [[1, True, "", ""]] * TOYS


def test_a_cluster_that_is_not_there_is_said_so(shelf: Path) -> None:
    of = environment(shelf, "")
    ran(of, "toys", "1")
    process = begun(of, "burst", "tcp://127.0.0.1:9")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The cluster tcp://127.0.0.1:9 cannot be joined" in said
    assert ran(of, "looked") == [[0, False, "", ""]]
