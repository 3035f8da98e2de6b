"""`shelfworthy init`: a product file to fill in, from a folder of things. It grants nothing by itself."""

import os
from collections.abc import Iterator
from pathlib import Path

from shelfworthy.model import AnySurface, Identity, Product, Record, Unit
from shelfworthy.product.address import WrongAddress, is_contacted, parse_where
from shelfworthy.product.mistakes import BadFile, quoted
from shelfworthy.product.sheet import text_of
from shelfworthy.product.things import recognise_file, surface, url_surface
from shelfworthy.product.write import table

URLS = "urls.txt"
PRODUCT_FILE = "product.toml"
MOST = 1000  # things; as many as a product file may list

HEAD = """\
# What the product is, what it consists of, and what we may do. Fill in what is empty, take out what is wrong.
# When done: shelfworthy audit product.toml
"""
ABOUT_PRODUCT = {
    "name": "as it stands on the box",
    "vendor": "who sells it under this name",
    "model": "the model number, if there is one",
    "gtin": "the digits under the bar code",
    "category": "for example toy, camera, lock",
    "for_children": "true if children use it, false if not; take the first # away and say which",
}
ABOUT_UNIT = {
    "bought": "where and when",
    "firmware": "its version, as the device or the app shows it",
    "app": "the version of the app it was used with",
}
ABOUT_SURFACES = """\
# Things that can be looked at. owner = "third party" for those that serve many makers in their own name.
"""
ABOUT_PERMISSIONS = """\
# Nothing is contacted without a permission. Take the "#" away where you may:
#   look   what any visitor's client does; basis "public" is enough
#   knock  anonymous listing, connecting by radio; basis "own", "contract" or "written", person and until
#   use    accounts, wrong log-ins, writes, pairing
"""
ABOUT_DECLARATIONS = """\
# What only a person can know, for example:
# [[declaration]]
# requirement = "updates.support"
# answer = "met"                    # or "not met", "not applicable"
# because = "The box promises updates until 2031."
# by = "your name"
# on = 2026-01-31
# until = 2027-01-31
# quote = "Updates until 2031."       # the words it rests on
# surface = "privacy"               # the policy they stand in, if any: it holds as long as they do
"""


class Found(Record, frozen=True):
    """What a folder holds. notes: a sentence on each thing that people should look at."""

    product: Product
    notes: tuple[str, ...]


def recognise(folder: Path) -> Found:
    """The product whose things lie in a folder, with its vendor left to fill in. Raises OSError."""
    surfaces: list[AnySurface] = []
    notes: list[str] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if len(surfaces) >= MOST:
            notes.append(f"There are more than {MOST} things; the rest was left out.")
            break
        if name == PRODUCT_FILE:
            continue
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            notes.append(f"{quoted(name)} leads out of the folder or is no file; it was left out.")
        elif name == URLS:
            _urls(path, surfaces, notes)
        else:
            _file(path, name, surfaces, notes)
    if not surfaces:
        notes.append(f"Nothing was recognised. Put apps, firmware and captures here, and URLs into {URLS}.")
    # The vendor stays empty: an audit must not begin before somebody has said whose product this is.
    identity = Identity(name=folder.resolve().name, vendor="")
    product = Product(product=identity, unit=(Unit(id="unit-1"),), surface=tuple(surfaces))
    return Found(product=product, notes=tuple(notes))


def skeleton(product: Product) -> str:
    """A product file that teaches what to fill in."""
    parts = [HEAD, table("[product]", product.product, ABOUT_PRODUCT)]
    parts += [table("[[unit]]", unit, ABOUT_UNIT) for unit in product.unit]
    parts += [ABOUT_SURFACES + table("[[surface]]", product.surface[0])] if product.surface else []
    parts += [table("[[surface]]", one) for one in product.surface[1:]]
    permissions = "".join(_permissions(product))
    parts += [ABOUT_PERMISSIONS + permissions] if permissions else []
    parts.append(ABOUT_DECLARATIONS)
    return "\n".join(parts)


def _permissions(product: Product) -> Iterator[str]:
    """A permission to take the "#" away from, once for each host and port."""
    seen = set()
    for one in product.surface:
        if one.file or not is_contacted(one.kind):
            continue
        at = parse_where(one.kind, one.where).authority
        if at not in seen:
            seen.add(at)
            yield f'# [[permission]]\n# to = "{at}"\n# level = "look"\n# basis = "public"\n'


def _files(folder: Path) -> Iterator[Path]:
    """Every file in a folder, in a stable order; hidden ones and audits left out, no link followed."""
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and not one.endswith(".audit"))
        yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))


def _file(path: Path, name: str, surfaces: list[AnySurface], notes: list[str]) -> None:
    found = recognise_file(path)
    if found.kind is None:
        notes.append(f"{quoted(name)} was left out: {found.words}.")
    elif not name.isprintable():
        notes.append(f"{quoted(name)} was left out: rename it without control characters.")
    else:
        surfaces.append(surface(found.kind, path.stem, name, [one.id for one in surfaces]))
        if found.words:
            notes.append(f"{quoted(name)} is taken for {found.kind}: {found.words}.")


def _urls(path: Path, surfaces: list[AnySurface], notes: list[str]) -> None:
    try:
        text = text_of(path)
    except BadFile as wrong:
        notes.append(str(wrong))
        return
    for number, line in enumerate(text.splitlines()[:MOST], start=1):
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        try:
            surfaces.append(url_surface(url, [one.id for one in surfaces]))
        except WrongAddress as wrong:
            notes.append(f"{URLS}:{number}: {quoted(url)} was left out: {wrong}")
