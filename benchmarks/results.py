"""Keep a benchmark's last result, with its date and machine, where people can read it."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "results"


def machine() -> str:
    """What this ran on, in a line, and how busy that was (load of the last minute, this run's included)."""
    system = f"{platform.system()} {platform.machine()}"
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {system}, {load}"


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
