"""How long `shelfworthy shelf up` takes to its log-in page: from an empty folder, and again.

    python -m benchmarks.shelf_start [TIMES]        default 10

SQLite, a process of its own each time, as people start it. Writes `results/shelf-start.md`.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.shelf.process import START_SECONDS, Shelf

from benchmarks.results import keep


def main() -> None:
    """Measure and keep the table."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    new, again = [], []
    for number in range(times):
        with tempfile.TemporaryDirectory() as name:
            shelf = Shelf(Path(name) / "shelf")
            new.append(shelf.took)
            shelf.stop()
            shelf.start()
            again.append(shelf.took)
            shelf.stop()
        print(f"{number + 1} of {times}: {new[-1]:.1f} s, again {again[-1]:.1f} s", flush=True)
    keep(
        "shelf-start",
        "From `shelfworthy shelf up` to the log-in page",
        f"{times} times, on SQLite, with a worker beside it: database, first administrator and all.",
        ("start", "median s", "longest s"),
        [
            (what, f"{statistics.median(took):.1f}", f"{max(took):.1f}")
            for what, took in (("from an empty folder", new), ("again", again))
        ],
        f"Aim: at most {START_SECONDS:.0f} s from an empty folder.",
    )


if __name__ == "__main__":
    main()
