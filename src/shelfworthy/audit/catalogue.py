"""Audit a catalogue: every product once, none lost, whenever it is stopped and begun again.

1. Survey: every row is read, and every paper its product file names; what is wrong is told before anybody is
   contacted, and how many there are.
2. Each row's product is audited into `NAME.audit`, so many at once, on one street (`reach.street`).
3. A product is finished when its evidence is sealed, judged, and its line in the ledger is on disk. A run
   that is begun again leaves out what is finished, goes on with what was begun, and begins the rest.
4. At the end the results are written anew from the audits alone.
Rows are never all in memory; of a finished product there is a number in the ledger.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct

from shelfworthy.audit.clock import now
from shelfworthy.audit.executor import Done, Executor, Job, every
from shelfworthy.audit.ledger import Ledger
from shelfworthy.audit.results import Results, write_results
from shelfworthy.model import Policy, digest
from shelfworthy.product.catalogue import CSV, rows
from shelfworthy.product.mistakes import BadFile, Mistake, quoted
from shelfworthy.product.papers import check_papers
from shelfworthy.product.row import ID, PRODUCT, Row
from shelfworthy.record.store import read_if_there


class Hearing(Struct, frozen=True):
    """Who is told: of each row that is wrong, of how many products there are, and of each that ended."""

    wrong: Callable[[BadFile], None]
    surveyed: Callable[[int], None]
    ended: Callable[[Done], None]


class Survey(Struct, frozen=True):
    """What a catalogue holds. products: rows that can be audited. bad: lines of those that cannot."""

    products: int
    bad: frozenset[int]


class Catalogue(Struct, frozen=True):
    """What is to be done. requirements: that can be declared. budget: seconds for each product."""

    file: Path
    out: Path
    policy: Policy
    requirements: tuple[str, ...]
    budget: float

    @property
    def form(self) -> str:
        """How the results are written: as the catalogue is; those of a folder as CSV."""
        return CSV if self.file.is_dir() else self.file.suffix.lower()

    def folder(self, row: Row) -> Path:
        return self.out / f"{row.name}.audit"


class Outcome(Struct, frozen=True):
    """What came of it. bad: rows that are wrong. failed: products that could not be audited whole."""

    products: int
    bad: int
    failed: int
    results: Results


async def audit_catalogue(catalogue: Catalogue, executor: Executor, hearing: Hearing) -> Outcome:
    """Do all of it, or go on with it. Raises BadFile, Taken, Unreadable, OSError, Stop."""
    with Ledger(catalogue.out) as ledger:
        found = await survey(catalogue, hearing.wrong)
        hearing.surveyed(found.products)
        failed = 0
        async for several in every(jobs(catalogue, found, ledger, hearing), executor):
            await asyncio.to_thread(ledger.keep, several)
            for done in several:
                failed += not done.digest
                hearing.ended(done)
        good = (row for row in rows(catalogue.file, catalogue.requirements) if isinstance(row, Row))
        listed = ((row, catalogue.folder(row)) for row in good if row.line not in found.bad)
        done_now = ((row, folder, digest) for row, folder in listed if (digest := ledger.finished(folder)))
        results = write_results(catalogue.out, catalogue.form, done_now)
    return Outcome(found.products, len(found.bad), failed, results)


async def survey(catalogue: Catalogue, wrong: Callable[[BadFile], None]) -> Survey:
    """Read all rows once. Raises BadFile where there is no catalogue to read."""
    products = 0
    today = now().date()
    bad: set[int] = set()
    names: set[int] = set()
    for row in rows(catalogue.file, catalogue.requirements):
        await asyncio.sleep(0)  # a million rows take minutes, and Ctrl-C is heard in between
        mistake = row if isinstance(row, BadFile) else _mistake(row, catalogue, names, today)
        if mistake is None:
            products += 1
        else:
            bad.add(mistake.mistakes[0].line)
            wrong(mistake)
    return Survey(products, frozenset(bad))


def jobs(catalogue: Catalogue, found: Survey, ledger: Ledger, hearing: Hearing) -> Iterator[Job]:
    """What is not finished yet, in the order of the catalogue."""
    for row in rows(catalogue.file, catalogue.requirements):
        if isinstance(row, BadFile) or row.line in found.bad:
            continue
        folder = catalogue.folder(row)
        if before := ledger.finished(folder):
            hearing.ended(Done(line=row.line, audit=folder.name, digest=before, before=True))
            continue
        yield Job(
            line=row.line,
            folder=folder,
            product=row.product,
            text=row.text,
            supplied=row.supplied,
            policy=catalogue.policy,
            budget=catalogue.budget,
            beside=row.beside,
            images=row.images,
        )


def _mistake(row: Row, catalogue: Catalogue, names: set[int], today: date) -> BadFile | None:
    """What is wrong with a row that was understood: first with its own papers, then because of others."""
    try:
        check_papers(row.product, row.supplied, row.beside, today)
    except BadFile as bad:
        return BadFile(
            Mistake(
                file=str(catalogue.file), line=row.line, key=PRODUCT, found=str(mistake).removesuffix(".")
            )
            for mistake in bad.mistakes
        )
    return _taken(row, catalogue, names)


def _taken(row: Row, catalogue: Catalogue, names: set[int]) -> BadFile | None:
    """What is wrong with a row because of other products: before it, or in the folder it would have."""
    folder = catalogue.folder(row)
    name = int(digest(row.name.encode())[:16], 16)
    begun = read_if_there(folder / "evidence/product.toml")
    if name in names:
        found = f"{quoted(folder.name)} is the folder of a product before it"
    elif begun is not None and begun != row.text:
        found = f"{folder} holds an audit of another product, or of this one before its row was changed"
    else:
        names.add(name)
        return None
    expected = "Give each product an id of its own, or audit into another --out."
    mistake = Mistake(file=str(catalogue.file), line=row.line, key=ID, found=found, expected=expected)
    return BadFile([mistake])
