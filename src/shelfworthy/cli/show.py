"""Print an audit in the format asked for, and keep its HTML report beside the evidence."""

import sys
from enum import StrEnum
from pathlib import Path

from rich.console import Console

from shelfworthy.model import Judgement
from shelfworthy.record import Evidence, load_evidence, write_whole
from shelfworthy.report import html, json, terminal


class Format(StrEnum):
    """Report formats."""

    TERMINAL = "terminal"
    JSON = "json"
    HTML = "html"


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


def _terminal(evidence: Evidence, judgement: Judgement, page: Path) -> None:
    console = Console()
    terminal.report(evidence, judgement, console)
    console.print(f"\nThe whole report: {page}", highlight=False, markup=False, soft_wrap=True)
