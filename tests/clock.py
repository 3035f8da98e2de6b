"""A clock for tests that ask whether something comes to its end in time, on machines with much else to do."""

import time
from contextlib import suppress
from pathlib import Path

WAITS = Path("/proc/thread-self/schedstat")  # ns on a processor, ns waiting for one, turns: see proc(5)


def now() -> float:
    """Seconds, of which none pass while this thread waits for a processor that somebody else has.

    What is waited for besides (answers, timeouts) counts, and so does what this thread computes.
    """
    waited = 0
    with suppress(OSError):  # a kernel that does not count it
        waited = int(WAITS.read_text().split()[1])
    return time.monotonic() - waited / 1e9
