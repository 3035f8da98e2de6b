"""`shelfworthy-lab`: start and end products to audit."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from shelfworthy_lab import lifecycle
from shelfworthy_lab.instance import Instance
from shelfworthy_lab.products import PRODUCTS

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Products to audit, built from real servers on loopback: vulnerable on purpose, and fixed.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
Dir = Annotated[Path | None, typer.Option("--dir", help="Where instances live; else the lab's state folder.")]
Name = Annotated[str, typer.Argument(metavar="PRODUCT")]


@app.command("list")
def list_products(as_json: Json = False) -> None:
    """Name the products, their editions and parts."""
    if as_json:
        said = {name: {"editions": about.editions, "parts": about.parts} for name, about in PRODUCTS.items()}
        print(json.dumps(said))
        return
    for name, about in PRODUCTS.items():
        print(f"{name}: {about.says}")
        print(f"  editions: {', '.join(about.editions)}\n  parts: {', '.join(about.parts)}")


@app.command()
def up(
    product: Name,
    edition: Annotated[str, typer.Option(help="Which edition; `list` names them.")],
    folder: Dir = None,
    only: Annotated[str, typer.Option(metavar="PART,PART", help="Start these parts only.")] = "",
    ransom: Annotated[bool, typer.Option(help="Whether the open database was ransomed.")] = True,
    as_json: Json = False,
) -> None:
    """Start a product and write the product file that audits it. Running already, it is left alone."""
    parts = [part.strip() for part in only.split(",") if part.strip()]
    started = lifecycle.up(product, edition, folder, parts, ransom)
    if as_json:
        print(json.dumps(started.paths()))
    else:
        _show(started)


@app.command()
def down(
    product: Annotated[str | None, typer.Argument(metavar="PRODUCT")] = None,
    edition: Annotated[str | None, typer.Option(help="Only this edition.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All products.")] = False,
    folder: Dir = None,
    as_json: Json = False,
) -> None:
    """End a product's servers and remove what they kept."""
    if (product is None) != everything:
        raise lifecycle.WrongUsage("name a product, or say --all")
    ended = lifecycle.down(product, edition, folder) if product else lifecycle.down_all(folder)
    if as_json:
        print(json.dumps({"ended": [place.name for place in ended]}))
    else:
        print("\n".join(f"ended {place.name}" for place in ended) or "nothing ran")


@app.command()
def status(folder: Dir = None, as_json: Json = False) -> None:
    """Name what runs."""
    found = lifecycle.status(folder)
    if as_json:
        print(json.dumps({one.folder.name: one.paths() | {"running": one.running()} for one in found}))
        return
    for one in found:
        _show(one)
        if not one.running():
            print("  some of its processes have ended; `up` starts it anew")
    if not found:
        print("nothing runs")


def main() -> None:
    """Exit codes: 0 done, 1 we failed, 2 wrong usage."""
    try:
        app()
    except lifecycle.WrongUsage as error:
        print(f"shelfworthy-lab: {error}", file=sys.stderr)
        sys.exit(2)


def _show(one: Instance) -> None:
    print(f"{one.name} {one.edition}: {one.product}")
    for part, said in one.parts.items():
        port = f" (port {one.ports[part]})" if part in one.ports else ""
        print(f"  {part}{port}: {said}")
