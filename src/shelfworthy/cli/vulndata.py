"""`shelfworthy vulndata`: import data about known flaws, and list what was imported."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.cli.command import OurCommand
from shelfworthy.cli.exits import WrongUsage
from shelfworthy.vulndata.place import place

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Files, folders or zip files.", show_default=False),
]
Into = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where to keep it. SHELFWORTHY_VULNDATA=FILE names it to other commands.",
        show_default="vulndata.sqlite in your data folder",
    ),
]

app = typer.Typer(
    name="vulndata", no_args_is_help=True, help="What is known of flaws in components: import and list it."
)


@app.command("import", cls=OurCommand)
def import_(files: Files, into: Into = None) -> None:
    """Import CVE records, OSV records, CISA's list of exploited flaws, and ends of support.

    CVE records are JSON of version 5, OSV records JSON or YAML, CISA's list JSON or CSV, ends of support
    those of endoflife.date, as JSON or as its pages. Each comes as a file, or many in a folder or a zip
    file. What was imported under the same name before is replaced. Nothing is fetched, and what is wrong
    changes nothing.
    """
    try:
        from shelfworthy.vulndata.importing import CannotImport, import_files
    except ModuleNotFoundError:
        raise WrongUsage("This needs pyyaml and cvss: pip install 'shelfworthy[firmware]'.") from None
    into = into or place()
    try:
        done = import_files(files, into, _tell)
    except CannotImport as wrong:
        raise WrongUsage(str(wrong)) from None
    finally:
        _clear()
    for one in done:
        typer.echo(
            f"{one.name}: {', '.join(one.sorts)} of {one.date or 'an unknown day'}, SHA-256 {one.sha256}"
        )
        typer.echo(f"  {one.documents:,} read, {one.kept:,} entries about components that we know kept")
        if one.left:
            typer.echo(f"  {one.left:,} not understood, for example {one.examples[0]}")
    typer.echo(f"Kept in {into}.")


@app.command("list", cls=OurCommand)
def list_(into: Into = None) -> None:
    """List what was imported: what it holds, of which day, and its digest."""
    from shelfworthy.vulndata.database import imported

    path = into or place()
    files = imported(path)
    for one in files:
        typer.echo(f"{one.name}: {', '.join(one.version.split())} of {one.date}, SHA-256 {one.sha256}")
    if not files:
        typer.echo(f"Nothing was imported into {path}.")


def _tell(name: str, what: str, read: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{name}: {read:,} {what}")
        sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
