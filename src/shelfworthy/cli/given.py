"""What an audit is given: the product file and the policy, or what was typed in their place."""

import itertools
import os
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, structs

from shelfworthy.cli.exits import WrongUsage
from shelfworthy.guidelines import five_guidelines
from shelfworthy.model import Basis, Level, Policy, Product
from shelfworthy.product.adapter import parse_adapter
from shelfworthy.product.address import WrongAddress
from shelfworthy.product.asking import with_asking
from shelfworthy.product.papers import check_papers
from shelfworthy.product.read import read_policy, read_product
from shelfworthy.product.slug import slug
from shelfworthy.product.things import kind_of_url
from shelfworthy.product.typed import from_things, typed_policy
from shelfworthy.product.write import product_toml
from shelfworthy.record import claim


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
    if not things:
        raise WrongUsage("Name a product file, or files and URLs; or go on with --resume NAME.audit.")
    file = _product_file(things)
    if file is None:
        product, typed_policy = from_things(
            things, permits, today=datetime.now(UTC).date(), level=level, basis=basis
        )
        text = product_toml(product).encode()
        allowed = read_policy(policy) if policy else with_asking(typed_policy, operators_policy(None))
        return Given(product, allowed, text, _beside(product, things))
    if permits:
        raise WrongUsage("--permit is for URLs; a product file says itself what is permitted.")
    known = [name for name, _ in five_guidelines().requirements()]
    product = read_product(file, requirements=known)
    names = {name for surface in product.surface for name in surface.files.values()}
    supplied = {name: (file.parent / name).read_bytes() for name in sorted(names)}
    check_papers(product, supplied, file.parent, datetime.now(UTC).date())
    return Given(product, operators_policy(policy), file.read_bytes(), supplied)


def _beside(product: Product, things: list[str]) -> dict[str, bytes]:
    """The content of what was named on the command line and is a file. Raises OSError."""
    names = {surface.file for surface in product.surface} - {""}
    paths = (Path(thing) for thing in things if "://" not in thing)
    return {path.name: path.read_bytes() for path in paths if path.name in names}


def what_was_given(audit: Path, policy: Path | None, permits: list[str], level: Level) -> Given:
    """What an audit that was stopped had begun with. Raises BadFile, WrongUsage, OSError.

    The policy is today's: what lies in an audit does not say what this bench may do.
    """
    evidence = audit / "evidence"
    file, beside = evidence / "product.toml", evidence / "supplied"
    if not file.is_file():
        raise WrongUsage(f"{audit}: no audit to go on with (no evidence/product.toml).")
    product = read_product(file, beside=beside)
    supplied = {
        path.relative_to(beside).as_posix(): path.read_bytes() for path in beside.rglob("*") if path.is_file()
    }
    usual = operators_policy(policy)
    allowed = with_asking(typed_policy(permits, level), usual) if permits and policy is None else usual
    return Given(product, allowed, file.read_bytes(), supplied)


def with_adapter(given: Given, spec: str) -> Given:
    """The same with another Bluetooth adapter than the policy's, if one was named. Raises WrongUsage."""
    if not spec:
        return given
    try:
        parse_adapter(spec)
    except WrongAddress as wrong:
        raise WrongUsage(f"--adapter: {wrong}") from None
    return structs.replace(given, policy=structs.replace(given.policy, adapter=spec))


def _product_file(things: list[str]) -> Path | None:
    """The one product file that was given, if one was. Raises WrongUsage."""
    files = [file for file in map(_file_at, things) if file is not None]
    if files and len(things) > 1:
        words = "a product file stands alone. Declare the other things in it, each as a [[surface]]."
        raise WrongUsage(f"{files[0]}: {words}")
    folder = Path(things[0]) if len(things) == 1 else None
    if folder is not None and not files and folder.is_dir():
        if (folder / "evidence").is_dir():
            raise WrongUsage(f"{folder} is an audit. Go on with it:  shelfworthy audit --resume {folder}")
        words = f"{folder} has no product.toml. Begin one:  shelfworthy init {folder}"
        more = f"shelfworthy audit --catalogue {folder} --out audits"
        raise WrongUsage(f"{words}\nOr audit each firmware image in it:  {more}")
    return files[0] if files else None


def _file_at(thing: str) -> Path | None:
    """The product file that a thing is, or the folder it lies in."""
    if kind_of_url(thing) is not None or "://" in thing:
        return None
    path = Path(thing)
    if path.is_dir():
        file = path / "product.toml"
        return file if file.is_file() else None
    return path if path.suffix == ".toml" else None


def operators_policy(path: Path | None) -> Policy:
    """The operator's policy: the file named, the one in the configuration folder, or the careful default."""
    if path is not None:
        return read_policy(path)
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    usual = home / "shelfworthy" / "policy.toml"
    return read_policy(usual) if usual.is_file() else Policy()


def new_folder(product: Product, wanted: Path | None) -> Path:
    """The folder wanted, or one in the current folder named after the product; it is this audit's alone.

    Raises WrongUsage if the folder wanted is taken, OSError if it cannot be made.
    """
    if wanted is not None:
        if not claim(wanted):
            raise WrongUsage(f"{wanted} is there already. Name another, or go on with it: --resume {wanted}")
        return wanted
    name = slug(product.product.name)
    numbers = itertools.count(2)
    path = Path(f"{name}.audit")
    while not claim(path):
        path = Path(f"{name}-{next(numbers)}.audit")
    return path
