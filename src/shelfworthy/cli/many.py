"""Judge many audits on all cores. Apart from the commands: the children import no more than this."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from shelfworthy.audit.judge import judge_folder
from shelfworthy.cli.exits import WE_FAILED, exit_code
from shelfworthy.record import Unreadable
from shelfworthy.sandbox import spread


def judged(audits: Sequence[Path], at: datetime) -> Iterator[tuple[int, str]]:
    """Of each audit, in their order: its exit code, and its answers in a line."""
    return spread(partial(_one, at), audits)


def _one(at: datetime, audit: Path) -> tuple[int, str]:
    try:
        verdict = judge_folder(audit, at).verdict
    except Unreadable as error:
        return WE_FAILED, str(error)
    answers = [f"{name} {said.answer}" for name, said in verdict.guidelines.items()]
    answers += [f"{name} {said.answer}" for name, said in verdict.exposures.items()]
    return exit_code(verdict), ", ".join(answers)
