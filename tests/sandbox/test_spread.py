"""Work that is spread comes back whole and in order, from children, with and without other threads here."""

import os
import subprocess
import sys

import pytest

from shelfworthy.sandbox.spread import WORTH_A_CHILD, spread

MANY = 4 * WORTH_A_CHILD
# In a process of its own: the one that runs the tests has threads of the tests' making.
SCRIPT = """
import os, sys, threading
from shelfworthy.sandbox import spread
from tests.sandbox.test_spread import MANY, by
done = threading.Event()
if sys.argv[1] == "threads":
    threading.Thread(target=done.wait).start()
print("before ", end="")  # lies in a buffer: a child must not write it, too
alone = spread.alone()  # asked first: the pool's own threads may be gone for us and not yet for the system
numbers, children = zip(*spread.spread(by, range(MANY)))
done.set()
print(alone, list(numbers) == list(range(MANY)), os.getpid() not in children)
"""


def by(number: int) -> tuple[int, int]:
    """The number, and who has seen it."""
    return number, os.getpid()


@pytest.mark.parametrize(("threads", "alone"), [("no threads", True), ("threads", False)])
@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="forks are for Linux alone")
def test_children_do_all_of_it_in_order(threads: str, alone: bool) -> None:
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("one core: there is nobody to spread it to")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, threads], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == f"before {alone} True True\n"


def test_little_is_done_here() -> None:
    assert list(spread(by, range(WORTH_A_CHILD - 1))) == [
        (number, os.getpid()) for number in range(WORTH_A_CHILD - 1)
    ]
