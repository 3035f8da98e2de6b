"""One row of a catalogue as a product: it names a product file, or says itself what there is and where.

A row that says it itself permits `look` at the hosts it names, as the public may look at them; more only with
level, basis, person and date. Nothing in it depends on the day it is read: the same row gives the same bytes.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec

from shelfworthy.model import AnySurface, Basis, Identity, Kind, Level, Product, Record
from shelfworthy.product import meaning, sheet
from shelfworthy.product.address import FORMS, WrongAddress, parse_where
from shelfworthy.product.lines import KeyPath
from shelfworthy.product.meaning import Files
from shelfworthy.product.mistakes import BadFile, quoted
from shelfworthy.product.read import read_product
from shelfworthy.product.shape import BAD, fit
from shelfworthy.product.slug import slug
from shelfworthy.product.things import surface, url_surface
from shelfworthy.product.write import product_toml

PRODUCT, ID, NAME, SURFACES, PERMIT = "product", "id", "name", "surfaces", "permit"
GRANT = ("level", "basis", "person", "until")  # of a permission, for all hosts of the row
IDENTITY = Identity.__struct_fields__
KINDS = {str(kind): kind for kind in FORMS}  # an address is enough for these, whatever kinds there are
COLUMNS = (PRODUCT, ID, *IDENTITY, *KINDS, SURFACES, PERMIT, *GRANT)
TRUTHS, DATES = ("for_children",), ("sold_from", "sold_until", "until")
TRUTH = {"true": True, "false": False}
MOST = 100  # URLs or hosts in a cell


class Wrong:
    """What is wrong with a row: (column, found, expected, nearest) each."""

    def __init__(self) -> None:
        self.mistakes: list[tuple[str, str, str, str]] = []

    @classmethod
    def of(cls, column: str, found: str, expected: str) -> "Wrong":
        """One mistake."""
        wrong = cls()
        wrong.add(column, found, expected)
        return wrong

    def add(self, column: str, found: str, expected: str, nearest: str = "") -> None:
        self.mistakes.append((column, found, expected, nearest))


class Row(Record, frozen=True):
    """A product to audit. name: of its folder, without `.audit`. supplied: files its product file names.

    file: that product file, empty where the row itself told the product. beside: the folder they lie in.
    images: files in there that are read only when it is audited.
    """

    line: int
    name: str
    product: Product
    file: bytes
    supplied: dict[str, bytes]
    beside: Path
    images: tuple[str, ...] = ()

    @property
    def text(self) -> bytes:
        """The product file that is kept as evidence."""
        return self.file or product_toml(self.product).encode()


def row(cells: Mapping[str, object], line: int, folder: Path, requirements: Collection[str]) -> Row | Wrong:
    """The product of a row. folder: of the catalogue, where product files lie in."""
    said = {column: value for column, value in cells.items() if value not in ("", None, [])}
    wrong = Wrong()
    name = said.pop(ID, "")
    if not isinstance(name, str) or (name and not meaning.NAME.fullmatch(name)):
        expected = 'Expected letters, digits, "-", "_" and ".", at most 80, for example "sku-10472".'
        wrong.add(ID, f"{_shown(name)} names no folder", expected)
        name = ""
    found = _named(said, folder, requirements, wrong) if PRODUCT in said else _told(said, wrong)
    if wrong.mistakes or found is None:
        return wrong
    product, file, supplied = found
    name = str(name) or slug(f"{product.product.vendor} {product.product.name} {product.product.model}")
    beside = (folder / str(said[PRODUCT])).parent if PRODUCT in said else folder
    return Row(line=line, name=name, product=product, file=file, supplied=supplied, beside=beside)


def _named(
    said: Mapping[str, object], folder: Path, requirements: Collection[str], wrong: Wrong
) -> tuple[Product, bytes, dict[str, bytes]] | None:
    """The product of a product file that a row names."""
    for column in said:
        if column != PRODUCT:
            wrong.add(column, "a product file says that itself", "Leave this cell empty, or `product`.")
    path = said[PRODUCT]
    if not isinstance(path, str):
        wrong.add(PRODUCT, f"{_shown(path)} is no path", 'Expected "bear/product.toml".')
        return None
    found, _ = Files(folder, trusted=True).wrong(path)
    if found:
        wrong.add(PRODUCT, found.replace("product file", "catalogue"), "Put it into the catalogue's folder.")
        return None
    file = folder / path
    try:
        product = read_product(file, requirements=requirements)
        names = {name for one in product.surface for name in one.files.values()}
        supplied = {name: (file.parent / name).read_bytes() for name in sorted(names)}
        return product, file.read_bytes(), supplied
    except BadFile as bad:
        for mistake in bad.mistakes:
            wrong.add(PRODUCT, str(mistake).removesuffix("."), "")
    except OSError as error:
        wrong.add(PRODUCT, f"{quoted(path)} cannot be read ({error.strerror})", "")
    return None


def _told(said: Mapping[str, object], wrong: Wrong) -> tuple[Product, bytes, dict[str, bytes]] | None:
    """The product that a row itself tells."""
    came_from: dict[KeyPath, str] = {}
    surfaces = list(_surfaces(said, wrong, came_from))
    places = [parse_where(one.kind, one.where) for one in surfaces]
    hosts = [at.authority if at.scheme == Kind.BLUETOOTH else at.host for at in places]
    permits = dict.fromkeys([*filter(None, hosts), *_words(said, PERMIT, wrong)])
    grant: dict[str, object] = {"level": str(Level.LOOK), "basis": str(Basis.PUBLIC)}
    grant |= {column: _typed(column, said[column]) for column in GRANT if column in said}
    table = {
        PRODUCT: {column: _typed(column, said[column]) for column in IDENTITY if column in said},
        "surface": [msgspec.to_builtins(one) for one in surfaces],
        "permission": [{"to": to, **grant} for to in permits],
    }
    if not surfaces and not wrong.mistakes:
        wrong.add(
            "", "there is nothing to look at", f"Write URLs into one of: {', '.join(KINDS)}, {SURFACES}."
        )
    came_from |= {("permission", place, "to"): PERMIT for place in range(len(permits))}

    def report(path: KeyPath, found: str, expected: str, nearest: str) -> None:
        column = came_from.get(path, str(path[-1]))
        if all(column != before[0] for before in wrong.mistakes):  # once, not for each host
            wrong.add(column, found, expected, nearest)

    good = fit(table, Product, report)
    if wrong.mistakes or BAD in good.values():
        return None
    product = msgspec.convert(good, Product)
    for at, found in _meant(product):
        for key, *words in found:
            report((*at, key), *words)
    return None if wrong.mistakes else (product, b"", {})


def _meant(product: Product) -> Iterator[tuple[KeyPath, Iterator[sheet.Wrong]]]:
    """What of the right shape is still wrong in meaning, by table. Surfaces were right when made."""
    yield (PRODUCT,), meaning.identity(product.product)
    for place, permission in enumerate(product.permission):
        yield ("permission", place), meaning.permission(permission)


def _surfaces(
    said: Mapping[str, object], wrong: Wrong, came_from: dict[KeyPath, str]
) -> Iterator[AnySurface]:
    taken: list[str] = []
    for column in (*KINDS, SURFACES):
        for word in _words(said, column, wrong):
            try:
                one = _surface(column, word, taken)
            except WrongAddress as bad:
                wrong.add(column, f"{quoted(word)}: {bad.found}", bad.expected)
                continue
            came_from["surface", len(taken), "where"] = column
            taken.append(one.id)
            yield one


def _surface(column: str, word: str, taken: list[str]) -> AnySurface:
    """The surface of one URL. In a kind's own column the kind need not be written. Raises WrongAddress."""
    kind = KINDS.get(column)
    if kind is None:
        return url_surface(word, taken)
    prefix = FORMS[kind].prefix
    where = word if word.lower().startswith(prefix) else prefix + word
    at = parse_where(kind, where)
    return surface(kind, f"{kind}-{at.path if kind is Kind.BLUETOOTH else at.host}", where, taken)


def _words(said: Mapping[str, object], column: str, wrong: Wrong) -> list[str]:
    """What a cell names: words with white space between them, or a list of words."""
    value = said.get(column, "")
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        wrong.add(column, f"{_shown(value)} does not belong here", "Expected text, or a list of texts.")
        return []
    if len(words) > MOST:
        wrong.add(column, f"it names {len(words)}", f"Expected at most {MOST}.")
        return []
    return words


def _typed(column: str, value: object) -> object:
    """A cell as its key wants it. What is no date or truth value stays text, and `fit` says so."""
    if isinstance(value, str) and column in TRUTHS:
        return TRUTH.get(value.lower(), value)
    if isinstance(value, str) and column in DATES and len(value) == 10:
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def _shown(value: object) -> str:
    return quoted(value) if isinstance(value, str) else type(value).__name__
