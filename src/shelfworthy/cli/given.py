"""What an audit is given: the product file and the policy, or what was typed in their place."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from shelfworthy.cli.exits import WrongUsage
from shelfworthy.model import Basis, Level, Policy, Product
from shelfworthy.product.read import read_policy, read_product
from shelfworthy.product.typed import from_things
from shelfworthy.product.write import product_toml


class Given(Struct, frozen=True):
    """What is to be audited, how far, and the words and files of the product file to keep as evidence."""

    product: Product
    policy: Policy
    text: bytes
    supplied: dict[str, bytes]


def what_is_given(
    things: list[str], policy: Path | None, permits: list[str], level: Level, basis: Basis
) -> Given:
    """Read all of it. Raises BadFile, WrongUsage, OSError."""
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


def free_folder(product: Product) -> Path:
    """A folder in the current one, named after the product, that is not there yet."""
    name = re.sub(r"[^a-z0-9]+", "-", product.product.name.lower()).strip("-")[:60] or "product"
    number = 1
    while True:
        path = Path(f"{name}.audit" if number == 1 else f"{name}-{number}.audit")
        if not path.exists():
            return path
        number += 1
