"""`shelfworthy push`: send an audit to a shelf."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.cli.exits import WE_FAILED, WrongUsage

TOKEN = "SHELFWORTHY_TOKEN"  # noqa: S105 - the name of a variable


def push(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT", help="A NAME.audit folder.")],
    to: Annotated[
        str, typer.Option(metavar="URL", help="The shelf, as people open it: https://shelf.example.")
    ] = "",
    token_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"A file with the token and nothing else; else {TOKEN} has it."),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Trust this root besides (PEM), for a shelf of one's own."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the parcel here, to upload it by hand.")
    ] = None,
) -> None:
    """Send an audit's evidence to a shelf, which judges it by itself.

    Whose evidence it is, is whose token sends it. What was cut off goes on where it stopped, and what is
    there already is not sent again: after any trouble, call it again.
    """
    from shelfworthy.cli.pushing import Trouble, Way, send, written

    if bool(to) == bool(write):
        raise WrongUsage("Say where to: --to URL, or --write FILE.")
    if write is not None:
        typer.echo(f"{written(audit, write)}: in {write}")
        return
    way = Way.to(to, _token(token_file), ca)
    try:
        said = send(audit, way, sys.stderr)
    except Trouble as trouble:
        typer.echo(f"shelfworthy: {trouble}", err=True)
        raise typer.Exit(WE_FAILED) from None
    typer.echo(said)


def _token(file: Path | None) -> str:
    token = (
        file.read_text(encoding="utf-8").strip() if file is not None else os.environ.get(TOKEN, "").strip()
    )
    if not token:
        raise WrongUsage(f"No token: give --token-file FILE, or set {TOKEN}. The shelf's settings make one.")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise WrongUsage("That is no token: one is a single word, shelf_….")
    return token
