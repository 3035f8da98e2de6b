"""What a folder of real images is answered, beside what is known of them, and how fast.

    python -m benchmarks.firmware FOLDER

FOLDER holds images and `labels.json`: a list of {file, answer}, the answer being `signed…`, `unsigned…`,
`EBL enc…`, or anything else for a container that does not tell. Nothing of it is kept but counts.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.results import keep
from shelfworthy.checks.firmware.firmware_signed import judge
from shelfworthy.model import About, Outcome
from shelfworthy.model.surfaces import Firmware
from shelfworthy.readers.firmware.image import seen_in
from shelfworthy.readers.firmware.keys import Keys

OPEN = "does not tell"
SAYS = {
    Outcome.PASS: "signed",
    Outcome.FAIL: "unsigned",
    Outcome.INCONCLUSIVE: OPEN,
    Outcome.MOOT: "does not arise",
}
MORE = ", and there is more beside it"
RIGHT = {"signed": "signed", "unsigned": "unsigned"}


def main() -> None:
    """Answer, count, and keep the table."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    counts: Counter[tuple[str, str]] = Counter()
    spent = 0.0
    for one in labels:
        content = (folder / one["file"]).read_bytes()
        about = About(surface=Firmware(id="image", where=one["file"]))
        began = time.perf_counter()
        outcomes = {answer.outcome for answer in judge(seen_in(content, Keys()), about)}
        spent += time.perf_counter() - began
        worst = next(one for one in (Outcome.FAIL, *SAYS) if one in outcomes)
        said = SAYS[worst]
        if {Outcome.PASS, Outcome.INCONCLUSIVE} <= outcomes:
            said += MORE
        counts[one["answer"], said] += 1
    rows = [
        (answer, said, str(number), verdict(answer, said))
        for (answer, said), number in sorted(counts.items())
    ]
    speed = f"{len(labels) / spent:,.0f} images a second in one process, judging included"
    wrong, left = (sum(int(row[2]) for row in rows if row[3] == word) for word in ("wrong", "left open"))
    more = sum(number for (_, said), number in counts.items() if said.endswith(MORE))
    keep(
        "firmware",
        f"{len(labels)} real images of products nobody here made",
        "What is known of an image, and what `firmware-signed` says of it.",
        ("known", "answered", "images", ""),
        rows,
        f"Wrong: {wrong}, left open: {left}. In {more} there are bytes of no known format beside what is "
        f"signed: that stays open, and so the answer for the whole file. {speed}. Aim: 200.",
    )


def verdict(answer: str, said: str) -> str:
    """Whether that is right: of a container that does not tell nothing may be claimed."""
    known = RIGHT.get(answer.split("+")[0], OPEN)
    return "right" if said.removesuffix(MORE) == known else "left open" if said == OPEN else "wrong"


if __name__ == "__main__":
    main()
