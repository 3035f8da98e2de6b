"""Pure work of ours, spread over the machine's cores."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

In = TypeVar("In")
Out = TypeVar("Out")

WORTH_A_CHILD = 64  # items; fewer are done faster here than a child takes to start


class WorkerDied(Exception):
    """A fork was ended before it had done its work: by a limit of the kernel's, for nobody else may."""


def spread(work: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
    """`work` of each item, in their order, on all cores. work: importable, and pure but for its own files."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or len(items) < WORTH_A_CHILD:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("fork" if alone() else "spawn")
    with ProcessPoolExecutor(cores, mp_context=context) as pool:
        yield from pool.map(work, items, chunksize=max(1, min(256, len(items) // (cores * 4))))


def forked(work: Callable[[In], Out], items: Sequence[In], workers: int) -> list[Out]:
    """`work` of each item, in their order, in forks of this process. Raises WorkerDied.

    For a process that has one thread, as a reader's child has.
    """
    try:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            return list(pool.map(work, items))
    except BrokenProcessPool:
        raise WorkerDied from None


def alone() -> bool:
    """Whether this process has one thread, counted by the system; False where that is not Linux.

    Then a child may be a fork of it, and need not import again what is here. Of several threads a fork would
    copy the locks they hold, and nobody would release them.
    """
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False
