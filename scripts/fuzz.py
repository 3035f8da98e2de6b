"""Fuzz the readers of firmware for some time, and keep how that went, dated, in tests/fuzz/results.md.

    make fuzz                 ten minutes
    make fuzz SECONDS=60

What was found lies in tests/fuzz/found/ and is replayed by the tests from then on.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
FUZZ = ROOT / "tests" / "fuzz"
LONGEST, MEMORY = 30, 700  # seconds and MiB of one input; the fuzzer's own 200 MiB included


def main() -> int:
    """1 if anything was found."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    before = set((FUZZ / "found").iterdir())
    began, executed, covered, seeds = time.monotonic(), 0, 0, len(list((FUZZ / "corpus").iterdir())) - 1
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary, "corpus")
        shutil.copytree(FUZZ / "corpus", work)
        (work / "keys.pem").unlink()
        while (left := int(seconds - (time.monotonic() - began))) > 0:
            said = fuzz(work, left)
            executed += int(last(r"stat::number_of_executed_units: (\d+)", said))
            covered = max(covered, int(last(r"cov: (\d+)", said)))
        kept = len(list(work.iterdir()))
    found = sorted(set((FUZZ / "found").iterdir()) - before)
    rows = "".join(f"- `{one.name}`\n" for one in found)
    (FUZZ / "results.md").write_text(
        f"# Fuzzing the readers of firmware, last run\n\n{datetime.now(UTC):%Y-%m-%d}, by `make fuzz`: "
        f"{seconds} s, {executed:,} executions from {seeds} specimens; {covered:,} edges of "
        f"`shelfworthy.readers.firmware` and what it imports of ours were reached, {kept} inputs were worth "
        f"keeping while it ran.\n\n{'Found:' if found else 'Nothing was found.'}\n\n{rows}"
        "What earlier runs found lies in `found/` and is replayed by the tests.\n"
    )
    return bool(found)


def fuzz(work: Path, seconds: int) -> str:
    """What the fuzzer says; it ends early only where one input ends the process, which is kept as found."""
    arguments = (
        f"-max_total_time={seconds}",
        f"-timeout={LONGEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={FUZZ / 'found'}/",
        "-print_final_stats=1",
    )
    command = (sys.executable, "-m", "tests.fuzz.harness", str(work), *arguments)
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stderr=subprocess.STDOUT, stdout=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        said = []
        for line in run.stdout:
            said.append(line)
            if re.match(r"FOUND|==|SUMMARY|#\d+\t(INITED|RELOAD|pulse|DONE)|stat::|Traceback|\w*Error", line):
                sys.stdout.write(line)
    return "".join(said)


def last(pattern: str, text: str) -> str:
    """What a pattern's group matched last; "0" for nothing."""
    found: list[str] = re.findall(pattern, text)
    return found[-1] if found else "0"


if __name__ == "__main__":
    sys.exit(main())
