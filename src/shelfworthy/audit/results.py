"""The results of a catalogue in one file, written from the audits alone: the same audits, the same bytes.

`results.csv` or `results.jsonl`, as the catalogue is: each finished product in its order, with the five
answers and the exposures of its newest judgement, its folder, and the digests that name evidence and rules.
"""

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

import msgspec
from msgspec import Struct

from shelfworthy.audit.clock import now
from shelfworthy.audit.judge import judge_folder, our_court
from shelfworthy.guidelines.plan import EXPOSURE
from shelfworthy.model import Record, Standing, Verdict, canonical
from shelfworthy.product.catalogue import CSV
from shelfworthy.product.row import Row
from shelfworthy.record import judgements

# What a spreadsheet would take for a formula: a product's name is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Result(Record, frozen=True):
    """One product. line: in the catalogue. answers: of guidelines and exposures, by their names."""

    line: int
    product: str
    vendor: str
    model: str
    gtin: str
    answers: dict[str, Standing]
    audit: str
    evidence_digest: str
    rules_digest: str
    judged_at: datetime


class Results(Struct, frozen=True):
    """What was written, and of how many products each thing is the worst that was said."""

    path: Path
    not_met: int
    undetermined: int
    met: int


def write_results(out: Path, suffix: str, finished: Iterable[tuple[Row, Path, str]]) -> Results:
    """Write `results` + suffix. finished: row, folder and evidence digest. Raises Unreadable, OSError."""
    path = out / f"results{suffix}"
    unfinished = path.with_name(f".{path.name}.part")
    counted = dict.fromkeys((Standing.NOT_MET, Standing.CANNOT_DETERMINE, Standing.MET), 0)
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        write = _csv_into(file) if suffix == CSV else _json_into(file)
        for one, said in _results(finished):
            counted[said] += 1
            write(one)
    os.replace(unfinished, path)
    return Results(path, *counted.values())


def _csv_into(file: TextIO) -> Callable[[Result], None]:
    rules = our_court().rules
    asked = [*rules.guideline, *(f"{EXPOSURE}.{name}" for name in rules.requirement[EXPOSURE])]
    plain = [name for name in Result.__struct_fields__ if name != "answers"]
    write = csv.writer(file, lineterminator="\n").writerow
    write([*plain, *asked])

    def row(result: Result) -> None:
        cells = msgspec.to_builtins(result)
        answers = cells.pop("answers")
        write([_text(cells[name]) for name in plain] + [answers.get(name, "") for name in asked])

    return row


def _text(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _json_into(file: TextIO) -> Callable[[Result], None]:
    def line(result: Result) -> None:
        file.write(canonical(result).decode() + "\n")

    return line


def _results(finished: Iterable[tuple[Row, Path, str]]) -> Iterator[tuple[Result, Standing]]:
    for row, folder, evidence in finished:
        judgement = (judgements(folder) or (judge_folder(folder, now()),))[-1]  # somebody may have taken it
        verdict = judgement.verdict
        sold = row.product.product
        result = Result(
            line=row.line,
            product=sold.name,
            vendor=sold.vendor,
            model=sold.model,
            gtin=sold.gtin,
            answers={name: said.answer for name, said in (verdict.guidelines | verdict.exposures).items()},
            audit=folder.name,
            evidence_digest=evidence,
            rules_digest=judgement.rules_digest,
            judged_at=judgement.judged_at,
        )
        yield result, worst(verdict)


def worst(verdict: Verdict) -> Standing:
    """What decides the exit code: an exposure counts where it is there, not where nobody can tell."""
    guidelines = {said.answer for said in verdict.guidelines.values()}
    if Standing.NOT_MET in guidelines | {said.answer for said in verdict.exposures.values()}:
        return Standing.NOT_MET
    return Standing.CANNOT_DETERMINE if Standing.CANNOT_DETERMINE in guidelines else Standing.MET
