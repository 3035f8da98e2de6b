"""`kill -9` of a worker in the middle of a look, at random moments: the next one does it, whole and once."""

import random
import socket
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from shelfworthy.shelf.watching.webhook import IDEMPOTENCY
from tests.shelf.watching.beside import begun, environment, ran
from tests.shelf.watching.conftest import Names
from tests.shelf.watching.receiving import hook_server

MOMENTS = 10
LEASE = 2  # seconds
ANSWERS = ((400, "active"), (-40, "redemption period"))  # of the registry, in turn


@pytest.mark.slow
@pytest.mark.lab
@pytest.mark.timeout(900)
@pytest.mark.parametrize("base", ["sqlite", "postgresql"])
def test_a_look_that_was_cut_off_is_done_by_another_worker(
    base: str, names: Names, shelf: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("fresh") if base == "postgresql" else ""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with hook_server() as hook:
        of = environment(shelf, url, SHELFWORTHY_WEBHOOKS="127.0.0.0/8")
        ran(of, "toy", hook.url)
        takes = whole(of, names)
        cut = 0
        for number in range(1, MOMENTS + 1):
            names.up(*ANSWERS[number % 2])
            ran(of, "due")
            before = ran(of, "how")
            moment = rng.random() * takes
            cut += killed(of, moment)
            time.sleep(LEASE)
            ran(of, "worker", str(LEASE))
            after = ran(of, "how")
            print(f"after {moment:.2f} of {takes:.2f} s: {after['audits'] - before['audits']} taken in")
            assert after["broken"] == after["left"] == []
            assert after["audits"] == before["audits"] + 1
            assert after["changes"] == before["changes"] + 1
            assert after["exposed"] == bool(number % 2)
            assert after["fresh"]
            assert (after["lease"], after["hosts"], after["unsent"], after["trouble"]) == ("", 0, 0, "")
            assert after["later"]
        assert cut >= MOMENTS // 2, "killed in the middle"
        posts = [headers[IDEMPOTENCY] for headers, _ in hook.posts]
        assert sorted(set(posts)) == after["told"]
        assert len(posts) <= len(set(posts)) + cut, "sent again only by who came after one that was killed"


@pytest.mark.slow
@pytest.mark.lab
@pytest.mark.timeout(900)
def test_a_worker_outlives_the_connections_to_its_database(names: Names, shelf: Path, fresh: str) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    of = environment(shelf, fresh)
    names.up(*ANSWERS[0])
    ran(of, "toy", "https://hooks.example/")
    process = begun(of, "forever")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        after = settled(of)
        for number in range(1, MOMENTS + 1):
            before = after
            names.up(*ANSWERS[number % 2])
            ran(of, "due")
            time.sleep(rng.random() * 1.5)
            with psycopg.connect(fresh, autocommit=True) as line:
                line.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid != pg_backend_pid()"
                )
            after = settled(of)
            assert (after["audits"], after["changes"]) == (before["audits"] + 1, before["changes"] + 1)
            assert (after["exposed"], after["fresh"], after["lease"]) == (bool(number % 2), True, "")
    finally:
        process.terminate()
        _, said = process.communicate(timeout=100)
    assert process.returncode == 0, said


@pytest.mark.slow
@pytest.mark.lab
def test_a_worker_and_who_pushes_evidence_of_the_same_do_not_wait_for_each_other(
    names: Names, shelf: Path, fresh: str
) -> None:
    names.up(400)
    of = environment(shelf, fresh)
    ran(of, "toy", "https://hooks.example/")
    ran(of, "due")
    lab, shop = begun(of, "pushed", "8"), begun(of, "kept", "12")
    for one in (lab, shop):
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    said = [one.communicate(timeout=90)[1] for one in (lab, shop)]
    assert [lab.returncode, shop.returncode] == [0, 0], said
    assert "deadlock" not in "".join(said)
    assert ran(of, "how")["audits"] >= 2


@pytest.mark.lab
def test_a_worker_that_is_told_to_stop_ends_at_once(names: Names, shelf: Path) -> None:
    names.up(400)
    of = environment(shelf, "")
    ran(of, "toy", "https://hooks.example/")
    ran(of, "due")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:  # a resolver that never answers
        deaf.bind(("127.0.0.1", 0))
        policy = shelf / "policy.toml"
        own, deafs = f"127.0.0.1:{names.resolver}", f"127.0.0.1:{deaf.getsockname()[1]}"
        policy.write_text(policy.read_text().replace(own, deafs))
        process = begun(of, "worker", "60")
        deaf.settimeout(30)
        deaf.recv(512)  # the look has begun
        began = time.monotonic()
        process.terminate()
        _, said = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert time.monotonic() - began < 5
    assert [one[3] for one in ran(of, "left")] == [""]
    assert list((shelf / "looks").iterdir()) == []


def settled(of: dict[str, str]) -> Any:
    """How things stand when the worker has looked."""
    ends = time.monotonic() + 60
    while not (found := ran(of, "how"))["later"]:
        assert time.monotonic() < ends
    return found


def whole(of: dict[str, str], names: Names) -> float:
    """Seconds that a look takes which nobody cuts off."""
    names.up(*ANSWERS[0])
    ran(of, "due")
    process = begun(of, "worker", str(LEASE))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    began = time.monotonic()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return time.monotonic() - began


def killed(of: dict[str, str], moment: float) -> bool:
    """A worker that is killed so long after it began; whether that was before its end."""
    process = begun(of, "worker", str(LEASE))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(moment)
    running = process.poll() is None
    process.kill()
    process.communicate()
    return running
