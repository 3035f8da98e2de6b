"""Judge many audits again in a fresh process: cold, and with what the checks said remembered.

    python -m benchmarks.judging [NUMBER]        default 10,000

The audits are copies of one real audit of the lab's 2018 edition (the product's name differs, so each is
another product). Cold means no answers are remembered; the files may be in the system's cache both times.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.truth import audit

from benchmarks.results import keep
from shelfworthy.audit.judge import judge_folder
from shelfworthy.model import Level
from shelfworthy.record import close, load_evidence
from shelfworthy_lab import down, up

ONCE = """
import sys
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from shelfworthy.audit.judge import judge_folder
from shelfworthy.sandbox import spread
if __name__ == "__main__":
    folders = sorted(Path(sys.argv[1]).glob("*.audit"))
    at = datetime(2026, 11, 21, 23, 59, 59, tzinfo=timezone.utc)
    judged = sum(1 for _ in spread(partial(judge_folder, at=at), folders))
    assert judged == len(folders), judged
"""


def template(folder: Path) -> Path:
    """One real audit."""
    instance = up("cloudpets", "2018", folder)
    try:
        audit(instance, Level.USE, folder / "template.audit")
    finally:
        down("cloudpets", "2018", folder)
    return folder / "template.audit"


def multiply(template: Path, folder: Path, number: int) -> None:
    """Copies of an audit, each of another product. Attachments are left out: judging does not read them."""
    text = (template / "evidence" / "product.toml").read_text()
    parts = ("observations", "gaps", "looks", "supplied")
    files = [path for part in parts for path in (template / "evidence" / part).glob("*")]
    contents = [(path.relative_to(template / "evidence"), path.read_bytes()) for path in files]
    for index in range(number):
        evidence = folder / f"{index:05}.audit" / "evidence"
        for part in parts:
            (evidence / part).mkdir(parents=True)
        for name, content in contents:
            (evidence / name).write_bytes(content)
        (evidence / "product.toml").write_text(text.replace("MurmurPal Bear", f"MurmurPal Bear {index}"))
        close(evidence.parent)


def timed(folder: Path) -> float:
    """Seconds a fresh process takes to judge all audits of a folder."""
    script = folder.parent / "once.py"
    script.write_text(ONCE)
    began = time.monotonic()
    subprocess.run([sys.executable, script, folder], check=True)
    return time.monotonic() - began


def main() -> None:
    """Measure and keep the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        real = template(work)
        evidence, findings = load_evidence(real), judge_folder(real, datetime.now(UTC)).findings
        many = work / "many"
        multiply(real, many, number)
        cold, again = timed(many), [timed(many) for _ in range(3)]
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        shutil.rmtree(many)
    cached = sorted(again)[1]
    keep(
        "judging",
        f"Judging {number:,} audits again",
        f"{len(evidence.observations)} observations and {len(findings)} findings each, in a fresh process. "
        f"cached: median of {len(again)}.",
        ("run", "seconds", "audits a second", "to cold"),
        [
            ("cold", f"{cold:.1f}", f"{number / cold:,.0f}", "1.00"),
            ("cached", f"{cached:.1f}", f"{number / cached:,.0f}", f"{cached / cold:.2f}"),
        ],
        f"Peak memory of one process: {memory:.0f} MB. Aim: cached under 5 s for 10,000.",
    )


if __name__ == "__main__":
    main()
