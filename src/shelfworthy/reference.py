"""Find, digest and open the data that decides answers (root certificates, later CVEs, fingerprints)."""

import importlib.metadata
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import certifi

from shelfworthy import __version__
from shelfworthy.model import Reference, Surface, digest

ROOTS = "roots"
CLAIMABLE = "claimable"  # services where names can be left behind
PARKING = "parking"  # companies that park names
PUBLISHED_KEYS = "published-keys"  # whose private half everybody has
PUBLISHED_PASSWORDS = "published-passwords"  # defaults that anybody can read up
SUPPORT_YEARS = "support-years"  # how long is long enough


@cache
def shipped() -> Mapping[str, tuple[Reference, bytes]]:
    """References that come with an installation, by name."""
    roots = certifi.contents().encode()
    version = importlib.metadata.version("certifi")
    date = version.replace(".", "-")
    found = {ROOTS: (Reference(name=ROOTS, version=version, date=date, sha256=digest(roots)), roots)}
    found |= {name: _of_ours(name) for name in (CLAIMABLE, PARKING, PUBLISHED_KEYS, PUBLISHED_PASSWORDS)}
    return found | {SUPPORT_YEARS: _support_years()}


def _of_ours(name: str) -> tuple[Reference, bytes]:
    """A table of ours, which says its own version and date."""
    content = files("shelfworthy").joinpath("data", f"{name}.toml").read_bytes()
    said = tomllib.loads(content.decode())
    about = Reference(name=name, version=said["version"], date=said["date"], sha256=digest(content))
    return about, content


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
    reports say whose they are.
    """
    ca = getattr(surface, "ca", "")
    return _used(needs, ca, supplied.get(ca))


@lru_cache(maxsize=1024)  # most products name no roots of their own
def _used(needs: tuple[str, ...], ca: str, sha256: str | None) -> Mapping[str, tuple[Reference, ...]]:
    named = shipped()
    found: dict[str, tuple[Reference, ...]] = {name: (named[name][0],) for name in needs if name in named}
    if ROOTS in found and sha256 is not None:
        own = Reference(name=ca, version="", date="", sha256=sha256, supplied_by="product file")
        found[ROOTS] += (own,)
    return found


def contents(used: Mapping[str, tuple[Reference, ...]], supplied: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bytes behind each name, those of several references joined."""
    named = shipped()
    return {
        name: b"\n".join(supplied[one.name] if one.supplied_by else named[one.name][1] for one in references)
        for name, references in used.items()
    }
