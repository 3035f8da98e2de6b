"""Fetch what only npm has, by the lock in `npm/NAME/`: every package's version and hash, and no address.

npm runs in the node of `parts.toml` and asks whichever registry this machine's npm is set up with. Scripts of
packages are not run. To pin anew, in a copy of `npm/NAME`:
npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
"""

import hashlib
import subprocess
from importlib.resources import files
from pathlib import Path

from shelfworthy_lab.home import CantRun

LOCK = "package-lock.json"


def digest(name: str) -> str:
    """The SHA-256 of a lock, in hexadecimal: another lock is another part."""
    return hashlib.sha256(pinned(name, LOCK)).hexdigest()


def install(name: str, into: Path, node: Path, seconds: float) -> None:
    """Fetch what a lock names into `node_modules` of a folder. Raises `CantRun`."""
    for file in ("package.json", LOCK):
        (into / file).write_bytes(pinned(name, file))
    command = [str(node / "node"), str(node / "npm" / "bin" / "npm-cli.js"), "ci", "--ignore-scripts"]
    command += ["--omit=dev", "--no-audit", "--no-fund", "--cache", str(into.parent / "cache")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=into, timeout=seconds, check=False)
    except OSError as error:
        raise CantRun(f"node does not start here: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise CantRun(f"{name} did not arrive within {seconds:.0f} s") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        raise CantRun(f"could not fetch {name}: {' / '.join(lines[:3]) or done.stderr.strip()[-400:]}")


def pinned(name: str, file: str) -> bytes:
    return files("shelfworthy_lab").joinpath("npm", name, file).read_bytes()
