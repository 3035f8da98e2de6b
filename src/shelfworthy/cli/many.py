"""Judge many audits on all cores. Apart from the commands: the children import no more than this."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from shelfworthy.audit.judge import judge_folder
from shelfworthy.cli.day import has_begun
from shelfworthy.cli.exits import WE_FAILED, WRONG_USAGE, WrongUsage, exit_code, failed
from shelfworthy.product.mistakes import BadFile
from shelfworthy.record import CannotRedact, Unreadable
from shelfworthy.sandbox import spread


def judged(audits: Sequence[Path], at: datetime, *, wanted: bool) -> Iterator[tuple[int, str]]:
    """Of each audit, in their order: its exit code, and its answers in a line, which names it.

    wanted: whether somebody chose the time; it must not lie before the evidence then.
    """
    return spread(partial(_one, at, wanted), audits)


def _one(at: datetime, wanted: bool, audit: Path) -> tuple[int, str]:
    try:
        if wanted:
            has_begun(audit, at)
        verdict = judge_folder(audit, at).verdict
    except (Unreadable, BadFile, CannotRedact, WrongUsage) as mistake:
        return WRONG_USAGE, str(mistake)
    except OSError as error:
        return WE_FAILED, failed(error)
    answers = [f"{name} {said.answer}" for name, said in verdict.guidelines.items()]
    answers += [f"{name} {said.answer}" for name, said in verdict.exposures.items()]
    return exit_code(verdict), f"{audit}: {', '.join(answers)}"
