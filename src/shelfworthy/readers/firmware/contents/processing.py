"""unblob's work on an image, file by file, without what nobody asks of it here.

A root file system has thousands of files, and what libmagic says of one takes longer than to look for all
that could be opened in it. It is asked only where its answer may let a file be passed over.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from unblob.finder import build_hyperscan_database
from unblob.models import ProcessResult, Task, TaskResult
from unblob.pool import PoolBase, make_pool
from unblob.processing import ExtractionConfig, Processor
from unblob.report import FileMagicReport, HashReport

HEAD = 4096  # bytes
MOST_AT_ONCE = 32  # tasks
UNASKED = (FileMagicReport, HashReport)
TEXT = re.compile(rb"[\t\n\r -~]*")

Named = str | bytes | os.PathLike[Any]


class Quick(Processor):
    """Does a task; of a file it says what libmagic would say, if that is one of `skip_magic`."""

    def __init__(self, config: ExtractionConfig) -> None:
        super().__init__(config)
        self._ask_magic = self._get_magic
        self._get_magic = self.magic
        self._get_mime_type = nothing

    def magic(self, filename: Named) -> str:
        """As libmagic; of text, in which nothing is passed over, and of programs, without asking it."""
        with Path(os.fsdecode(filename)).open("rb") as file:
            head = file.read(HEAD)
        if head.startswith(b"\x7fELF"):
            return "ELF"
        return "text" if TEXT.fullmatch(head) else str(self._ask_magic(filename))

    def process_tasks(self, tasks: Sequence[Task]) -> list[TaskResult]:
        """Do several. Of what is told of each file only that comes back for which somebody asks."""
        results = list(map(self.process_task, tasks))
        for result in results:
            result.reports = [one for one in result.reports if not isinstance(one, UNASKED)]
        return results


def nothing(filename: Named) -> str:
    """The MIME type of a file, for which nobody asks."""
    return ""


def process(config: ExtractionConfig, image: Path) -> ProcessResult:
    """All that is in an image. Raises WorkerDiedError."""
    build_hyperscan_database(config.handlers)  # remembered, for all workers: they are forked
    whole = ProcessResult()

    def done(pool: PoolBase, results: Sequence[TaskResult]) -> None:
        tasks = [task for result in results for task in result.subtasks]
        several = max(1, min(MOST_AT_ONCE, len(tasks) // (4 * config.process_num)))
        for few in batched(tasks, several):
            pool.submit(few)  # type: ignore[no-untyped-call]
        for result in results:
            whole.register(result)

    handler = Quick(config).process_tasks
    with make_pool(process_num=config.process_num, handler=handler, result_callback=done) as pool:
        pool.submit((Task(blob_id="", path=image, depth=0),))
        pool.process_until_done()
    return whole


def batched(tasks: Sequence[Task], several: int) -> Iterator[Sequence[Task]]:
    """The tasks, some at once: handing one over takes as long as doing a small one."""
    for at in range(0, len(tasks), several):
        yield tasks[at : at + several]
