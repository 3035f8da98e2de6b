"""What is done with an audit that lies on disk: judge, report, verify, diff, redact. No contact."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.audit.clock import now
from shelfworthy.cli.exits import ALL_MET, NOT_MET, WE_FAILED, WORST_FIRST, exit_code
from shelfworthy.cli.formats import DiffFormat, Format
from shelfworthy.record import redact as take_out
from shelfworthy.record import verify as compare

Audit = Annotated[Path, typer.Argument(metavar="AUDIT", help="A NAME.audit folder.")]
Form = Annotated[Format, typer.Option("--format", help="What to print on standard output.")]


def day(text: str) -> datetime:
    """The end of a day, so that what was seen on it counts."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(hour=23, minute=59, second=59, tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day. Expected for example 2027-12-31.") from None


At = Annotated[
    datetime | None,
    typer.Option(metavar="DATE", parser=day, help="Judge as of this day. [default: now]"),
]


DiffForm = Annotated[DiffFormat, typer.Option("--format", help="What to print on standard output.")]


def judge(
    audits: Annotated[
        list[Path], typer.Argument(metavar="AUDIT...", parser=Path, help="NAME.audit folders.")
    ],
    at: At = None,
    form: Form = Format.TERMINAL,
) -> None:
    """Judge audits again, under today's rules, without contacting anything.

    Evidence ages: with --at you see what the same evidence is worth on another day. Several audits are
    judged on all cores, and answered with a line each; the exit code is then that of the worst.
    """
    from shelfworthy.audit.judge import judge_folder

    if len(audits) == 1:
        from shelfworthy.cli.show import show

        judgement = judge_folder(audits[0], at or now())
        show(audits[0], judgement, form)
        raise typer.Exit(exit_code(judgement.verdict))
    from shelfworthy.cli.many import judged

    codes = set()
    for audit, (code, line) in zip(audits, judged(audits, at or now()), strict=True):
        codes.add(code)
        typer.echo(f"{audit}: {line}")
    raise typer.Exit(next(code for code in WORST_FIRST if code in codes))


def report(audit: Audit, at: At = None, form: Form = Format.HTML) -> None:
    """Print the report of an audit: html (the default), json or terminal."""
    from shelfworthy.audit.judge import judge_folder
    from shelfworthy.cli.show import show

    show(audit, judge_folder(audit, at or now()), form)


def verify(
    audit: Audit,
    digest: Annotated[str, typer.Option(metavar="HEX", help="The evidence digest a report printed.")] = "",
) -> None:
    """Find every byte of the evidence that was changed, is missing, or was added.

    Accepts exactly the redactions on record. Exit code 0: as the manifest says; 10: not.
    """
    found = compare(audit, digest.lower())
    for path in found.redacted:
        typer.echo(f"{path}: redacted, on record.")
    for problem in found.problems:
        typer.echo(problem)
    if found.problems:
        raise typer.Exit(NOT_MET)
    typer.echo(f"{found.files} files are as the manifest says. Evidence digest: {found.digest}")


def diff(old: Audit, new: Audit, at: At = None, form: DiffForm = DiffFormat.TERMINAL) -> None:
    """Say what is new, gone, changed, and what could not be looked at again between two audits.

    Exit code 0: no difference; 10: there is one.
    """
    from shelfworthy.cli.show import show_difference

    raise typer.Exit(NOT_MET if show_difference(old, new, at or now(), form) else ALL_MET)


def redact(
    audit: Audit,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="Id of an observation, or SHA-256 of an attachment.")
    ],
    because: Annotated[str, typer.Option(help="Why; it stays on record.")],
    by: Annotated[str, typer.Option(help="Who; it stays on record.")],
    field: Annotated[
        str, typer.Option(help="Which text of an observation, e.g. seen.answer.databases.0.name")
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
