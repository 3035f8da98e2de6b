"""Judge audits for a command. Apart from the commands: the children of many import no more than this."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from shelfworthy.audit.judge import NotYet, judge_folder
from shelfworthy.cli.exits import WE_FAILED, WRONG_USAGE, WrongUsage, exit_code, failed
from shelfworthy.model import Judgement
from shelfworthy.product.mistakes import BadFile
from shelfworthy.record import CannotRedact, Unreadable
from shelfworthy.sandbox.spread import spread
from shelfworthy.vulndata.place import Unusable


def judged(audit: Path, at: datetime, *, chosen: bool) -> Judgement:
    """As of a time. chosen: it was given; WrongUsage if there was no evidence yet. Raises Unreadable."""
    try:
        return judge_folder(audit, at, chosen=chosen)
    except NotYet as early:
        first = early.first
        raise WrongUsage(
            f"{audit}: there was no evidence yet at {at:%Y-%m-%dT%H:%M:%SZ}. "
            f"Its first look began at {first:%Y-%m-%dT%H:%M:%SZ}: give --at {first:%Y-%m-%d} or later."
        ) from None


def many_judged(audits: Sequence[Path], at: datetime, *, chosen: bool) -> Iterator[tuple[int, str]]:
    """Of each audit, in their order: its exit code, and its answers in a line, which names it."""
    return spread(partial(_line, at, chosen), audits)


def _line(at: datetime, chosen: bool, audit: Path) -> tuple[int, str]:
    try:
        verdict = judged(audit, at, chosen=chosen).verdict
    except (Unreadable, BadFile, CannotRedact, WrongUsage, Unusable) as mistake:
        return WRONG_USAGE, str(mistake)
    except OSError as error:
        return WE_FAILED, failed(error)
    answers = [f"{name} {said.answer}" for name, said in verdict.guidelines.items()]
    answers += [f"{name} {said.answer}" for name, said in verdict.exposures.items()]
    return exit_code(verdict), f"{audit}: {', '.join(answers)}"
