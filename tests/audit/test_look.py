"""Looking: whatever a probe does, what was seen is on disk and what was not is a gap with its cause."""

import asyncio
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from shelfworthy.audit.look import look
from shelfworthy.audit.one_look import Step
from shelfworthy.model import AnySurface, Cause, Gap, Looked, Seen
from shelfworthy.probes import Probe
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Limits, NotSeen, Reach, UsedUp
from shelfworthy.record import Recorder, close, load_evidence, looks_done, verify
from tests import clock
from tests.builders import database, door, open_listing, probe, product

QUICK = Limits(look=0.4, connect=0.3, silence=0.3)


async def sees(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
    yield open_listing()


async def crashes(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
    yield open_listing()
    raise ZeroDivisionError("our mistake")


async def hangs(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
    yield open_listing()
    await asyncio.sleep(3600)


async def says_nothing(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
    return
    yield


async def goes_past_the_door(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
    with socket.socket() as own:
        own.connect(("127.0.0.1", 9))
    yield open_listing()


def run(folder: Path, *probes: Probe, budget: float = 30, limits: Limits = QUICK) -> list[Step]:
    of = product(database())
    steps: list[Step] = []
    recorder = Recorder(folder, product_toml(of).encode(), {})
    asyncio.run(
        look(of, door(of, limits), recorder, "a test", budget=budget, tell=steps.append, probes=probes)
    )
    recorder.close()
    return steps


def only_gap(folder: Path) -> Gap:
    (gap,) = load_evidence(folder).gaps
    return gap


def only_look(folder: Path) -> Looked:
    (one,) = load_evidence(folder).looks
    return one


def test_what_was_seen_is_kept_with_its_closing_record(tmp_path: Path) -> None:
    steps = run(tmp_path / "a", probe(sees))
    evidence = load_evidence(tmp_path / "a")
    assert [observation.seen for observation in evidence.observations] == [open_listing()]
    assert only_look(tmp_path / "a").complete
    assert [step.ended for step in steps] == [False, True]
    assert verify(tmp_path / "a").problems == ()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (crashes, "crashed: ZeroDivisionError in test_look.py"),
        (says_nothing, "ended without a word"),
        pytest.param(goes_past_the_door, "wanted past the door", marks=pytest.mark.trips_fuse),
    ],
)
def test_a_broken_probe_leaves_a_gap_and_the_others_go_on(tmp_path: Path, broken: object, words: str) -> None:
    run(tmp_path / "a", probe(broken, "database-broken"), probe(sees))  # type: ignore[arg-type]
    gap = only_gap(tmp_path / "a")
    assert gap.cause is Cause.OUR_FAULT
    assert words in gap.words
    complete = {one.by: one.complete for one in load_evidence(tmp_path / "a").looks}
    assert complete == {"database-broken/1": False, "database-test/1": True}


def test_a_hanging_probe_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shelfworthy.audit.probing.GRACE", 0.1)
    run(tmp_path / "a", probe(hangs))
    assert only_gap(tmp_path / "a").cause is Cause.OUR_FAULT
    assert not only_look(tmp_path / "a").complete
    assert len(load_evidence(tmp_path / "a").observations) == 1, "what it saw before stays"


def test_the_budget_ends_an_audit(tmp_path: Path) -> None:
    began = clock.now()
    run(tmp_path / "a", probe(hangs), budget=0.5, limits=Limits(look=60))
    assert clock.now() - began < 10
    gap = only_gap(tmp_path / "a")
    assert gap.cause is Cause.NOBODY_LOOKED
    assert "budget" in gap.words


def test_a_missing_tool_is_a_gap_that_says_what_to_install(tmp_path: Path) -> None:
    needs = msgspec.structs.replace(probe(sees), tools=("no-such-distribution",), extra="cloud")
    run(tmp_path / "a", needs)
    gap = only_gap(tmp_path / "a")
    assert gap.cause is Cause.TOOL_MISSING
    assert "pip install 'shelfworthy[cloud]'" in gap.words
    assert load_evidence(tmp_path / "a").observations == ()


def test_the_core_starts_without_the_extras() -> None:
    script = (
        "import sys; sys.modules['bson'] = sys.modules['pysequoia'] = None; "
        "import shelfworthy.probes, shelfworthy.checks, shelfworthy.cli"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_silence_is_tried_twice_before_it_counts(tmp_path: Path) -> None:
    tries = []

    async def away_once(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
        tries.append(1)
        if len(tries) == 1:
            raise NotSeen(Cause.UNREACHABLE, "away")
        yield open_listing()

    run(tmp_path / "a", probe(away_once))
    assert only_look(tmp_path / "a").complete
    assert load_evidence(tmp_path / "a").gaps == ()


def test_the_first_reason_stands_when_our_own_bounds_end_the_second_try(tmp_path: Path) -> None:
    reasons = [NotSeen(Cause.SILENT, "fell silent"), UsedUp(Cause.NOT_PERMITTED, "too many pages")]

    async def away(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
        raise reasons.pop(0)
        yield

    run(tmp_path / "a", probe(away))
    assert reasons == []
    assert only_gap(tmp_path / "a").words == "fell silent"


def test_a_refusal_is_not_tried_twice(tmp_path: Path) -> None:
    tries = []

    async def refuses(surface: AnySurface, reach: Reach) -> AsyncIterator[Seen]:
        tries.append(1)
        raise NotSeen(Cause.REFUSED, "no")
        yield

    run(tmp_path / "a", probe(refuses))
    assert len(tries) == 1


def test_a_surface_without_a_probe_is_a_gap(tmp_path: Path) -> None:
    run(tmp_path / "a")
    assert only_gap(tmp_path / "a").cause is Cause.NOBODY_LOOKED


def _killed(folder: str) -> None:
    run(Path(folder), probe(hangs), limits=Limits(look=600), budget=600)


def test_kill_9_loses_nothing_that_was_seen_and_the_audit_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    child = multiprocessing.get_context("spawn").Process(target=_killed, args=(str(folder),))
    child.start()
    observations = folder / "evidence" / "observations"
    ends = time.monotonic() + 100
    while not (observations.is_dir() and any(observations.glob("*.json"))):
        assert time.monotonic() < ends
        time.sleep(0.05)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    close(folder)
    assert verify(folder).problems == ()
    assert len(load_evidence(folder).observations) == 1
    text = (folder / "evidence" / "product.toml").read_bytes()
    assert looks_done(folder, text, {}) == frozenset()
    run(folder, probe(sees))
    assert looks_done(folder, text, {}) == {("records", "database-test/1")}


def test_looking_twice_gives_the_same_observation(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(tmp_path / name, probe(sees))
    first, second = (load_evidence(tmp_path / name).observations[0] for name in ("a", "b"))
    assert msgspec.json.encode(first.seen) == msgspec.json.encode(second.seen)
