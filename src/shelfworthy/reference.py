"""Find, digest and open the data that decides answers (root certificates, known flaws, fingerprints)."""

import importlib.metadata
import os
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import certifi
import msgspec

from shelfworthy import __version__
from shelfworthy.model import Reference, Seen, Surface, digest
from shelfworthy.model.shared import SharedSecrets
from shelfworthy.product.mistakes import BadFile, Mistake
from shelfworthy.vulndata.place import place

ROOTS = "roots"
CLAIMABLE = "claimable"  # services where names can be left behind
PARKING = "parking"  # companies that park names
PUBLISHED_KEYS = "published-keys"  # whose private half everybody has
PUBLISHED_PASSWORDS = "published-passwords"  # defaults that anybody can read up
SHARED_SECRETS = "shared-secrets"  # what products have in common, by one's own audits
SUPPORT_YEARS = "support-years"  # how long is long enough
VULNERABILITIES = "vulnerabilities"  # what the operator imported about known flaws
VEX = "vex"  # what the maker says of them


@cache
def shipped() -> Mapping[str, tuple[Reference, bytes]]:
    """References that come with an installation or were made on this machine, by name. Raises BadFile."""
    roots = certifi.contents().encode()
    version = importlib.metadata.version("certifi")
    date = version.replace(".", "-")
    found = {ROOTS: (Reference(name=ROOTS, version=version, date=date, sha256=digest(roots)), roots)}
    found |= {name: of_ours(name) for name in (CLAIMABLE, PARKING, PUBLISHED_KEYS, PUBLISHED_PASSWORDS)}
    found[SUPPORT_YEARS] = _support_years()
    found |= _of_this_machine()
    return found


def of_ours(name: str) -> tuple[Reference, bytes]:
    """A table of ours, which says its own version and date."""
    content = files("shelfworthy").joinpath("data", f"{name}.toml").read_bytes()
    said = tomllib.loads(content.decode())
    about = Reference(name=name, version=said["version"], date=said["date"], sha256=digest(content))
    return about, content


def of_this_machine() -> Path:
    """Where the table of what products share lies, if it was made (`shelfworthy reference build`)."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "shelfworthy" / f"{SHARED_SECRETS}.json"


def _of_this_machine() -> Mapping[str, tuple[Reference, bytes]]:
    """That table. Raises BadFile where it is none: passed over, it would look as if there was none."""
    file = of_this_machine()
    if not file.is_file():
        return {}
    content = file.read_bytes()
    try:
        table = msgspec.json.decode(content, type=SharedSecrets)
    except msgspec.DecodeError as wrong:
        wrong_table = Mistake(
            file=str(file), found=str(wrong), expected="Make it anew:  shelfworthy reference build AUDIT..."
        )
        raise BadFile([wrong_table]) from None
    about = Reference(name=SHARED_SECRETS, version=table.version, date=table.date, sha256=digest(content))
    return {SHARED_SECRETS: (about, content)}


def _support_years() -> tuple[Reference, bytes]:
    """The one table of the rules by which a check judges: only it, so that nothing else there changes it."""
    rules = files("shelfworthy").joinpath("guidelines", "five.toml").read_text(encoding="utf-8")
    years = tomllib.loads(rules)["support_years"]
    content = "".join(f"{category} = {number}\n" for category, number in sorted(years.items())).encode()
    return Reference(name=SUPPORT_YEARS, version=__version__, date="", sha256=digest(content)), content


def used(
    needs: tuple[str, ...], surface: Surface, supplied: Mapping[str, str]
) -> Mapping[str, tuple[Reference, ...]]:
    """The references behind each name a check `needs` at this surface.

    supplied: SHA-256 of files the product file names. Its own roots decide beside those shipped, and
    reports say whose they are. Raises Unusable where the operator's imported data cannot be read.
    """
    ca, vex = getattr(surface, "ca", ""), getattr(surface, "vex", "")
    found = _used(needs, ca, supplied.get(ca), vex, supplied.get(vex))
    if VULNERABILITIES in needs and (imported := _imported()):
        return {**found, VULNERABILITIES: imported}
    return found


@lru_cache(maxsize=1024)  # most products name no roots of their own
def _used(
    needs: tuple[str, ...], ca: str, sha256: str | None, vex: str, vex_sha256: str | None
) -> Mapping[str, tuple[Reference, ...]]:
    named = shipped()
    found: dict[str, tuple[Reference, ...]] = {name: (named[name][0],) for name in needs if name in named}
    if ROOTS in found and sha256 is not None:
        found[ROOTS] += (_of_product(ca, sha256),)
    if VEX in needs and vex_sha256 is not None:
        found[VEX] = (_of_product(vex, vex_sha256),)
    return found


def _of_product(name: str, sha256: str) -> Reference:
    return Reference(name=name, version="", date="", sha256=sha256, supplied_by="product file")


def _imported() -> tuple[Reference, ...]:
    path = place()
    if not path.exists():
        return ()
    from shelfworthy.vulndata.database import imported  # most judgings do without SQLite

    return imported(path)


def contents(
    used: Mapping[str, tuple[Reference, ...]], supplied: Mapping[str, bytes], seen: Seen
) -> dict[str, bytes]:
    """The bytes behind each name, those of several references joined.

    seen: what a check is asked about. Of imported data it gets what is about the components in that, so that
    it opens nothing itself.
    """
    named = shipped()
    found = {}
    for name, references in used.items():
        if name == VULNERABILITIES:
            from shelfworthy.vulndata.database import excerpt

            found[name] = excerpt(place(), seen.looks_up())
        else:
            found[name] = b"\n".join(
                supplied[one.name] if one.supplied_by else named[one.name][1] for one in references
            )
    return found
