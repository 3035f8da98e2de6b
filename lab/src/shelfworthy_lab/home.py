"""Where the lab keeps what it fetches and what it runs, and what it says when it can't."""

import os
from pathlib import Path


class CantRun(Exception):
    """A part that cannot run here; its text says why, for a person."""


def state() -> Path:
    """The folder of the instances: `$SHELFWORTHY_LAB_HOME`, else the XDG state folder."""
    if named := os.environ.get("SHELFWORTHY_LAB_HOME"):
        return Path(named)
    return _xdg("XDG_STATE_HOME", ".local/state")


def parts() -> Path:
    """The folder of fetched programs: `$SHELFWORTHY_LAB_PARTS`, else `parts/` in the XDG cache.

    Not below `state()`: tests run in fresh states and should not fetch 300 MB for each.
    """
    if named := os.environ.get("SHELFWORTHY_LAB_PARTS"):
        return Path(named)
    return _xdg("XDG_CACHE_HOME", ".cache") / "parts"


def _xdg(variable: str, below_home: str) -> Path:
    base = os.environ.get(variable)
    return (Path(base) if base else Path.home() / below_home) / "shelfworthy-lab"
