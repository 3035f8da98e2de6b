"""Who audits the products of a catalogue: this process, or (in `cluster`) workers elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from shelfworthy.audit.clock import now
from shelfworthy.audit.judge import judge_folder
from shelfworthy.audit.one_look import Step
from shelfworthy.audit.whole import look_whole
from shelfworthy.model import Policy, Product, Record
from shelfworthy.reach import Street
from shelfworthy.record import Unreadable, claim, looks_done
from shelfworthy.sandbox.words import crash


class Job(Record, frozen=True):
    """One product to audit. line: in the catalogue. folder: `NAME.audit`, perhaps begun. budget: seconds.

    beside, images: files that are read when it is begun, and not before: there may be many.
    """

    line: int
    folder: Path
    product: Product
    text: bytes
    supplied: dict[str, bytes]
    policy: Policy
    budget: float
    beside: Path = Path()
    images: tuple[str, ...] = ()

    def files(self) -> dict[str, bytes]:
        """All files that come with it. Raises OSError."""
        return self.supplied | {name: (self.beside / name).read_bytes() for name in self.images}


class Done(Record, frozen=True):
    """How a job ended. digest: of the evidence, "" if there is none that is whole; trouble: then why.

    before: an earlier run has done it.
    """

    line: int
    audit: str
    digest: str
    trouble: str = ""
    before: bool = False


class Stop(Exception):
    """No job can be done any more: why, and what to do."""


class Executor(Protocol):
    """Audits products. at_once: how many are worth handing to it at a time."""

    at_once: int

    async def audit(self, job: Job) -> Done:
        """Audit a product into its folder, or say what went wrong. Raises Stop."""
        ...


class Here:
    """This process: all its audits on one street."""

    def __init__(self, at_once: int, street: Street | None = None) -> None:
        self.at_once = at_once
        self._street = street or Street()

    async def audit(self, job: Job) -> Done:
        """Go on with what is begun, else begin."""
        digest, trouble = "", ""
        try:
            digest = await audit_here(job, self._street)
        except (Unreadable, OSError) as why:
            trouble = str(why)
        except Exception as fault:  # a crash of ours over one product must not end the others
            trouble = f"a fault of ours: {crash(fault)}"
        return Done(line=job.line, audit=job.folder.name, digest=digest, trouble=trouble)


async def audit_here(job: Job, street: Street) -> str:
    """Look, seal, judge; the digest of the evidence. Raises Unreadable, OSError."""
    supplied = job.files()
    begun = not claim(job.folder) and (job.folder / "evidence/product.toml").is_file()
    done = looks_done(job.folder, job.text, supplied) if begun else frozenset[tuple[str, str]]()
    try:
        digest = await look_whole(
            job.product,
            job.text,
            supplied,
            job.policy,
            job.folder,
            budget=job.budget,
            tell=_quiet,
            done=done,
            street=street,
        )
    finally:
        supplied.clear()  # what the look leaves to the garbage collector holds on to it, and files are large
    judge_folder(job.folder, now())
    return digest


async def every(jobs: Iterator[Job], executor: Executor) -> AsyncIterator[tuple[Done, ...]]:
    """The ends of all jobs, those that ended meanwhile together. No more jobs are taken than can be begun.

    When the block ends early, what is under way is ended too. Raises Stop.
    """
    ended: asyncio.Queue[Done | None] = asyncio.Queue()

    async def hand() -> None:
        for job in jobs:
            ended.put_nowait(await executor.audit(job))

    async def hands() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(executor.at_once):
                    group.create_task(hand())
        finally:
            ended.put_nowait(None)

    working = asyncio.create_task(hands())
    try:
        last = False
        while not last:
            several = [await ended.get()]
            while not ended.empty():
                several.append(ended.get_nowait())
            last = several[-1] is None
            if found := tuple(done for done in several if done is not None):
                yield found
        await _result(working)
    finally:
        working.cancel()
        with suppress(BaseException):
            await working


async def _result(working: "asyncio.Task[None]") -> None:
    """What ended the hands, if it was not the end of the jobs: the first of it, as it was raised."""
    try:
        await working
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def _quiet(step: Step) -> None:
    """Nobody is told of single looks."""
