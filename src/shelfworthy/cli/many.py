"""Carry out the audit of a catalogue. Apart from `cli.audit`, since it needs everything there is."""

import asyncio
import os
import shlex
import sys
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path

from rich.console import Console

from shelfworthy.audit.catalogue import Catalogue, Hearing, Outcome, audit_catalogue
from shelfworthy.audit.executor import Executor, Here, Stop
from shelfworthy.audit.ledger import Taken
from shelfworthy.cli.audit import ClusterAt
from shelfworthy.cli.estimate import telling_all
from shelfworthy.cli.exits import ALL_MET, NOT_MET, STOPPED, UNDETERMINED, WE_FAILED, WRONG_USAGE, WrongUsage
from shelfworthy.cli.given import operators_policy
from shelfworthy.guidelines import five_guidelines

AT_ONCE = 32


def carry_out_all(
    file: Path, out: Path, policy: Path | None, budget: float, at_once: int | None, at: ClusterAt
) -> int:
    """Audit every product into `out`, and print where the results are; the exit code of the worst answer."""
    # An image is read by a child, which a core is busy with; looking at hosts is mostly waiting for them.
    at_once = at_once or ((os.cpu_count() or 1) + 1 if file.is_dir() else AT_ONCE)
    catalogue = Catalogue(
        file=file,
        out=out,
        policy=operators_policy(policy),
        requirements=tuple(name for name, _ in five_guidelines().requirements()),
        budget=budget,
    )
    messages = Console(stderr=True)
    try:
        with telling_all(messages) as hearing:
            outcome = asyncio.run(_all(catalogue, at_once, at, hearing))
    except (Taken, Stop) as why:
        raise WrongUsage(str(why)) from None
    except KeyboardInterrupt:
        again = shlex.join(["shelfworthy", *sys.argv[1:]])
        words = f"Stopped. What is done is kept in {out}.\nGo on with:  {again}"
        messages.print(words, highlight=False, markup=False, soft_wrap=True)
        return STOPPED
    _summary(outcome)
    return _exit_code(outcome)


async def _all(catalogue: Catalogue, at_once: int, at: ClusterAt, hearing: Hearing) -> Outcome:
    async with _executor(at_once, at) as executor:
        return await audit_catalogue(catalogue, executor, hearing)


def _executor(at_once: int, at: ClusterAt) -> AbstractAsyncContextManager[Executor]:
    if not at.address:
        return nullcontext(Here(at_once))
    from shelfworthy.audit.cluster import joined

    return joined(at.address, ca=at.ca, cert=at.cert, key=at.key, resource=at.resource, at_once=at_once)


def _summary(outcome: Outcome) -> None:
    said = outcome.results
    finished = said.not_met + said.undetermined + said.met
    products = "1 product is" if outcome.products == 1 else f"{outcome.products} products are"
    answers = (
        f"{finished} of {products} audited: {said.not_met} not met, "
        f"{said.undetermined} cannot be determined, {said.met} met."
    )
    lines = [answers]
    if outcome.failed:
        lines.append(f"Could not be audited: {outcome.failed}. The same command tries them again.")
    if outcome.bad:
        lines.append(f"Rows that are wrong and were left out: {outcome.bad}.")
    lines.append(f"Results: {said.path}")
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _exit_code(outcome: Outcome) -> int:
    """The worst of all: we failed, the catalogue is wrong, then what the audits say."""
    if outcome.failed:
        return WE_FAILED
    if outcome.bad:
        return WRONG_USAGE
    if outcome.results.not_met:
        return NOT_MET
    return UNDETERMINED if outcome.results.undetermined else ALL_MET
