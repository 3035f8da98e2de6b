"""Print audits in the format asked for. Apart from the commands, since it needs every report there is."""

import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console

from shelfworthy.audit.clock import now
from shelfworthy.cli.formats import DiffFormat, Format
from shelfworthy.cli.judging import judged
from shelfworthy.discovery.known import registered
from shelfworthy.model import Judgement
from shelfworthy.record import Evidence, load_evidence, write_whole
from shelfworthy.report import cyclonedx, diff, html, json, side_by_side, terminal


def prepare() -> None:
    """Do what every report needs and can be done before there is anything to report."""
    html.prepare()
    registered("example.com")  # reads the list of public suffixes


def show(folder: Path, judgement: Judgement, form: Format) -> None:
    """Print the report; `NAME.audit/report.html` is written in any case. Raises Unreadable."""
    evidence = load_evidence(folder)
    page = html.report(evidence, judgement)
    written = folder / "report.html"
    write_whole(written, page.encode())
    match form:
        case Format.TERMINAL:
            _terminal(evidence, judgement, written)
        case Format.JSON:
            sys.stdout.write(json.report(evidence, judgement).decode() + "\n")
        case Format.HTML:
            sys.stdout.write(page)
        case Format.CYCLONEDX:
            sys.stdout.write(cyclonedx.report(evidence).decode() + "\n")


def _terminal(evidence: Evidence, judgement: Judgement, page: Path) -> None:
    console = Console()
    terminal.report(evidence, judgement, console)
    console.print(f"\nThe whole report: {page}", highlight=False, markup=False, soft_wrap=True)


def show_side_by_side(left: Path, right: Path) -> None:
    """Print the verdicts of two audits, judged now, side by side. Raises Unreadable."""
    day = now()
    side_by_side.compare(_side(left, day), _side(right, day), Console())


def _side(folder: Path, day: datetime) -> side_by_side.Side:
    page = (folder / "report.html").absolute().as_uri()
    return side_by_side.Side(folder.stem, load_evidence(folder), judged(folder, day, chosen=False), page)


def show_difference(old: Path, new: Path, at: datetime, form: DiffFormat, *, chosen: bool) -> bool:
    """Print what differs between two audits as of a time; whether anything does. See `cli.judging.judged`."""
    sides = [(load_evidence(folder), judged(folder, at, chosen=chosen)) for folder in (old, new)]
    found = diff.diff(*sides[0], *sides[1])
    sys.stdout.write(
        (json.difference(found).decode() if form is DiffFormat.JSON else diff.text(found)) + "\n"
    )
    return not found.same
