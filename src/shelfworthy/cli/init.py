"""`shelfworthy init`: a product file to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.cli.exits import WrongUsage
from shelfworthy.product.init import PRODUCT_FILE, recognise, skeleton


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of what you have of the product.")],
) -> None:
    """Write DIR/product.toml from what is recognised in a folder.

    Recognised: apps (.apk, .ipa), firmware images, captures, privacy policies, and the URLs in a urls.txt,
    one a line. The file's comments say what to fill in.
    """
    if not folder.is_dir():
        raise WrongUsage(f"{folder} is not a folder.")
    path = folder / PRODUCT_FILE
    if path.exists():
        raise WrongUsage(f"{path} is there already; it is not overwritten.")
    found = recognise(folder)
    path.write_text(skeleton(found.product), encoding="utf-8")
    for one in found.product.surface:
        typer.echo(f"{one.where}: {one.kind}")
    for note in found.notes:
        typer.echo(note)
    typer.echo(f"Wrote {path}. Fill in what its comments ask for, then:  shelfworthy audit {path}")
