"""`shelfworthy due`: what of audits to look at again, and when."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.audit.clock import now
from shelfworthy.cli.again import At, Audits, day
from shelfworthy.cli.formats import DueFormat

By = Annotated[
    datetime | None,
    typer.Option(metavar="DATE", parser=day, help="Leave out what is good beyond the end of this day."),
]
Form = Annotated[DueFormat, typer.Option("--format", help="What to print on standard output.")]


def due(audits: Audits, by: By = None, at: At = None, form: Form = DueFormat.TERMINAL) -> None:
    """List what to look at again, with which probe, and when: soonest first.

    Every observation has a shelf life, and some answers say themselves until when they hold. What nobody saw
    whole is due at once, unless a permission, a tool, a file or a person is missing first: the report says
    which. Nothing is contacted.
    """
    from rich.console import Console

    from shelfworthy.audit.due import due_in
    from shelfworthy.report import due as report
    from shelfworthy.report import json

    found = report.due_list({str(audit): due_in(Path(audit)) for audit in audits}, at or now(), by)
    if form is DueFormat.JSON:
        sys.stdout.write(json.due(found).decode() + "\n")
    elif sys.stdout.isatty():
        report.show(found, Console())
    else:
        sys.stdout.write(report.text(found) + "\n")
