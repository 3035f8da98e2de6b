"""`shelfworthy audit --catalogue`: exit codes, words, Ctrl-C, and `kill -9` at random moments."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from shelfworthy.audit.executor import Done
from shelfworthy.cli.estimate import Estimate, duration
from shelfworthy.record import load_evidence, verify
from tests.cli.command import run
from tests.many import Site, catalogue, name, site, with_papers

SEED = int(os.environ.get("KILL_SEED", "20170227"))


@pytest.fixture(scope="module")
def toys() -> Iterator[Site]:
    with site() as made:
        yield made


def command(folder: Path, *more: str) -> list[str]:
    given = ("--catalogue", "listings.csv", "--policy", "bench.toml", "--out", "out")
    return [sys.executable, "-m", "shelfworthy", "audit", *given, *more]


def lines(out: Path) -> list[dict[str, str]]:
    path = out / "catalogue.jsonl"
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]] if path.is_file() else []


def test_the_worst_answer_is_the_exit_code_and_where_the_results_are_is_said(
    toys: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(tmp_path, toys, 3)
    ran = run(capsys, monkeypatch, tmp_path, *command(tmp_path)[3:])
    assert ran.code == 10
    assert ran.out == (
        "3 of 3 products are audited: 3 not met, 0 cannot be determined, 0 met.\nResults: out/results.csv\n"
    )
    assert ran.err == "3 products to audit.\n"


def test_a_bad_row_does_not_stop_the_others_and_the_exit_code_says_so(
    toys: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = catalogue(tmp_path, toys, 2)
    file.write_text(file.read_text() + "Bear,,ftp://x/,\n")
    ran = run(capsys, monkeypatch, tmp_path, *command(tmp_path)[3:])
    assert ran.code == 2
    assert "2 of 2 products are audited" in ran.out
    assert "Rows that are wrong and were left out: 1." in ran.out
    assert "listings.csv:4: endpoint:" in ran.err
    assert verify(tmp_path / "out" / name(1)).problems == ()


def test_a_bad_paper_is_a_bad_row(
    toys: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_papers(tmp_path, toys, owl='looked_until = "yesterday"\n')
    ran = run(capsys, monkeypatch, tmp_path, *command(tmp_path)[3:])
    assert ran.code == 2
    assert "1 of 1 product is audited" in ran.out
    assert "Rows that are wrong and were left out: 1." in ran.out
    first, second = ran.err.splitlines()
    assert first.startswith("listings.csv:2: product: owl/letters.toml:1: looked_until: ")
    assert second == "1 product to audit."


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["product.toml"], "no THING, --resume or --permit beside it"),
        (["--cluster", "tcp://127.0.0.1:9"], "The cluster tcp://127.0.0.1:9 cannot be joined"),
        (["--cluster", "tls://127.0.0.1:9"], "cannot be joined without certificates. Give --cluster-ca,"),
        (["--out", "listings.csv"], "listings.csv: there is a file in its place. Name another --out."),
        (["--cluster", "bench"], "bench is no address of a scheduler. Expected tls://HOST:PORT or"),
    ],
)
def test_what_does_not_go_together_is_told(
    more: list[str],
    says: str,
    toys: Site,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shelfworthy.audit.cluster.PATIENCE", 0.3)
    catalogue(tmp_path, toys, 1)
    ran = run(capsys, monkeypatch, tmp_path, *command(tmp_path, *more)[3:])
    assert ran.code == 2
    assert says in ran.err


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    with site(delay=0.05) as slow:
        catalogue(tmp_path, slow, 40)
        running = subprocess.Popen(
            command(tmp_path, "--at-once", "2"), cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        until(lambda: len(lines(tmp_path / "out")) >= 3)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=100)
        assert running.returncode == 130
        assert "Stopped. What is done is kept in out." in said
        again = said.splitlines()[-1].removeprefix("Go on with:  ")
        assert again == "shelfworthy " + " ".join(command(tmp_path, "--at-once", "2")[3:])
        before = lines(tmp_path / "out")
        assert 3 <= len(before) < 40


@pytest.mark.slow
def test_killed_at_three_random_moments_and_begun_again(tmp_path: Path) -> None:
    killed(tmp_path, times=3, products=60, delay=0.02)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_twenty_random_moments_and_begun_again(tmp_path: Path) -> None:
    killed(tmp_path, times=20, products=500, delay=0.02)


def killed(folder: Path, *, times: int, products: int, delay: float) -> None:
    """`kill -9` again and again, each time somewhere in its work; then once to the end."""
    dice = random.Random(SEED)
    print(f"seed {SEED}")
    out = folder / "out"
    at_work = 0
    with site(delay=delay) as slow:
        catalogue(folder, slow, products)
        for _ in range(times):
            before = lines(out)
            running = subprocess.Popen(command(folder), cwd=folder, stderr=subprocess.DEVNULL)
            contacts = slow.contacts.total()
            until(partial(at_work_on, slow, contacts, running))
            time.sleep(dice.uniform(0, 1.2))
            at_work += running.poll() is None
            running.kill()
            running.wait()
            assert lines(out)[: len(before)] == before  # nothing that was finished is lost
        done = subprocess.run(command(folder), cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 10, f"seed {SEED}: {done.stderr}"
    assert at_work == times, f"seed {SEED}: only {at_work} kills met it at work"
    kept = lines(out)
    assert sorted(one["audit"] for one in kept) == sorted(name(number) for number in range(products))
    assert {path.name for path in out.glob("*.audit")} == {one["audit"] for one in kept}
    for one in kept:
        found = verify(out / one["audit"])
        assert (found.problems, found.digest) == ((), one["digest"])
        looks = [(look.surface, look.by) for look in load_evidence(out / one["audit"]).looks if look.complete]
        assert len(looks) == len(set(looks))
    assert len((out / "results.csv").read_text().splitlines()) == products + 1


def at_work_on(slow: Site, contacts: int, running: "subprocess.Popen[bytes]") -> bool:
    """Whether it contacts somebody, or is through already."""
    return slow.contacts.total() > contacts or running.poll() is not None


def until(holds: object, patience: float = 100) -> None:
    assert callable(holds)
    ends = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_the_estimate_knows_only_what_this_run_has_seen() -> None:
    now = 0.0
    estimate = Estimate(lambda: now)
    estimate.surveyed(1000)
    for _ in range(500):
        estimate.ended(Done(line=1, audit="", digest="1", before=True))
    assert str(estimate) == "500 of 1000 products (500 before), too early to say how long"
    now = 10.0
    for _ in range(100):
        estimate.ended(Done(line=1, audit="", digest="1"))
    assert str(estimate) == "600 of 1000 products (500 before), 10.0 a second, about 40 s left"
    estimate.ended(Done(line=1, audit="", digest="", trouble="away"))
    assert ", 1 failed, " in str(estimate)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (100, "2 min"), (5000, "83 min"), (9000, "2.5 h")]
)
def test_a_guess_is_told_no_finer_than_it_is(seconds: float, words: str) -> None:
    assert duration(seconds) == words
