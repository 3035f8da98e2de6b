"""Where the imported data lie. Apart from the rest: every judging asks, and most find that nothing is
there."""

import os
from pathlib import Path

VARIABLE = "SHELFWORTHY_VULNDATA"


class Unusable(Exception):
    """The file of imported data is none of ours, in words with what to do."""


def place() -> Path:
    """Where it lies: what `SHELFWORTHY_VULNDATA` names, else in the user's data folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "shelfworthy" / "vulndata.sqlite"
