"""Large images end to end: the whole command `shelfworthy audit IMAGE`, beside unblob alone and syft.

    python -m benchmarks.contents [RUNS]        default 3

The images are made of this machine's own programs and settings (Debian), SquashFS with XZ behind a boot
loader's worth of other bytes, of 16 MB as a camera's flash has and of 122 MB. unblob only unpacks; syft lists
components in what was unpacked. We look besides for accounts, secrets, services and signatures.
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.command import Run, measured, run
from benchmarks.components import cache, syft_of
from benchmarks.results import keep
from shelfworthy.cli.exits import NOT_MET, UNDETERMINED

SIZES = {"16 MB": 16 << 20, "122 MB": 122 << 20}
FROM = ("/etc", "/usr/sbin", "/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/share", "/usr/lib")
PACKED = 2.6  # how many bytes of these go into one of SquashFS, about
LOADER = 512 << 10


def gathered(into: Path, most: int) -> None:
    """Files of this machine, so many bytes."""
    left = most
    for top in FROM:
        for path in sorted(Path(top).rglob("*")):
            if left <= 0:
                return
            if path.is_symlink() or not path.is_file() or not os.access(path, os.R_OK):
                continue
            to = into / path.relative_to("/")
            if not to.exists():
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, to)
                left -= path.stat().st_size
    (into / "etc/init.d").mkdir(parents=True, exist_ok=True)


def made(place: Path, name: str, size: int) -> Path:
    """An image of that size."""
    root, packed = place / f"root {name}", place / "packed"
    gathered(root, int((size - LOADER) * PACKED))
    (root / "etc/passwd").write_text("root::0:0:root:/root:/bin/sh\n")
    command = [
        "mksquashfs",
        str(root),
        str(packed),
        "-comp",
        "xz",
        "-all-root",
        "-noappend",
        "-no-progress",
        "-quiet",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    loader = bytes(LOADER // 2) + random.Random(1).randbytes(LOADER // 2)
    image = place / f"{name.replace(' ', '-')}.bin"
    image.write_bytes((loader + packed.read_bytes()).ljust(size, b"\xff"))
    packed.unlink()
    return image


def audits(place: Path, image: Path, number: int) -> list[Run]:
    """The whole command, so often. Its exit code says what it found: an empty root password."""
    found = []
    for one in range(number + 1):
        out = place / f"{image.stem}-{one}.audit"
        try:
            found.append(run(place, NOT_MET, "audit", str(image), "--out", str(out)))
        except AssertionError:
            found.append(run(place, UNDETERMINED, "audit", str(image), "--out", str(out) + "-again"))
        shutil.rmtree(out, ignore_errors=True)
    return found[1:]


def unpacked(place: Path, image: Path) -> Run:
    """unblob alone, with Debian's program in the place of the patched one that it asks for."""
    out, beside = place / f"{image.stem}-unblob", place / "beside"
    beside.mkdir(exist_ok=True)
    (beside / "sasquatch").write_text('#!/bin/sh\nshift  # -le\nexec unsquashfs -n -q "$@"\n')
    (beside / "sasquatch").chmod(0o755)
    program = Path(sys.executable).with_name("unblob")
    with_it = ["env", f"PATH={beside}{os.pathsep}{os.environ['PATH']}", str(program)]
    ran = measured(place, 0, [*with_it, "--log", str(place / "log"), "-e", str(out), str(image)])
    files = sum(1 for path in out.rglob("*") if path.is_file())
    assert files > 500, files  # else it unpacked nothing
    return ran


def listed(place: Path, root: Path) -> Run:
    """syft, over the files that are in the image."""
    syft = str(syft_of(cache() / "shelfworthy-bench"))
    os.environ["SYFT_CHECK_FOR_APP_UPDATE"] = "false"
    return measured(place, 0, [syft, f"dir:{root}", "-o", "json", "-q"])


def row(what: str, name: str, runs: list[Run], ours: float) -> tuple[str, ...]:
    """What they came to."""
    wall = statistics.median(one.wall for one in runs)
    cpu = statistics.median(one.cpu for one in runs)
    return (
        name,
        what,
        f"{wall:.1f}",
        f"{cpu:.1f}",
        f"{max(one.memory for one in runs):.0f}",
        f"{wall / ours:.2f}",
    )


def main() -> None:
    """Measure and keep the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    rows = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for size, length in SIZES.items():
            image = made(place, size, length)
            ours = audits(place, image, number)
            median = statistics.median(one.wall for one in ours)
            rows.append(row("shelfworthy audit", size, ours, median))
            rows.append(row("unblob alone", size, [unpacked(place, image)], median))
            rows.append(
                row("syft, of the unpacked files", size, [listed(place, place / f"root {size}")], median)
            )
    keep(
        "contents",
        "Large images end to end",
        f"The whole command, its start and report included, median of {number}; each process's own memory.",
        ("image", "who", "seconds", "CPU s", "peak MB", "to ours"),
        rows,
        "Aims: 16 MB under 3 s and 300 MB, 122 MB under 15 s.",
    )


if __name__ == "__main__":
    main()
