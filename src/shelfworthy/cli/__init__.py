"""The command line: parse, call, print, exit code; nothing else.

A command imports what it works with when it runs: help, completion and wrong usage are answered at once.
"""

import io
import os
import sys
import traceback

import typer

from shelfworthy import __version__
from shelfworthy.cli import about, again, shelf, vulndata
from shelfworthy.cli.adapters import adapters
from shelfworthy.cli.audit import audit
from shelfworthy.cli.command import OurCommand
from shelfworthy.cli.compare import compare
from shelfworthy.cli.due import due
from shelfworthy.cli.exits import EPILOG, WE_FAILED, WRONG_USAGE, WrongUsage, failed
from shelfworthy.cli.init import init
from shelfworthy.cli.push import push
from shelfworthy.cli.reference import reference
from shelfworthy.product.mistakes import BadFile
from shelfworthy.record import CannotRedact, Unreadable
from shelfworthy.vulndata.place import Unusable

app = typer.Typer(
    name="shelfworthy",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (init, audit):
    app.command(cls=OurCommand, epilog=EPILOG if command is audit else None)(command)
for later in (again.judge, again.report, due, compare, again.diff, again.verify, again.redact, push):
    app.command(cls=OurCommand)(later)
app.add_typer(vulndata.app)
app.add_typer(shelf.app)
for page in (about.checks, about.explain, adapters):
    app.command(cls=OurCommand)(page)
app.add_typer(reference)


def version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"shelfworthy {__version__}")
        raise typer.Exit


@app.callback()
def shelfworthy(
    wanted: bool = typer.Option(
        False, "--version", callback=version, is_eager=True, help="Show the version and stop."
    ),
) -> None:
    """Does this connected product deserve its place on the shelf?

    Looks at everything a product consists of, keeps the least evidence that proves it, and answers the five
    minimum guidelines with reasons. Begin with `shelfworthy init DIR`, or audit a URL directly.
    """


def main() -> None:
    """Run the command line. A mistake of the user's is answered with words; a fault of ours says so."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our shapes shows "?" instead
    try:
        app(prog_name="shelfworthy")
    except (BadFile, Unreadable, CannotRedact, WrongUsage, Unusable) as mistake:
        print(f"shelfworthy: {mistake}", file=sys.stderr)  # noqa: T201 - this is the command line
        sys.exit(WRONG_USAGE)
    except OSError as error:
        print(f"shelfworthy: {failed(error)}", file=sys.stderr)  # noqa: T201
        sys.exit(WE_FAILED)
    except Exception as fault:
        if os.environ.get("SHELFWORTHY_TRACEBACK"):
            traceback.print_exc()
        print(  # noqa: T201
            f"shelfworthy: {type(fault).__name__}: {fault}\nThis is a fault of ours. "
            "What was seen is on disk. Set SHELFWORTHY_TRACEBACK=1 to see where, and please report it.",
            file=sys.stderr,
        )
        sys.exit(WE_FAILED)
