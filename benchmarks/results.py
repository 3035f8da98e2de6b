"""Keep a benchmark's last result, with its date and machine, where people can read it."""

import os
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "results"
STEPS = 5_000_000


def machine() -> str:
    """What this ran on, in a line, how busy that was (load of the last minute, this run's included), and how
    fast: the same machine may share its cores, and an aim in seconds is one for a machine.
    """
    system = f"{platform.system()} {platform.machine()}"
    load = f"load {os.getloadavg()[0]:.1f}"
    pace = f"{STEPS:,} steps of a loop in {loop() * 1000:.0f} ms"
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {system}, {load}, {pace}"


def loop() -> float:
    """Seconds for so many additions, one after the other."""
    began, total = time.perf_counter(), 0
    for number in range(STEPS):
        total += number
    return time.perf_counter() - began


def keep(
    name: str, title: str, what: str, head: Sequence[str], rows: Sequence[Sequence[str]], after: str = ""
) -> None:
    """Print a table and write it to `results/<name>.md`."""
    lines = [
        f"# {title}",
        "",
        what,
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        *([after, ""] if after else []),
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}.",
        "",
    ]
    text = "\n".join(lines)
    print(text)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
