"""Judge many audits again with `shelfworthy judge`: cold, and with what the checks said remembered.

    python -m benchmarks.judging [NUMBER]        default 10,000

The audits are copies of one real audit of some surfaces of the lab's 2018 edition, so many that there are 12
observations; the product's name differs, so each is another product. Cold means no answers are
remembered; the files may be in the system's cache every time.
"""

import shutil
import statistics
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from tests.truth import audit

from benchmarks.command import Run, run
from benchmarks.results import keep
from shelfworthy.audit.judge import judge
from shelfworthy.cli.exits import NOT_MET
from shelfworthy.model import Level
from shelfworthy.product.read import read_product
from shelfworthy.product.write import product_toml
from shelfworthy.record import close, load_evidence
from shelfworthy_lab import down, up

KEPT = ("records", "recordings", "parents", "www", "reports")
NAME = "MurmurPal Bear"
ROUNDS = 5


def template(folder: Path) -> Path:
    """One real audit."""
    instance = up("cloudpets", "2018", folder)
    product = read_product(instance.product)
    fewer = tuple(surface for surface in product.surface if surface.id in KEPT)
    instance.product.write_text(product_toml(replace(product, surface=fewer)))
    try:
        audit(instance, Level.USE, folder / "template.audit")
    finally:
        down("cloudpets", "2018", folder)
    return folder / "template.audit"


def multiply(template: Path, folder: Path, number: int) -> None:
    """Copies of an audit, each of another product. Attachments are left out: judging does not read them."""
    text = (template / "evidence" / "product.toml").read_text()
    assert text.count(NAME) == 1
    parts = ("observations", "gaps", "looks", "supplied")
    files = [path for part in parts for path in (template / "evidence" / part).glob("*")]
    contents = [(path.relative_to(template / "evidence"), path.read_bytes()) for path in files]
    for index in range(number):
        evidence = folder / f"{index:05}.audit" / "evidence"
        for part in parts:
            (evidence / part).mkdir(parents=True)
        for name, content in contents:
            (evidence / name).write_bytes(content)
        (evidence / "product.toml").write_text(text.replace(NAME, f"{NAME} {index}"))
        close(evidence.parent)


def timed(work: Path, folder: Path, day: date) -> Run:
    """Judge all audits of a folder as of that day, with one command."""
    audits = sorted(path.name for path in folder.glob("*.audit"))
    done = run(work, NOT_MET, "judge", "--at", day.isoformat(), *audits, cwd=folder)
    assert [line.partition(": ")[0] for line in done.out] == audits
    return done._replace(out=[])  # a child begins with the memory of its parent: ours stays small


def main() -> None:
    """Measure and keep the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        real = template(work)
        evidence = load_evidence(real)
        findings = judge(evidence, datetime.now(UTC)).findings
        many = work / "many"
        multiply(real, many, number)
        today = datetime.now(UTC).date()
        cold = timed(work, many, today)
        again = [timed(work, many, today) for _ in range(ROUNDS)]
        other = [timed(work, many, today + timedelta(days=later + 1)) for later in range(ROUNDS)]
        shutil.rmtree(many)
    runs = {"cold": [cold], "cached, the same day": again, "cached, another day": other}
    memory = max(one.memory for several in runs.values() for one in several)
    keep(
        "judging",
        f"Judging {number:,} audits again",
        f"{len(evidence.observations)} observations and {len(findings)} findings each; the whole command "
        f"`shelfworthy judge`, its start included; cached: median of {ROUNDS}. The same day gives the same "
        "judgements, which are compared with those on disk; another day gives others, which are written.",
        ("run", "seconds", "CPU s", "audits a second", "to cold"),
        [row(name, several, number, cold) for name, several in runs.items()],
        f"Peak memory of one process: {memory:.0f} MB. Aim: cached under 5 s for 10,000.",
    )


def row(name: str, runs: list[Run], number: int, cold: Run) -> tuple[str, ...]:
    """What they came to."""
    wall = statistics.median(one.wall for one in runs)
    cpu = statistics.median(one.cpu for one in runs)
    return name, f"{wall:.1f}", f"{cpu:.1f}", f"{number / wall:,.0f}", f"{wall / cold.wall:.2f}"


if __name__ == "__main__":
    main()
