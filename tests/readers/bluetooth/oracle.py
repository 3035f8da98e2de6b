"""Debian's tshark as a second reader of the same files."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.needs import missing

# What it is told of framings that bear only a number of users' own.
USERS = ('"User 0 (DLT=147)","btle","0","","0",""', '"User 10 (DLT=157)","nordic_ble","0","","0",""')


def rows(content: bytes, folder: Path, *fields: str, keep: str = "") -> Iterator[tuple[str, ...]]:
    """These fields of every packet (of those that the filter `keep` lets through)."""
    program = shutil.which("tshark") or missing("tshark")
    file = folder / "oracle.cap"
    file.write_bytes(content)
    command = [program, "-r", str(file), "-T", "fields"]
    command += [part for field in fields for part in ("-e", field)]
    command += [part for user in USERS for part in ("-o", f"uat:user_dlts:{user}")]
    done = subprocess.run(
        [*command, *(("-Y", keep) if keep else ())],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )
    for line in done.stdout.splitlines():
        yield tuple(line.split("\t"))
