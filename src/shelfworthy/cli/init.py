"""`shelfworthy init`: a product file to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from shelfworthy.product.recognise import recognise


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of what you have of the product.")],
) -> None:
    """Write DIR/product.toml from what is recognised in a folder.

    Recognised: apps (.apk, .ipa), firmware images, captures, privacy policies, and the URLs in a urls.txt,
    one a line. The file's comments say what to fill in.
    """
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is not a folder.")
    path = folder / "product.toml"
    if path.exists():
        raise typer.BadParameter(f"{path} is there already; it is not overwritten.")
    text, notes = recognise(folder)
    path.write_text(text, encoding="utf-8")
    for note in notes:
        typer.echo(note)
    typer.echo(f"Wrote {path}. Fill in what its comments ask for, then:  shelfworthy audit {path}")
