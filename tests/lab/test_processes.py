"""Processes are found and ended by pid file, and never a process that only inherited the number."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy_lab import processes
from shelfworthy_lab.home import CantRun


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Path]:
    program = shutil.which("sleep")
    assert program
    pid_file = processes.spawn("sleeper", [program, "60"], tmp_path)
    yield pid_file
    processes.end(pid_file)


def _pid(pid_file: Path) -> int:
    return int(pid_file.read_text().split()[0])


def test_what_was_started_is_alive_until_it_is_ended(sleeper: Path) -> None:
    assert processes.alive(sleeper)
    assert processes.end(sleeper)
    assert not processes.alive(sleeper)
    assert not sleeper.exists()
    assert not processes.end(sleeper)


def test_a_pid_given_to_another_process_is_left_alone(sleeper: Path, tmp_path: Path) -> None:
    stale = tmp_path / "stale.pid"
    pid, started = sleeper.read_text().split()
    stale.write_text(f"{pid} {int(started) - 1}\n")  # same number, but it started earlier: another process
    assert not processes.alive(stale)
    assert not processes.end(stale)
    assert processes.alive(sleeper)


def test_a_process_that_died_by_itself_is_not_alive(sleeper: Path) -> None:
    os.kill(_pid(sleeper), 9)
    deadline = time.monotonic() + 5
    while processes.alive(sleeper) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not processes.alive(sleeper)


def test_a_process_deaf_to_term_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    shell = shutil.which("sh")
    assert shell
    deaf = processes.spawn(
        "deaf", [shell, "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"], tmp_path
    )
    log = tmp_path / "logs" / "deaf.log"
    while "deaf" not in log.read_text():
        time.sleep(0.01)
    assert processes.end(deaf)
    assert not processes.alive(deaf)


@pytest.mark.parametrize("content", ["", "12", "not a pid", "1 2 3"])
def test_a_broken_pid_file_names_nobody(tmp_path: Path, content: str) -> None:
    pid_file = tmp_path / "broken.pid"
    pid_file.write_text(content)
    assert not processes.alive(pid_file)


def test_a_free_port_is_neither_listened_on_nor_handed_out_twice() -> None:
    taken: set[int] = set()
    ports = [processes.free_port(taken) for _ in range(20)]
    assert len(set(ports)) == len(taken) == 20
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.21.1", port)) != 0


def test_who_works_side_by_side_chooses_from_ports_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = []
    for number in range(3):
        monkeypatch.setenv("SHELFWORTHY_LAB_PORTS", f"{number}/3")
        shares.append({processes.free_port() for _ in range(50)})
    assert [{port % 3 for port in share} for share in shares] == [{0}, {1}, {2}]


@pytest.mark.parametrize("said", ["", "plum", "1", "3/3", "0/0", "-1/3"])
def test_a_share_of_ports_that_is_none_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFWORTHY_LAB_PORTS", said)
    with pytest.raises(CantRun, match="it is to be k/n"):
        processes.free_port()


def test_a_port_held_at_another_address_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.21.9", 0))
        held.listen()
        port = held.getsockname()[1]
        monkeypatch.setattr(processes, "PORTS", (port,))
        monkeypatch.delenv("SHELFWORTHY_LAB_PORTS", raising=False)
        with pytest.raises(CantRun, match="no free port"):
            processes.free_port()
    assert processes.free_port() == port
