"""The clock of the tests stands still while others have the processor, and at no other time."""

import multiprocessing
import os
import time

from tests import clock


def busy(until: float) -> None:
    """Do nothing but compute."""
    while time.monotonic() < until:
        pass


def test_others_at_work_do_not_count() -> None:
    whole = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(whole)})  # one processor for all of them
        ends = time.monotonic() + 2
        others = [multiprocessing.get_context("fork").Process(target=busy, args=(ends,)) for _ in range(3)]
        for other in others:
            other.start()
        began, here, computed = time.monotonic(), clock.now(), time.thread_time()
        busy(began + 1)
        took, own, computed = time.monotonic() - began, clock.now() - here, time.thread_time() - computed
        for other in others:
            other.join()
    finally:
        os.sched_setaffinity(0, whole)
    assert own < took * 0.7 if clock.WAITS.exists() else own >= took * 0.99  # where nobody counts, all counts
    assert own > computed * 0.9


def test_computing_and_waiting_count() -> None:
    began = clock.now()
    computed = time.thread_time()
    while time.thread_time() - computed < 0.1:
        pass
    time.sleep(0.1)
    assert clock.now() - began > 0.199
