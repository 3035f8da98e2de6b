"""A folder of firmware images as a catalogue: each file in it is a product of its own, and not read yet.

What is hidden, a link, or an audit is left out; what is no image by its beginning is told as a mistake.
"""

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from shelfworthy.model import Identity, Kind, Product, digest
from shelfworthy.model.surfaces import Firmware
from shelfworthy.product.mistakes import BadFile, Mistake, quoted
from shelfworthy.product.row import Row
from shelfworthy.product.slug import slug
from shelfworthy.product.things import recognise_file

LARGEST = 1 << 29  # bytes of a file
DEEPEST = 16  # folders in folders


def images(folder: Path) -> Iterator[Row | BadFile]:
    """Each image of a folder and of those in it, in one order, as a product; or why a file is none."""
    for line, path in enumerate(_files(folder, DEEPEST), 1):
        name = path.relative_to(folder).as_posix()
        if wrong := _wrong(path, name):
            yield BadFile([Mistake(file=str(folder), line=line, key=quoted(name), found=wrong)])
            continue
        yield Row(
            line=line,
            name=f"{slug(path.stem)}-{digest(name.encode())[:8]}",
            product=Product(
                product=Identity(name=path.stem.strip() or name, vendor="unknown"),
                surface=(Firmware(id="image", where=name),),
            ),
            file=b"",
            supplied={},
            beside=folder,
            images=(name,),
        )


def _files(folder: Path, deep: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink() or entry.name.endswith(".audit"):
            continue
        if entry.is_dir(follow_symlinks=False) and deep:
            yield from _files(Path(entry.path), deep - 1)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _wrong(path: Path, name: str) -> str:
    """Why a file cannot be audited as an image; "" if it can."""
    if not name.isprintable() or any(unicodedata.category(one) in ("Cc", "Cf", "Cs") for one in name):
        return "its name holds characters that cannot be written down"
    try:
        if path.stat().st_size > LARGEST:
            return f"it has more than {LARGEST >> 20} MiB"
        kind = recognise_file(path).kind
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    return "" if kind in (Kind.FIRMWARE, None) else f"it is no image but something of the kind {kind}"
