"""`shelfworthy compare`: two audits side by side, for example two editions of one product."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from shelfworthy.audit.judge import judge_folder
from shelfworthy.audit.look import now
from shelfworthy.record import load_evidence
from shelfworthy.report import side_by_side


def compare(
    left: Annotated[Path, typer.Argument(metavar="AUDIT", help="A NAME.audit folder.")],
    right: Annotated[Path, typer.Argument(metavar="AUDIT", help="Another.")],
) -> None:
    """Show the verdicts of two audits side by side, each answer with its reason."""
    day = now()
    side_by_side.compare(_side(left, day), _side(right, day), Console())


def _side(folder: Path, day: datetime) -> side_by_side.Side:
    page = (folder / "report.html").absolute().as_uri()
    return side_by_side.Side(folder.stem, load_evidence(folder), judge_folder(folder, day), page)
