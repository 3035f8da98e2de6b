"""The audit of the lab's two editions: seconds and memory of the whole command, as a user starts it.

python -m benchmarks.audit [RUNS]        default 5
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.results import keep
from shelfworthy_lab import Instance, down, up

EDITIONS = ("2018", "fixed")


def once(instance: Instance, folder: Path) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one `shelfworthy audit`."""
    began = time.monotonic()
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "shelfworthy",
            "audit",
            str(instance.product),
            "--policy",
            str(instance.policy),
            "--out",
            str(folder),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode in (0, 10, 11), child.returncode
    return time.monotonic() - began, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and keep the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for edition in EDITIONS:
            instance = up("cloudpets", edition, Path(name))
            try:
                measured = [once(instance, Path(name) / f"{edition}-{run}.audit") for run in range(runs)]
            finally:
                down("cloudpets", edition, Path(name))
            seconds, memory = zip(*measured, strict=True)
            rows.append(
                (
                    edition,
                    f"{min(seconds):.2f}",
                    f"{statistics.median(seconds):.2f}",
                    f"{max(seconds):.2f}",
                    f"{max(memory):.0f}",
                )
            )
    keep(
        "audit",
        "Auditing the lab's two editions",
        f"`shelfworthy audit` as a process of its own, {runs} runs; level use, report included.",
        ("edition", "fastest s", "median s", "slowest s", "peak MB"),
        rows,
        "Aims: under 5 s for either edition, under 120 MB.",
    )


if __name__ == "__main__":
    main()
