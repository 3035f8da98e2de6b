"""`shelfworthy shelf`: start a shop's shelf and its workers, move it, check it.

The shelf is started by its settings' name. This module never imports it: without the extra `shelf` every
other command works.
"""

import importlib
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from shelfworthy.cli.command import OurCommand
from shelfworthy.cli.exits import ALL_MET, WE_FAILED, WrongUsage

SHELF = "shelfworthy.shelf"
SETTINGS = f"{SHELF}.settings"
ADMINISTRATOR = "administrator@localhost"
MISSING = "This needs Django and what belongs to it: pip install 'shelfworthy[shelf]'."

Folder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The shelf's own folder: its database, its secret, evidence. SHELFWORTHY_SHELF names it, too.",
        show_default="./shelf",
    ),
]
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]

app = typer.Typer(
    name="shelf",
    no_args_is_help=True,
    help="A shop's shelf: its catalogue, the verdict behind every listing, decisions, and a watch.",
)


@app.command(cls=OurCommand)
def up(
    folder: Folder = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="The address to listen at. Others need a proxy with TLS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="Its port.", min=1, max=65535)] = 8000,
    processes: Annotated[int, typer.Option(metavar="N", help="Processes that answer.", min=1, max=64)] = 1,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Also look again at what is due, and tell people.")
    ] = True,
    administrator: Annotated[
        str, typer.Option(metavar="EMAIL", help="Who the first administrator logs in as.")
    ] = ADMINISTRATOR,
) -> None:
    """Start the shelf, and stay until Ctrl-C.

    Makes the folder and its database, brings an older database up to date, and makes the first
    administrator, whose one-time password is printed once. The database is SQLite in the folder, or
    PostgreSQL where DATABASE_URL=postgresql://user:password@host:port/name says so.
    """
    os.environ.setdefault("SHELFWORTHY_URL", f"http://{host}:{port}")
    done = _told(
        _shelf(folder, "up").up,
        host=host, port=port, processes=processes, worker=worker, email=administrator, say=typer.echo,
    )  # fmt: skip
    raise typer.Exit(done)


@app.command(cls=OurCommand)
def worker(
    folder: Folder = None,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and stop.")] = False,
    until_closed: Annotated[bool, typer.Option("--until-closed", hidden=True)] = False,
) -> None:
    """Look again at what is due, and tell people what changed, until Ctrl-C.

    Any number may run, on any number of machines, beside one PostgreSQL; what one of them was doing
    when it died is done by another.
    """
    _shelf(folder, "up").worker(once=once, until_closed=until_closed)


@app.command("export", cls=OurCommand)
def export_(file: File, folder: Folder = None) -> None:
    """Write everything into one file: all tables, and the evidence that was pushed.

    People may go on working meanwhile. The same content gives the same bytes; the digest that is printed
    is what `import --digest` compares. It holds password hashes and keys: keep it as you keep those.
    """
    done = _told(_shelf(folder, "archive").export, file)
    typer.echo(f"{done.rows:,} rows and {done.files:,} files of evidence in {file}, SHA-256 {done.digest}")


@app.command("import", cls=OurCommand)
def import_(
    file: File,
    folder: Folder = None,
    digest: Annotated[
        str, typer.Option(metavar="HEX", help="What `export` printed; anything else is refused.")
    ] = "",
) -> None:
    """Read what `export` wrote into a new shelf, whole or not at all.

    Digests, evidence and the chain of decisions are verified before anything counts. A shelf that holds
    anything is refused: do this before its first `up`.
    """
    done = _told(_shelf(folder, "archive").import_, file, digest)
    typer.echo(f"{done.rows:,} rows and {done.files:,} files of evidence from {file}, SHA-256 {done.digest}")


@app.command(cls=OurCommand)
def check(folder: Folder = None) -> None:
    """Verify the chain of decisions, the evidence on disk, and that the database is up to date.

    Exit codes: 0 all is well, 1 something is not; each line says what.
    """
    wrong = _shelf(folder, "checking").trouble()
    for line in wrong:
        typer.echo(line)
    if not wrong:
        typer.echo("The chain of decisions, the evidence and the database are whole.")
    raise typer.Exit(WE_FAILED if wrong else ALL_MET)


@app.command("administrator", cls=OurCommand)
def administrator_(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Who they log in as.")] = ADMINISTRATOR,
    folder: Folder = None,
) -> None:
    """Let an administrator who is locked out in again, or make another one.

    Prints a one-time password; the second factor is set up anew. Whoever may run this may read the
    database anyway. The shelf's log says that it was done.
    """
    password = _told(_shelf(folder, "up").administrator, email)
    typer.echo(f"Log in as {email} with the one-time password  {password}")


def _shelf(folder: Path | None, name: str) -> Any:  # noqa: ANN401 - a module of the shelf
    """A module of the shelf's `running/`, with Django ready. Raises WrongUsage where that is not there."""
    if folder is not None:
        os.environ["SHELFWORTHY_SHELF"] = str(folder.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        django = importlib.import_module("django")
        # The secret is there before the settings are read, which would make up another.
        importlib.import_module(f"{SHELF}.place").prepared()
        importlib.import_module(SETTINGS)
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("shelfworthy"):
            raise
        raise WrongUsage(MISSING) from None
    except Exception as wrong:
        if type(wrong).__name__ == "WrongSetting":
            raise WrongUsage(str(wrong)) from None
        raise
    django.setup()
    return importlib.import_module(f"{SHELF}.running.{name}")


def _told(what: Any, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - the shelf's
    """Call it; what it refuses is said in its words."""
    refused = importlib.import_module(f"{SHELF}.running.refused").Refused
    try:
        return what(*arguments, **named)
    except refused as why:
        raise WrongUsage(str(why)) from None
