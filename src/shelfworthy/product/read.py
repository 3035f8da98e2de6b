"""Read the product file and the operator's policy. Whoever made ten mistakes gets ten lines, not ten runs."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from msgspec import structs

from shelfworthy.model import (
    AnySurface,
    Attribution,
    Contact,
    Declaration,
    Identity,
    Kind,
    Permission,
    Permit,
    Policy,
    PrivacyPolicy,
    Product,
    Registry,
    Unit,
)
from shelfworthy.product import meaning
from shelfworthy.product.address import FORMS, WrongAddress
from shelfworthy.product.bootstrap import content_of, registries
from shelfworthy.product.meaning import Files
from shelfworthy.product.sheet import Sheet, text_of


def read_product(
    path: Path, *, trusted: bool = True, beside: Path | None = None, requirements: Collection[str] = ()
) -> Product:
    """The product file at a path. Raises BadFile with all mistakes.

    trusted: False for a file from others, which may not bring its own trusted roots.
    beside: the folder its files lie in, if not its own.
    requirements: ids that can be declared; none where today's rules do not matter, as for old evidence.
    """
    files = Files(beside or path.parent, trusted=trusted)
    return parse_product(text_of(path), str(path), files, requirements)


def read_policy(path: Path) -> Policy:
    """The operator's policy at a path. Raises BadFile with all mistakes."""
    return parse_policy(text_of(path), str(path), path.parent)


def parse_product(text: str, file: str, files: Files, requirements: Collection[str] = ()) -> Product:
    """A product file's text. file: what to call it in messages. Raises BadFile with all mistakes.

    requirements: see `read_product`.
    """
    sheet = Sheet(text, file, Product)
    units = sheet.names("unit")
    permissions = sheet.items("permission", Permission)
    if (identity := sheet.table("product", Identity)) is not None:
        sheet.wrong(("product",), meaning.identity(identity))
    for path, unit in sheet.items("unit", Unit):
        sheet.wrong(path, meaning.unit(unit))
    surfaces = sheet.items("surface", AnySurface)
    site = next((surface for _, surface in surfaces if isinstance(surface, Contact)), None)
    for path, surface in surfaces:
        sheet.wrong(path, meaning.surface(at_site(surface, site), units, files))
    for path, permission in permissions:
        sheet.wrong(path, meaning.permission(permission))
    policies = [surface.id for _, surface in surfaces if surface.kind is Kind.POLICY]
    for path, declaration in sheet.items("declaration", Declaration):
        sheet.wrong(path, meaning.declaration(declaration, requirements, policies))
    for path, pin in meaning.other_pins(permissions):
        sheet.wrong(path, [pin])
    attributions = sheet.items("seen", Attribution)
    for path, attribution in attributions:
        sheet.wrong(path, meaning.attribution(attribution))
    for path, double in meaning.other_owners(attributions):
        sheet.wrong(path, [double])
    for key in ("unit", "surface"):
        for place, twice in meaning.doubles(sheet.names(key)):
            sheet.wrong((key, place), [twice])
    product = sheet.record()
    return structs.replace(product, surface=tuple(at_site(one, site) for one in product.surface))


def at_site(surface: AnySurface, site: Contact | None) -> AnySurface:
    """A policy without an address begins at the maker's site, as a shopper would. site: where that is."""
    if not isinstance(surface, PrivacyPolicy) or surface.where or site is None:
        return surface
    where = surface.PREFIX + site.where.removeprefix(FORMS[site.kind].prefix)
    return structs.replace(surface, where=where, ca=surface.ca or site.ca)


def parse_policy(text: str, file: str, beside: Path) -> Policy:
    """A policy's text. file: what to call it in messages. beside: the folder its bootstrap file lies in.

    What that file names is in the policy's `registry`, behind what it names itself. Raises BadFile with all
    mistakes.
    """
    sheet = Sheet(text, file, Policy)
    for path, network in sheet.items("open", str):
        sheet.wrong(path, meaning.opened(network))
    for path, permit in sheet.items("permit", Permit):
        sheet.wrong(path, meaning.permit(permit))
    for path, resolver in sheet.items("resolver", str):
        sheet.wrong(path, meaning.resolver(resolver))
    for path, registry in sheet.items("registry", Registry):
        sheet.wrong(path, meaning.registry(registry))
    if spec := sheet.table("adapter", str):
        sheet.wrong(("adapter",), meaning.adapter(spec))
    found: tuple[Registry, ...] = ()
    if name := sheet.table("bootstrap", str):
        try:
            found = registries(content_of(beside / name))
        except WrongAddress as wrong:
            sheet.wrong((), [("bootstrap", wrong.found, wrong.expected, "")])
    policy = sheet.record()
    return structs.replace(policy, registry=policy.registry + found)


def stale(product: Product, today: date) -> tuple[str, ...]:
    """What a product file still says and no longer counts: a sentence each, for people."""
    permissions = (
        f"The permission for {it.to} ended on {it.until} and allows nothing any more."
        for it in product.permission
        if it.until is not None and it.until < today
    )
    declarations = (
        f"What {it.by} declared about {it.requirement} held until {it.until} and settles nothing any more."
        for it in product.declaration
        if it.until < today
    )
    return (*permissions, *declarations)
