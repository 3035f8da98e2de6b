"""What is imported when: help and wrong usage need little, and the children of `judge` no report."""

import subprocess
import sys

import pytest

WORK = {
    "asyncio",
    "cryptography",
    "jinja2",
    "rich",
    "shelfworthy.checks",
    "shelfworthy.probes",
    "shelfworthy.report.html",
}
LOOKING_AND_SHOWING = {"asyncio", "jinja2", "shelfworthy.probes", "shelfworthy.report.html"}


def imported(module: str) -> set[str]:
    """The names of all modules a fresh Python has after importing one."""
    ask = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "unneeded"), [("shelfworthy.cli", WORK), ("shelfworthy.cli.judging", LOOKING_AND_SHOWING)]
)
def test_only_what_is_needed_is_imported(module: str, unneeded: set[str]) -> None:
    there = imported(module)
    assert module in there
    assert there & unneeded == set()


def test_an_audit_does_import_all_of_it_some_while_it_waits() -> None:
    looking = imported("shelfworthy.cli.auditing")
    assert "shelfworthy.probes" in looking
    assert looking & {"jinja2", "shelfworthy.checks", "shelfworthy.report.html"} == set()
    assert looking | imported("shelfworthy.cli.show") >= WORK
