"""Run the slow tests and keep their result, with its date, in tests/slow.md."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

KEPT = Path(__file__).parent.parent / "tests" / "slow.md"


def main() -> int:
    """pytest's exit code; the result is kept whatever it is."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "slow", "-v", "--timeout", "1800", *sys.argv[1:]],
        stdout=subprocess.PIPE,
        text=True,
    )
    sys.stdout.write(ran.stdout)
    results = re.findall(r"^(tests/\S+) (PASSED|FAILED|ERROR|SKIPPED)", ran.stdout, flags=re.MULTILINE)
    rows = "\n".join(f"| `{name}` | {result.lower()} |" for name, result in sorted(results))
    KEPT.write_text(
        f"# The slow tests, last run\n\n{datetime.now(UTC):%Y-%m-%d}, by `make test-slow`.\n\n"
        f"| test | result |\n|---|---|\n{rows}\n"
    )
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
