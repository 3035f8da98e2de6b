"""Which product a row is: found or made by its identity; with the shop's product file where it names one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from shelfworthy.model import Identity
from shelfworthy.product.mistakes import BadFile, quoted
from shelfworthy.product.read import read_product
from shelfworthy.shelf import place
from shelfworthy.shelf.catalogue.cells import Row
from shelfworthy.shelf.models import Product

FOLDER = "products"
FILE_BYTES = 1 << 20


class NoProduct(Exception):
    """A product file that cannot be used: why."""


def what(row: Row, files: "Files") -> tuple[Identity | None, str]:
    """What a row says is sold, if anything, and the text of its product file. Raises NoProduct.

    The maker is the vendor where no other is named.
    """
    named = None
    if row.product:
        named = Identity(name=row.product, vendor=row.vendor or row.maker, model=row.model)
    if not row.product_file:
        return named, ""
    it, text = files.get(row.product_file)
    if named and named.key != it.key:
        raise NoProduct(f"product_file: it is about another product: {it.vendor} {it.name} {it.model}.")
    return it, text


class Files:
    """The product files of the shop's own folder, each read once. Raises NoProduct."""

    def __init__(self) -> None:
        self._folder = place.folder() / FOLDER
        self._read: dict[str, tuple[Identity, str] | str] = {}

    def get(self, name: str) -> tuple[Identity, str]:
        """What a file says is sold, and its text."""
        if name not in self._read:
            self._read[name] = self._look(name)
        found = self._read[name]
        if isinstance(found, str):
            raise NoProduct(found)
        return found

    def _look(self, name: str) -> tuple[Identity, str] | str:
        path = self._folder / name
        try:
            if not path.resolve(strict=True).is_relative_to(self._folder.resolve()) or not path.is_file():
                return f"product_file: {quoted(name)} is no file in {FOLDER}/."
            if path.stat().st_size > FILE_BYTES:
                return f"product_file: {quoted(name)} is larger than {FILE_BYTES >> 20} MiB."
            return read_product(path).product, path.read_text(encoding="utf-8")
        except OSError:
            return f"product_file: there is no {quoted(name)} in {FOLDER}/."
        except (BadFile, UnicodeDecodeError) as bad:
            return f"product_file: {_first(bad, path)}"


def _first(bad: Exception, path: Path) -> str:
    return str(bad).splitlines()[0].replace(str(path), path.name)[:300]


def products(wanted: Mapping[str, tuple[Identity, str]], at: datetime) -> dict[str, int]:
    """Numbers of the products by key; those that are not there are made, and a text that is another replaces
    the one before. wanted: by key, the identity and the text, "" where no file was named."""
    known = _known(wanted)
    new = [
        Product(key=key, name=it.name, vendor=it.vendor, text=text, changed_at=at)
        for key, (it, text) in sorted(wanted.items())
        if key not in known
    ]
    if new:
        Product.objects.bulk_create(new, ignore_conflicts=True)
        known |= _known(one.key for one in new)
    for key, (number, text) in sorted(known.items()):
        if wanted[key][1] and wanted[key][1] != text:
            Product.objects.filter(pk=number).update(text=wanted[key][1], changed_at=at)
    return {key: number for key, (number, _) in known.items()}


def _known(keys: Iterable[str]) -> dict[str, tuple[int, str]]:
    found = Product.objects.filter(key__in=list(keys)).values_list("key", "pk", "text")
    return {key: (number, text) for key, number, text in found}
