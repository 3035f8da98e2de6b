"""`shelfworthy audit`: look, keep, judge, report."""

import asyncio
import os
import re
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from rich.console import Console

from shelfworthy.audit.judge import judge_folder
from shelfworthy.audit.look import look, now
from shelfworthy.cli.exits import STOPPED, WrongUsage, exit_code
from shelfworthy.cli.progress import telling
from shelfworthy.cli.show import Format, show
from shelfworthy.model import Basis, Level, Policy, Product
from shelfworthy.probes import PROBES
from shelfworthy.product.read import read_policy, read_product, stale
from shelfworthy.product.scope import Scope
from shelfworthy.product.typed import from_things
from shelfworthy.product.write import product_toml
from shelfworthy.reach import Door
from shelfworthy.record import Recorder, close, looks_done


class Given(Struct, frozen=True):
    """What is to be audited, how far, and the words and files of the product file to keep as evidence."""

    product: Product
    policy: Policy
    text: bytes
    supplied: dict[str, bytes]


Things = Annotated[
    list[str],
    typer.Argument(
        metavar="THING...",
        help="A product.toml (or the folder it lies in); or files and URLs: https://host:port/, "
        "mongodb://host:port, s3+http://host:port/bucket, contact:https://host/.",
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
    Path | None, typer.Option(metavar="NAME.audit", help="Go on with an audit that was stopped.")
]
Budget = Annotated[float, typer.Option(metavar="SECONDS", min=1, help="Stop looking after this time.")]
Form = Annotated[Format, typer.Option("--format", help="What to print on standard output.")]
Permits = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST[:PORT]", help="Permit contact, for URLs given here. Alone it grants `look`."),
]
HowFar = Annotated[Level, typer.Option(help="How far --permit goes.")]
Why = Annotated[Basis, typer.Option(help="Why more than `look` is allowed.")]


def audit(
    things: Things,
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
    given = _given(things, policy, permit or [], level, basis)
    folder = resume or out or _free(given.product)
    if folder.exists() and folder != resume and any(folder.iterdir()):
        raise WrongUsage(f"{folder} is there already. Name another, or go on with it: --resume {folder}")
    done = looks_done(folder, given.text) if resume else frozenset()
    messages = Console(stderr=True)
    for words in stale(given.product, datetime.now(UTC).date()):
        messages.print(words, highlight=False, markup=False)
    try:
        asyncio.run(_look(given, folder, budget, messages, done))
    except KeyboardInterrupt:
        close(folder)
        messages.print(f"Stopped. What was seen is kept in {folder}.", highlight=False, markup=False)
        messages.print(f"Go on with:  {go_on(sys.argv[1:], folder)}", highlight=False, markup=False)
        raise typer.Exit(STOPPED) from None
    judgement = judge_folder(folder, now())
    show(folder, judgement, form)
    raise typer.Exit(exit_code(judgement.verdict))


def go_on(arguments: list[str], folder: Path) -> str:
    """The command that goes on where this one was stopped."""
    kept = list(arguments)
    for option in ("--out", "--resume"):
        if option in kept:
            del kept[kept.index(option) : kept.index(option) + 2]
    return shlex.join(["shelfworthy", *kept, "--resume", str(folder)])


async def _look(
    given: Given, folder: Path, budget: float, messages: Console, done: frozenset[tuple[str, str]]
) -> None:
    recorder = Recorder(folder, given.text, given.supplied)
    today = datetime.now(UTC).date()
    door = Door(Scope(given.product, given.policy, today))
    looks = sum(
        probe.kind is surface.kind and (surface.id, probe.by) not in done
        for surface in given.product.surface
        for probe in PROBES
    )
    observer = given.policy.observer or "unnamed bench"
    with telling(messages, looks) as tell:
        await look(given.product, door, recorder, observer, budget=budget, tell=tell, done=done)
    recorder.close()


def _given(things: list[str], policy: Path | None, permits: list[str], level: Level, basis: Basis) -> Given:
    file = _product_file(things)
    if file is None:
        product, typed_policy = from_things(
            things, permits, today=datetime.now(UTC).date(), level=level, basis=basis
        )
        text = product_toml(product).encode()
        return Given(product, read_policy(policy) if policy else typed_policy, text, {})
    if permits:
        raise WrongUsage("--permit is for URLs; a product file says itself what is permitted.")
    product = read_product(file)
    names = {getattr(surface, key) for surface in product.surface for key in surface.FILES}
    supplied = {name: (file.parent / name).read_bytes() for name in sorted(names - {""})}
    return Given(product, _policy(policy), file.read_bytes(), supplied)


def _product_file(things: list[str]) -> Path | None:
    """The one product file that was given, if one was."""
    if len(things) != 1:
        return None
    path = Path(things[0])
    if path.is_dir() and (path / "product.toml").is_file():
        return path / "product.toml"
    return path if path.suffix == ".toml" else None


def _policy(path: Path | None) -> Policy:
    """The operator's policy: the file named, the one in the configuration folder, or the careful default."""
    if path is not None:
        return read_policy(path)
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    usual = home / "shelfworthy" / "policy.toml"
    return read_policy(usual) if usual.is_file() else Policy()


def _free(product: Product) -> Path:
    """A folder in the current one, named after the product, that is not there yet."""
    name = re.sub(r"[^a-z0-9]+", "-", product.product.name.lower()).strip("-")[:60] or "product"
    number = 1
    while True:
        path = Path(f"{name}.audit" if number == 1 else f"{name}-{number}.audit")
        if not path.exists():
            return path
        number += 1
