"""Run the slow tests and keep their result, with its date, in tests/slow.md."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    """pytest's exit code; the result is kept whatever it is."""
    return kept("slow", "The slow tests, last run", "slow.md")


def kept(marker: str, title: str, page: str, besides: str = "", where: str = "tests") -> int:
    """Run the tests with that marker in that folder, and keep their results in that page of tests/."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", marker, "-v", "--timeout", "1800", where, *sys.argv[1:]],
        stdout=subprocess.PIPE,
        text=True,
    )
    sys.stdout.write(ran.stdout)
    results = re.findall(r"^(tests/\S+.*?) (PASSED|FAILED|ERROR|SKIPPED)", ran.stdout, flags=re.MULTILINE)
    rows = "\n".join(f"| `{name}` | {result.lower()} |" for name, result in sorted(results))
    (ROOT / "tests" / page).write_text(
        f"# {title}\n\n{datetime.now(UTC):%Y-%m-%d}, by `make test-{marker}`.{besides}\n\n"
        f"| test | result |\n|---|---|\n{rows}\n"
    )
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
