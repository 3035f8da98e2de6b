"""`shelfworthy audit`: look, keep, judge, report."""

from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.cli.exits import WrongUsage
from shelfworthy.cli.formats import Format
from shelfworthy.cli.given import new_folder, what_is_given, what_was_given
from shelfworthy.model import Basis, Level
from shelfworthy.record import looks_done

LONGEST = 86400  # seconds, a day

Things = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="THING...",
        help="A product.toml (or the folder it lies in); or files and URLs: https://host:port/, "
        "mongodb://host:port, s3+http://host:port/bucket, contact:https://host/. "
        "With --resume it may be left out.",
    ),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="What this bench may do at all. [default: policy.toml in your configuration folder]",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="NAME.audit", help="Where to keep it. [default: named after the product]"),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        metavar="NAME.audit", help="Go on with an audit that was stopped, under your policy of today."
    ),
]


def seconds(text: str) -> float:
    """The value of --budget."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 1 <= value <= LONGEST:
        raise typer.BadParameter(f"{text!r} is not a time. Expected seconds, from 1 to {LONGEST}.")
    return value


Budget = Annotated[
    float, typer.Option(metavar="SECONDS", parser=seconds, help="Stop looking after this time.")
]
Form = Annotated[Format, typer.Option("--format", help="What to print on standard output.")]
Permits = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST[:PORT]", help="Permit contact, for URLs given here. Alone it grants `look`."),
]
HowFar = Annotated[Level, typer.Option(help="How far --permit goes.")]
Why = Annotated[Basis, typer.Option(help="Why more than `look` is allowed.")]


def audit(
    things: Things = None,
    policy: PolicyFile = None,
    out: Out = None,
    resume: Resume = None,
    budget: Budget = 300,
    form: Form = Format.TERMINAL,
    permit: Permits = None,
    level: HowFar = Level.LOOK,
    basis: Why = Basis.PUBLIC,
) -> None:
    """Look at a product, keep the least evidence that proves it, and answer the five guidelines.

    Nothing is contacted that the product file and your policy do not both permit.

    Examples:

      shelfworthy audit murmurpal/product.toml --policy bench.toml

      shelfworthy audit mongodb://203.0.113.7 --permit 203.0.113.7 --level knock --basis written
    """
    if resume and out:
        raise WrongUsage("--out is for a new audit; --resume says itself where it goes on.")
    if resume and not things:
        given = what_was_given(resume, policy, permit or [], level)
    else:
        given = what_is_given(things or [], policy, permit or [], level, basis)
    done = looks_done(resume, given.text, given.supplied) if resume else frozenset()
    folder = resume or new_folder(given.product, out)
    from shelfworthy.cli.auditing import carry_out

    raise typer.Exit(carry_out(given, folder, budget, form, done))
