"""What is done with an audit that lies on disk: judge, report, verify, diff, redact. No contact."""

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.audit.clock import now
from shelfworthy.cli.day import EXPECTED, moment
from shelfworthy.cli.exits import ALL_MET, NOT_MET, WE_FAILED, WORST_FIRST, WrongUsage, exit_code
from shelfworthy.cli.formats import DiffFormat, Format
from shelfworthy.record import redact as take_out
from shelfworthy.record import verify as compare

Audit = Annotated[Path, typer.Argument(metavar="AUDIT", help="A NAME.audit folder.")]
Form = Annotated[Format, typer.Option("--format", help="What to print on standard output.")]


def day(text: str) -> datetime:
    """The value of --at."""
    try:
        return moment(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day. {EXPECTED}") from None


At = Annotated[
    datetime | None,
    typer.Option(
        metavar="DATE",
        parser=day,
        help="As of the end of this day, or of 2027-12-31T18:00:00Z. [default: now]",
    ),
]


DiffForm = Annotated[DiffFormat, typer.Option("--format", help="What to print on standard output.")]


Audits = Annotated[list[Path], typer.Argument(metavar="AUDIT...", parser=Path, help="NAME.audit folders.")]


Again = Annotated[
    list[Path] | None,
    typer.Option(
        "--reread",
        metavar="FILE",
        help="Before judging, read this file, or those in this folder, again where a newer reader may see "
        "more: it is known by its hash. What is seen is added to the evidence, whose digest is another then.",
    ),
]


def judge(
    audits: Audits,
    at: At = None,
    form: Form = Format.TERMINAL,
    reread: Again = None,
) -> None:
    """Judge audits again, under today's rules, without contacting anything.

    Evidence ages: with --at you see what the same evidence is worth on another day. Several audits are
    judged on all cores, and answered with a line each, without --format; the exit code is then that of the
    worst.
    """
    if len(audits) > 1 and form is not Format.TERMINAL:
        raise WrongUsage(
            f"--format {form} is for one audit at a time; several are answered with a line each."
        )
    from shelfworthy.cli.judging import judged, many_judged

    if reread:
        from shelfworthy.cli.rereading import read_again

        read_again(audits, reread)
    if len(audits) == 1:
        from shelfworthy.cli.show import show

        judgement = judged(audits[0], at or now(), chosen=at is not None)
        show(audits[0], judgement, form)
        raise typer.Exit(exit_code(judgement.verdict))
    codes = set()
    for code, line in many_judged(audits, at or now(), chosen=at is not None):
        codes.add(code)
        sys.stdout.write(f"{line}\n")  # typer.echo would flush ten thousand times
    raise typer.Exit(next(code for code in WORST_FIRST if code in codes))


def report(audit: Audit, at: At = None, form: Form = Format.HTML) -> None:
    """Print the report of an audit: html (the default), json or terminal."""
    from shelfworthy.cli.judging import judged
    from shelfworthy.cli.show import show

    show(audit, judged(audit, at or now(), chosen=at is not None), form)


def verify(
    audit: Audit,
    digest: Annotated[str, typer.Option(metavar="HEX", help="The evidence digest a report printed.")] = "",
) -> None:
    """Find every byte of the evidence that was changed, is missing, or was added.

    Accepts exactly the redactions on record. Exit code 0: as the manifest says; 10: not.
    """
    if digest and not re.fullmatch("[0-9a-fA-F]{64}", digest):
        raise WrongUsage("--digest: expected the 64 hex digits that a report prints as its evidence digest.")
    if not any((audit / "evidence" / name).is_file() for name in ("product.toml", "manifest.json")):
        raise WrongUsage(f"{audit}: not an audit (no evidence in it). Give the NAME.audit folder.")
    found = compare(audit, digest.lower())
    for path in found.redacted:
        typer.echo(f"{path}: redacted, on record.")
    for problem in found.problems:
        typer.echo(problem)
    if found.problems:
        raise typer.Exit(NOT_MET)
    typer.echo(f"{found.files} files are as the manifest says. Evidence digest: {found.digest}")


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A NAME.audit folder.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="A later one of the same product.")],
    at: At = None,
    form: DiffForm = DiffFormat.TERMINAL,
) -> None:
    """Say what is new, gone, changed, and what could not be looked at again between two audits.

    Exit code 0: no difference; 10: there is one.
    """
    from shelfworthy.cli.show import show_difference

    raise typer.Exit(
        NOT_MET if show_difference(old, new, at or now(), form, chosen=at is not None) else ALL_MET
    )


def redact(
    audit: Audit,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="Id of an observation, or SHA-256 of an attachment.")
    ],
    because: Annotated[str, typer.Option(metavar="REASON", help="Why; it stays on record.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who; it stays on record.")],
    field: Annotated[
        str,
        typer.Option(metavar="FIELD", help="Which text of an observation, e.g. seen.answer.databases.0.name"),
    ] = "",
) -> None:
    """Take out what was kept by mistake, on the record.

    The published evidence digest stays true. Failures the observation shows stand; nothing it fed can pass.
    """
    entry = take_out(audit, name, field, because=because, by=by, at=now())
    typer.echo(
        f"Redacted {entry.path}{' ' + entry.field if entry.field else ''}. On record in redactions.json."
    )
    problems = compare(audit).problems
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(WE_FAILED)
