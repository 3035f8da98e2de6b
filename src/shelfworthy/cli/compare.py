"""`shelfworthy compare`: two audits side by side, for example two editions of one product."""

from pathlib import Path
from typing import Annotated

import typer


def compare(
    left: Annotated[Path, typer.Argument(metavar="LEFT", help="A NAME.audit folder.")],
    right: Annotated[Path, typer.Argument(metavar="RIGHT", help="Another.")],
) -> None:
    """Show the verdicts of two audits side by side, each answer with its reason."""
    from shelfworthy.cli.show import show_side_by_side

    show_side_by_side(left, right)
