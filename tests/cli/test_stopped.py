"""Ctrl-C: what was seen is kept, the way on is said, and going on works."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelfworthy.cli.auditing import go_on
from shelfworthy.record import load_evidence, verify


@pytest.fixture
def mute() -> Iterator[int]:
    """A server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def command(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "shelfworthy", "audit", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_ctrl_c_keeps_what_was_seen_and_says_how_to_go_on(mute: int, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = nobody.getsockname()[1]
        things = [f"mongodb://127.0.0.1:{mute}", f"mongodb://127.0.0.1:{closed}", "--permit", "127.0.0.1"]
        running = command(tmp_path, *things, "--out", "bear.audit")
        gaps = tmp_path / "bear.audit" / "evidence" / "gaps"
        ends = time.monotonic() + 100
        while not (gaps.is_dir() and list(gaps.glob("*.json"))):
            assert time.monotonic() < ends, running.poll()
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=100)
        assert running.returncode == 130
        assert "Traceback" not in said
        assert f"Go on with:  shelfworthy audit {' '.join(things)} --resume bear.audit" in said.splitlines()
        assert verify(tmp_path / "bear.audit").problems == ()
        before = {gap.id for gap in load_evidence(tmp_path / "bear.audit").gaps}
        assert before
        again = command(tmp_path, "--resume", "bear.audit", "--permit", "127.0.0.1", "--budget", "1")
        again.communicate(timeout=60)
    assert again.returncode == 11
    evidence = load_evidence(tmp_path / "bear.audit")
    assert before < {gap.id for gap in evidence.gaps}
    assert {gap.surface for gap in evidence.gaps} == {surface.id for surface in evidence.product.surface}
    assert verify(tmp_path / "bear.audit").problems == ()


@pytest.mark.parametrize("out", [["--out", "a.audit"], ["--out=a.audit"], ["--resume=a.audit"], []])
def test_the_way_on_names_the_folder_once(out: list[str]) -> None:
    said = go_on(["audit", "my bear.toml", *out, "--budget", "9"], Path("a.audit"))
    assert said == "shelfworthy audit 'my bear.toml' --budget 9 --resume a.audit"
