"""What a look of the shelf may do, and with which papers: the shop's product file ∩ the operator's policy.

- Only the shop's own product file counts (`Product.text`). One that came with evidence permits nothing.
- A look goes to level `look`; to `knock` where a permission rests on a contract; never beyond. What is done
  once by a person with a written permission is not done every week by a machine.
- It asks over the network. Files do not change by themselves: who has a new one, pushes an audit of it.
"""

import os
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop
from msgspec import structs

from shelfworthy.model import AnySurface, Basis, Kind, Level, Permission, Policy, Product, Record
from shelfworthy.probes import PROBES, Probe
from shelfworthy.product.address import is_contacted, parse_where
from shelfworthy.product.meaning import Files
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.papers import check_papers
from shelfworthy.product.read import parse_product, read_policy
from shelfworthy.product.scope import Scope
from shelfworthy.shelf import models

FARTHEST = Level.KNOCK
KNOCKING = frozenset({Basis.CONTRACT})  # what a permission must rest on for more than `look`
OBSERVER = "this shelf"


class NotOurs(Exception):
    """Why we do not look at a product, and what would let us."""


class Way(Record, frozen=True):
    """A surface and the probe that looks at it. by: the probe with its version, as evidence names it."""

    surface: str
    unit: str
    probe: str
    by: str


class Own(Record, frozen=True):
    """What a look of the shelf needs. ways: that are permitted. hosts: that they contact."""

    product: Product
    text: bytes
    supplied: dict[str, bytes]
    policy: Policy
    ways: tuple[Way, ...]
    hosts: frozenset[str]


NO_FILE = gettext_noop(
    "The shop has no product file of its own for it, and only that says what a look may do."
    " Import one with the catalogue (column product_file)."
)


def own(of: models.Product, today: date) -> Own:
    """The papers of a product. Raises NotOurs."""
    if not of.text:
        raise NotOurs(NO_FILE)
    if not of.listings.filter(vanished_at=None).exists():
        raise NotOurs(gettext_noop("No listing offers it any more."))
    folder = products() / Path(of.file).parent
    try:
        product = parse_product(of.text, f"the product file of {of}", Files(folder, trusted=True))
        names = {name for surface in product.surface for name in surface.files.values()}
        supplied = {name: (folder / name).read_bytes() for name in sorted(names)}
        check_papers(product, supplied, folder, today)
        policy = operators_policy()
    except (BadFile, OSError) as wrong:
        raise NotOurs(str(wrong)) from wrong
    product = capped(product)
    scope = Scope(product, policy, today)
    able = [(surface, probe) for surface in product.surface for probe in PROBES if asks(probe, surface)]
    if not able:
        raise NotOurs(gettext_noop("Its product file names nothing that can be looked at over the network."))
    lacks = {(surface.id, probe.by): lacking(scope, surface, probe) for surface, probe in able}
    ways = [(surface, probe) for surface, probe in able if not lacks[surface.id, probe.by]]
    if not ways:
        raise NotOurs(next(iter(lacks.values())))
    return Own(
        product=product,
        text=of.text.encode(),
        supplied=supplied,
        policy=policy,
        ways=tuple(
            Way(surface=surface.id, unit=surface.unit, probe=probe.name, by=probe.by)
            for surface, probe in ways
        ),
        hosts=frozenset(
            parse_where(surface.kind, surface.where).host for surface, _ in ways if is_contacted(surface.kind)
        ),
    )


def products() -> Path:
    """Where the shop's product files and what they name lie."""
    return Path(settings.SHELF) / "products"


def operators_policy() -> Policy:
    """How far this machine may go: SHELFWORTHY_POLICY, else `policy.toml` in the shelf's folder, else the
    careful default. Raises BadFile, OSError."""
    named = os.environ.get("SHELFWORTHY_POLICY")
    path = Path(named) if named else Path(settings.SHELF) / "policy.toml"
    policy = read_policy(path) if named or path.is_file() else Policy()
    return structs.replace(policy, observer=policy.observer or OBSERVER)


def capped(product: Product) -> Product:
    """The product with no permission for more than a look of the shelf may do."""
    return structs.replace(product, permission=tuple(map(_capped, product.permission)))


def _capped(permission: Permission) -> Permission:
    most = FARTHEST if permission.basis in KNOCKING else Level.LOOK
    return permission if most.covers(permission.level) else structs.replace(permission, level=most)


def asks(probe: Probe, surface: AnySurface) -> bool:
    """Whether this is a way the shelf looks: over the network, and no farther than it ever goes."""
    return surface.kind is not Kind.BLUETOOTH and FARTHEST.covers(probe.level) and probe.is_for(surface)


def lacking(scope: Scope, surface: AnySurface, probe: Probe) -> str:
    """What is missing for this look, and what to write; "" if nothing is."""
    if not is_contacted(surface.kind):
        return ""  # others are asked about it, whom the policy names
    at = parse_where(surface.kind, surface.where)
    return scope.refuses(at.host, at.port, probe.level)
