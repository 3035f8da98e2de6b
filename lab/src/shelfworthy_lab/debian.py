"""Programs that the lab takes from the machine, where they lie whoever starts them."""

import os
import shutil
from pathlib import Path

from shelfworthy_lab.home import CantRun

PLACES = ("/usr/bin", "/usr/sbin", "/bin", "/sbin")  # the second is not in everybody's PATH


def program(name: str, package: str) -> Path:
    """Where a program of a Debian package lies. Raises `CantRun`."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *PLACES]))
    if found is None:
        raise CantRun(f"needs the Debian package {package}")
    return Path(found)
