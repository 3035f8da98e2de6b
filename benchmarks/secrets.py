"""Our search for secrets beside detect-secrets', unblob alone, binwalk and syft, over the same files at once.

    python -m benchmarks.secrets [FOLDER] [--detect-secrets PYTHON]

FOLDER is an unpacked root file system; without it one is gathered of this machine's configuration and
programs, with six secrets planted. detect-secrets runs in an environment of its own: the Python named, or one
that is made outside of the tree. It skips most programs, so both are also timed over the texts alone.

unblob, binwalk and syft look for no secrets: unblob and binwalk search the same bytes for what is packed in
them, syft the same files for components. They say how fast bytes are gone through by whom people use today.
unblob and binwalk take one file, so they are handed all of them as one. Their start counts, as nobody can run
them without; ours is counted both ways.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.readers.firmware.contents.take import github
from tests.readers.firmware.with_tools import identity

from benchmarks.components import cache, syft_of
from benchmarks.results import keep
from shelfworthy.readers.firmware.contents.bounds import Bounds
from shelfworthy.readers.firmware.contents.secrets import secrets_in

PEER = "detect-secrets==1.5.0"
MOST = 64 << 20  # bytes of programs that are gathered
SCAN = """
import json, sys, time
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings
files = json.load(sys.stdin)
began = time.perf_counter()
found = SecretsCollection()
with default_settings():
    for file in files:
        found.scan_file(file)
print(json.dumps([time.perf_counter() - began, sorted({name for name, _ in found}), sum(1 for _ in found)]))
"""
OURS = """
import json, sys
from pathlib import Path
from benchmarks.secrets import ours
folder, files = json.load(sys.stdin)
_, named, number = ours(Path(folder), [Path(file) for file in files])
print(json.dumps([sorted(named), number]))
"""


def planted(folder: Path) -> set[str]:
    """Write six files with a secret each; where."""
    key = identity("benchmark")[0]
    files = {
        "etc/server.key": key,
        "usr/bin/camera": b"\x7fELF\0" + key + b"\0",
        "etc/sync.env": b"TOKEN=%s\n" % github(),
        "etc/cam.conf": b"mqtt_password = Tr0ub4dor.kx\n",
        "etc/wpa_supplicant.conf": b'network={\n  ssid="f"\n  psk="correct-horse-11"\n}\n',
        "usr/bin/cloud": b"\x7fELF\0mqtts://cam:Tr0ub4dor@mqtt.bear.com\0",
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return set(files)


def gathered(folder: Path) -> set[str]:
    """A root file system of this machine's configuration and programs; the secrets that were planted."""
    shutil.copytree("/etc", folder / "etc", symlinks=True, ignore_dangling_symlinks=True)
    (folder / "usr/bin").mkdir(parents=True)
    left = MOST
    for path in sorted(Path("/usr/bin").iterdir()):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < left:
            left -= path.stat().st_size
            shutil.copyfile(path, folder / "usr/bin" / path.name)
    return planted(folder)


def environment(given: str | None) -> str:
    """The Python that has detect-secrets: the one given, or that of an environment made for it."""
    if given:
        return given
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "shelfworthy" / PEER.replace("==", "-")
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", PEER], check=True)
    return str(python)


def ours(folder: Path, files: Sequence[Path]) -> tuple[float, set[str], int]:
    """Seconds, files with something in them, and how much was found in all."""
    began, named, number, bounds = time.perf_counter(), set(), 0, Bounds("secrets")
    for file in files:
        path = file.relative_to(folder).as_posix()
        found = [one for one in secrets_in(file.read_bytes(), 0, path, bounds) if one.sort != "certificate"]
        named |= {path} if found else set()
        number += len(found)
    return time.perf_counter() - began, named, number


def theirs(python: str, folder: Path, files: Sequence[Path]) -> tuple[float, set[str], int]:
    """The same of detect-secrets, by its library, its start not counted."""
    done = subprocess.run(
        [python, "-c", SCAN], input=json.dumps([str(file) for file in files]), capture_output=True, text=True
    )
    seconds, named, number = json.loads(done.stdout)
    return seconds, {Path(name).relative_to(folder).as_posix() for name in named}, number


def command(folder: Path, files: Sequence[Path]) -> tuple[float, set[str], int]:
    """Ours as a program of its own, its start included."""
    task = json.dumps([str(folder), [str(file) for file in files]])
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", OURS], input=task, capture_output=True, text=True, check=True
    )
    named, number = json.loads(done.stdout)
    return time.perf_counter() - began, set(named), number


def beside(folder: Path, files: Sequence[Path], place: Path) -> Iterator[tuple[str, float]]:
    """Who looks for something else in the same bytes, and their seconds."""
    one = place / "all"
    with one.open("wb") as together:
        for file in files:
            together.write(file.read_bytes())
    unblob = [str(Path(sys.executable).with_name("unblob")), "--skip-extraction", "--log", str(place / "log")]
    yield "unblob, looking alone", seconds([*unblob, "-e", str(place / "out"), str(one)])
    if binwalk := shutil.which("binwalk"):
        yield "binwalk", seconds([binwalk, "--quiet", str(one)])
    else:
        print("binwalk is not installed (Debian package binwalk): left out.", file=sys.stderr)
    os.environ["SYFT_CHECK_FOR_APP_UPDATE"] = "false"
    syft = str(syft_of(cache() / "shelfworthy-bench"))
    yield "syft", seconds([syft, f"dir:{folder}", "-o", "json", "-q"])


def seconds(command: Sequence[str]) -> float:
    """How long a program takes that has to succeed."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def row(name: str, who: str, some: Sequence[Path], spent: float, planted: str, number: str) -> Sequence[str]:
    """A line of the table."""
    size = sum(path.stat().st_size for path in some) / 1e6
    return (name, who, str(len(some)), f"{size:.1f}", f"{size / spent:,.1f}", planted, number)


def main(arguments: Sequence[str] = ()) -> None:
    """Time both, count, and keep the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.secrets", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--detect-secrets", metavar="PYTHON")
    given = parser.parse_args(arguments)
    python = environment(given.detect_secrets)
    with tempfile.TemporaryDirectory() as temporary:
        place, folder = Path(temporary), given.folder or Path(temporary) / "root"
        known = set() if given.folder else gathered(folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        texts = [path for path in files if b"\0" not in path.read_bytes()[:8192]]
        rows = []
        for name, some in (("all files", files), ("texts alone", texts)):
            for who, (spent, found, number) in (
                ("ours", ours(folder, some)),
                ("ours, its start included", command(folder, some)),
                (PEER, theirs(python, folder, some)),
            ):
                there = known & {path.relative_to(folder).as_posix() for path in some}
                rows.append(row(name, who, some, spent, f"{len(found & there)} of {len(there)}", str(number)))
        for who, spent in beside(folder, files, place):
            rows.append(row("all files", who, files, spent, "-", "-"))
    keep(
        "secrets",
        "Searching for secrets, beside detect-secrets, unblob, binwalk and syft",
        "Over the same files in the same run. Planted: files with a secret that were found.",
        ("files", "who", "number", "MB", "MB a second", "planted", "found in all"),
        rows,
        "Whether what was found beside what was planted is a secret was not judged here. unblob, binwalk and "
        "syft look for no secrets, but for what is packed in the same bytes or which components these are.",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
