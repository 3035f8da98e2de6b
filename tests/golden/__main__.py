"""Take the evidence of a release from the lab."""

import shutil
import sys
import tempfile
from pathlib import Path

from shelfworthy.audit.judge import judge
from shelfworthy.model import Level
from shelfworthy.reach import fuse
from shelfworthy.record import load_evidence
from shelfworthy_lab import down, up
from tests.golden import FOLDER, JUDGED_AT, says
from tests.truth import audit

PRODUCTS = (("cloudpets", "2018"), ("cloudpets", "fixed"), ("endpoints", "all"))


def main(version: str) -> None:
    """Write `VERSION/NAME.audit` with `says.json` inside for every lab product."""
    release = FOLDER / version
    if release.exists():
        sys.exit(f"{release.name} was taken already. Golden evidence is never taken again.")
    fuse.arm(lambda host: host.startswith("127."))  # the lab speaks to its own servers between audits
    for name, edition in PRODUCTS:
        folder = release / f"{name}-{edition}.audit"
        with tempfile.TemporaryDirectory() as work:
            instance = up(name, edition, Path(work))
            try:
                audit(instance, Level.USE, folder)
            finally:
                down(name, edition, Path(work))
        shutil.rmtree(folder / "judgements", ignore_errors=True)
        (folder / "says.json").write_bytes(says(judge(load_evidence(folder), JUDGED_AT)))
        print(folder)


if __name__ == "__main__":
    main(sys.argv[1])
