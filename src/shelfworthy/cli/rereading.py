"""`judge --reread`: read files of audits again, and say what came of it. Imported only where it is asked."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from shelfworthy.audit.reread import Reread, by_hash, reread
from shelfworthy.cli.exits import WrongUsage


def read_again(audits: Sequence[Path], given: Sequence[Path]) -> None:
    """Read what can be read better, in each audit. Raises WrongUsage, Unreadable, OSError."""
    if absent := [path for path in given if not path.exists()]:
        raise WrongUsage(f"--reread: there is no {absent[0]}.")
    messages = Console(stderr=True)
    files = by_hash(given)
    for audit in audits:
        done = asyncio.run(reread(audit, files, lambda step: None))
        for line in told(audit, done):
            messages.print(line, highlight=False, markup=False, soft_wrap=True)


def told(audit: Path, done: Reread) -> list[str]:
    """What came of it, for people."""
    lines = [f"{audit}: {surface} was read again by {reader}." for surface, reader in done.read]
    lines += [
        f"{audit}: {name} is not among the files given; it was not read again." for name in done.missing
    ]
    if done.read:
        lines.append(f"{audit}: the evidence has the digest {done.digest} now.")
    elif not done.missing:
        lines.append(f"{audit}: nothing in it would be read better today.")
    return lines
