"""The command as a user starts it: its help, and the audit of the lab's two editions. Seconds and memory.

python -m benchmarks.audit [RUNS]        default 5
"""

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.command import Run, run
from benchmarks.results import keep
from shelfworthy.cli.exits import ALL_MET, NOT_MET, UNDETERMINED
from shelfworthy_lab import down, up

EDITIONS = {"2018": NOT_MET, "fixed": UNDETERMINED}  # and the exit code an audit must end with


def audits(place: Path, edition: str, code: int, number: int) -> list[Run]:
    """So many audits of a lab edition."""
    instance = up("cloudpets", edition, place)
    given = (str(instance.product), "--policy", str(instance.policy), "--out")
    try:
        return [
            run(place, code, "audit", *given, str(place / f"{edition}-{one}.audit")) for one in range(number)
        ]
    finally:
        down("cloudpets", edition, place)


def row(name: str, runs: list[Run]) -> tuple[str, ...]:
    """What they came to."""
    wall = [one.wall for one in runs]
    return (
        name,
        f"{min(wall):.2f}",
        f"{statistics.median(wall):.2f}",
        f"{max(wall):.2f}",
        f"{statistics.median(one.cpu for one in runs):.2f}",
        f"{max(one.memory for one in runs):.0f}",
    )


def main() -> None:
    """Measure and keep the table. The first run of each compiles and is not counted."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        rows = [row("--help", [run(place, ALL_MET, "--help") for _ in range(number + 1)][1:])]
        for edition, code in EDITIONS.items():
            rows.append(row(f"audit, {edition}", audits(place, edition, code, number + 1)[1:]))
    keep(
        "audit",
        "Starting, and auditing the lab's two editions",
        f"`shelfworthy` as a process of its own, {number} runs; audits at level use, report included.",
        ("command", "fastest s", "median s", "slowest s", "median CPU s", "peak MB"),
        rows,
        "Aims: an audit under 5 s for either edition, under 120 MB.",
    )


if __name__ == "__main__":
    main()
