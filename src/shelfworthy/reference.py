"""Find, digest and open the data that decides answers (root certificates, later CVEs, fingerprints)."""

import importlib.metadata
from collections.abc import Mapping
from functools import cache

import certifi

from shelfworthy.model import Reference, Surface, digest

ROOTS = "roots"


@cache
def shipped() -> Mapping[str, tuple[Reference, bytes]]:
    """References that come with an installation, by name."""
    roots = certifi.contents().encode()
    version = importlib.metadata.version("certifi")
    date = version.replace(".", "-")
    return {ROOTS: (Reference(name=ROOTS, version=version, date=date, sha256=digest(roots)), roots)}


def used(
    needs: tuple[str, ...], surface: Surface, supplied: Mapping[str, str]
) -> dict[str, tuple[Reference, ...]]:
    """The references behind each name a check `needs` at this surface.

    supplied: SHA-256 of files the product file names. Its own roots decide beside those shipped, and
    reports say whose they are.
    """
    named = shipped()
    found: dict[str, tuple[Reference, ...]] = {name: (named[name][0],) for name in needs if name in named}
    ca = getattr(surface, "ca", "")
    if ROOTS in found and ca in supplied:
        own = Reference(name=ca, version="", date="", sha256=supplied[ca], supplied_by="product file")
        found[ROOTS] += (own,)
    return found


def contents(used: Mapping[str, tuple[Reference, ...]], supplied: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bytes behind each name, those of several references joined."""
    named = shipped()
    return {
        name: b"\n".join(supplied[one.name] if one.supplied_by else named[one.name][1] for one in references)
        for name, references in used.items()
    }
