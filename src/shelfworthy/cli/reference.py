"""`shelfworthy reference`: data that decides answers and is made on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.cli.again import Audits
from shelfworthy.cli.command import OurCommand
from shelfworthy.cli.exits import WrongUsage

reference = typer.Typer(name="reference", no_args_is_help=True, rich_markup_mode=None)

Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the table here; audits on this machine do not use it then."),
]


@reference.callback()
def about() -> None:
    """Make data that decides answers."""


@reference.command(cls=OurCommand)
def build(audits: Audits, out: Out = None) -> None:
    """Make the table of keys and password hashes that products share, from audits of their firmware.

    From then on `firmware-shared-secrets` compares with it, on this machine; a table that was there is
    replaced. It holds fingerprints and in how many products each was found: no password, and no name.
    """
    from shelfworthy.audit.shared import table
    from shelfworthy.model import canonical
    from shelfworthy.record import load_evidence, write_whole
    from shelfworthy.reference import of_this_machine

    found = table(load_evidence(audit) for audit in audits)
    if not found.products:
        raise WrongUsage("None of these audits has looked into firmware: there is nothing to compare.")
    file = out or of_this_machine()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, canonical(found))
    typer.echo(f"{file}: {len(found.secrets)} keys and password hashes of {len(found.products)} products")
