"""Carry out an audit that was asked for. Apart from `cli.audit`, since it needs everything there is."""

import asyncio
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from shelfworthy.audit.clock import now
from shelfworthy.audit.look import ways
from shelfworthy.audit.whole import look_whole
from shelfworthy.cli.exits import STOPPED, exit_code
from shelfworthy.cli.formats import Format
from shelfworthy.cli.given import Given
from shelfworthy.cli.progress import telling
from shelfworthy.product.read import stale
from shelfworthy.record import close


def carry_out(
    given: Given,
    folder: Path,
    budget: float,
    form: Format,
    done: frozenset[tuple[str, str]],
    *,
    keep_artefacts: bool = False,
) -> int:
    """Look, keep what was seen in `folder`, judge, report; the exit code. done: see `audit.look.look`."""
    messages = Console(stderr=True)
    for words in stale(given.product, datetime.now(UTC).date()):
        messages.print(words, highlight=False, markup=False)
    try:
        asyncio.run(_look(given, folder, budget, messages, done, keep_artefacts))
    except KeyboardInterrupt:
        close(folder)
        words = f"Stopped. What was seen is kept in {folder}.\nGo on with:  {go_on(sys.argv[1:], folder)}"
        messages.print(words, highlight=False, markup=False, soft_wrap=True)  # a command is copied whole
        return STOPPED
    from shelfworthy.audit.judge import judge_folder
    from shelfworthy.cli.show import show

    judgement = judge_folder(folder, now())
    show(folder, judgement, form)
    return exit_code(judgement.verdict)


def prepare() -> None:
    """Import what judges and reports, and prepare it: a third of a second, while others are waited for."""
    from shelfworthy.cli.show import prepare as prepare_report

    prepare_report()


def go_on(arguments: list[str], folder: Path) -> str:
    """The command that goes on where this one was stopped."""
    kept = [argument for argument in arguments if not argument.startswith(("--out=", "--resume="))]
    for option in ("--out", "--resume"):
        if option in kept:
            del kept[kept.index(option) : kept.index(option) + 2]
    return shlex.join(["shelfworthy", *kept, "--resume", str(folder)])


async def _look(
    given: Given,
    folder: Path,
    budget: float,
    messages: Console,
    done: frozenset[tuple[str, str]],
    keep_artefacts: bool,
) -> None:
    asyncio.get_running_loop().run_in_executor(None, prepare)
    looks = sum(1 for _ in ways(given.product.surface, done))
    with telling(messages, looks) as tell:
        await look_whole(
            given.product,
            given.text,
            given.supplied,
            given.policy,
            folder,
            budget=budget,
            tell=tell,
            done=done,
            keep_artefacts=keep_artefacts,
        )
