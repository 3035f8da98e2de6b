"""What Shelfworthy can answer: the list of checks, and each check's page."""

import textwrap
from typing import Annotated

import typer

from shelfworthy.cli.exits import WrongUsage
from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import Check
from shelfworthy.product.mistakes import nearest
from shelfworthy.report.pages import page

WIDTH = 90  # columns of a page's text


def requirements_of(check: Check) -> list[str]:
    """The requirements a check's answers feed; notes in brackets."""
    found = []
    for name, requirement in five_guidelines().requirements():
        if check.id in requirement.deciding():
            found.append(name)
        elif check.id in requirement.notes:
            found.append(f"({name})")
    return found


def checks() -> None:
    """List every check: what it asks, how far it must look, and which requirements it answers."""
    from shelfworthy.checks import CHECKS

    for check in CHECKS:
        typer.echo(f"{check.id} ({check.level}): {', '.join(requirements_of(check))}")
        typer.echo(f"    {page(check).question}")
    typer.echo("\nIn brackets: reported, never deciding. `shelfworthy explain CHECK` shows the page of one.")


def explain(
    check: Annotated[str, typer.Argument(metavar="CHECK", help="Its id, as `shelfworthy checks` lists it.")],
) -> None:
    """Show a check's page: why it matters, how we look, what it does not show, what to do if it fails."""
    from shelfworthy.checks import BY_ID

    if check not in BY_ID:
        near = nearest(check, BY_ID)
        meant = f' Did you mean "{near}"?' if near else ""
        raise WrongUsage(f"There is no check {check!r}.{meant} `shelfworthy checks` lists them.")
    one = BY_ID[check]
    typer.echo(f"{one.id} (version {one.version}, level {one.level})")
    typer.echo(f"answers: {', '.join(requirements_of(one))}\n")
    found = page(one)
    typer.echo(textwrap.fill(found.question, WIDTH))
    for title, text in found.sections.items():
        typer.echo("\n" + textwrap.fill(f"{title}: {text}", WIDTH))
    typer.echo("\nIt can say:")
    for says, sentence in one.says.items():
        typer.echo(f"  {says}: {sentence}")
