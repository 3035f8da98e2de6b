"""How long the audit of a folder of firmware images takes, and in how much memory.

    python -m benchmarks.folder [FOLDER]

FOLDER holds images; without it 200 are made: the lab's toys' and, of 4 MB each, such as nobody recognises.
The command that people use audits it, begun once and begun again. Of FOLDER nothing is kept but its size.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.results import keep
from shelfworthy_lab import firmware

IMAGES = 200
LARGE = 4 << 20
MEASURED = """
import resource, sys
from shelfworthy.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    print("peak", resource.getrusage(who).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def made(folder: Path, number: int) -> Path:
    """So many images."""
    folder.mkdir()
    for one in range(number):
        image = firmware.toy(one % 100, signed=one % 2 == 0)
        if one % 4 == 3:
            image = random.Random(one).randbytes(LARGE)
        (folder / f"{one:04}.bin").write_bytes(image)
    return folder


def audited(folder: Path, out: Path) -> tuple[float, int, int]:
    """Seconds, and MiB at most of the process and of its largest child."""
    command = [sys.executable, "-c", MEASURED, "audit", "--catalogue", str(folder), "--out", str(out)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode not in (0, 2, 10, 11):
        sys.exit(done.stderr)
    peaks = [int(line.split()[1]) >> 10 for line in done.stderr.splitlines() if line.startswith("peak ")]
    return took, peaks[0], peaks[1]


def row(what: str, folder: Path, out: Path) -> tuple[str, ...]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    took, own, child = audited(folder, out)
    rate = f"{len(files) / took:.1f}"
    return what, str(len(files)), f"{size >> 20} MiB", f"{took:.1f} s", rate, f"{own} MiB", f"{child} MiB"


def main() -> None:
    """Measure, and keep the table."""
    with tempfile.TemporaryDirectory() as temporary:
        at = Path(temporary)
        few = made(at / "few", IMAGES // 4)
        many = Path(sys.argv[1]) if len(sys.argv) == 2 else made(at / "many", IMAGES)
        rows = [
            row("a quarter as many, made here", few, at / "out-few"),
            row("all" if len(sys.argv) == 2 else "all, made here", many, at / "out"),
            row("the same, begun again", many, at / "out"),
        ]
    keep(
        "folder",
        "The audit of a folder of firmware images",
        f"`shelfworthy audit --catalogue FOLDER --out DIR`, {(os.cpu_count() or 1) + 1} images at once.",
        ("images", "files", "size", "took", "a second", "memory of the audit", "of its largest child"),
        rows,
        "Memory is flat: it does not grow with the number of images.",
    )


if __name__ == "__main__":
    main()
