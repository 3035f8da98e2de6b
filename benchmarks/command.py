"""Run our command the way a user's machine does, and measure that one process."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """One run of a command: seconds on the wall, seconds of processor time, peak memory in MB.

    Children of the command are in its processor time; memory is that of the largest process. out: its lines.
    """

    wall: float
    cpu: float
    memory: float
    out: list[str]


def run(place: Path, code: int, *arguments: str, cwd: Path | None = None) -> Run:
    """`shelfworthy ARGUMENTS`, which must end with this exit code. place: see `measured`."""
    return measured(place, code, [sys.executable, "-m", "shelfworthy", *arguments], cwd=cwd)


def measured(place: Path, code: int, command: Sequence[str], cwd: Path | None = None) -> Run:
    """Any command, which must end with this exit code.

    place: where its bytecode and its cache are kept, so that it compiles only the first time.
    """
    kept = {"PYTHONPYCACHEPREFIX": str(place / "bytecode"), "XDG_CACHE_HOME": str(place / "cache")}
    here = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    out = place / "out"
    with out.open("w") as written:
        began = time.monotonic()
        child = subprocess.Popen(command, cwd=cwd, env=here | kept, stdout=written, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == code, child.returncode
    lines = out.read_text(encoding="utf-8").splitlines()
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, lines)
