"""The auditor inside of the guest, over `hci-socket:`: Linux drives its controller, as it would a dongle."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.bluez import said
from tests.bluez.guest import DEBIAN_PYTHON, booted, lacking
from tests.needs import missing

EDITION = "just-works"  # as in inside/here.py
WITHIN = 900.0  # seconds; Python is slow in there

pytestmark = [pytest.mark.bluez, pytest.mark.timeout(1500)]


def test_over_linux_own_adapter_the_checks_answer_the_same(tmp_path: Path) -> None:
    if lacks := lacking():
        missing(f"the Debian packages {lacks}")
    version = subprocess.run([DEBIAN_PYTHON, "--version"], capture_output=True, text=True, check=True).stdout
    if version.split(".")[1] != str(sys.version_info[1]):
        missing(f"packages for {version.strip()}, Debian's own")
    given: dict[str, set[str]] = defaultdict(set)
    with booted(tmp_path, "here") as guest:
        for line in guest.answered(WITHIN):
            check, outcome, *_ = line.split()
            given[check].add(outcome)
    expected = said.expected("owl")[EDITION]["checks"]
    assert said.answers(given, expected) == expected
