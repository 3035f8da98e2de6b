"""IANA's list of RDAP services by top-level domain (RFC 9224): https://data.iana.org/rdap/dns.json."""

from pathlib import Path

import msgspec

from shelfworthy.model import Registry
from shelfworthy.product.address import WrongAddress, normal_host
from shelfworthy.product.asking import registry_at
from shelfworthy.product.mistakes import quoted

LARGEST = 4 << 20  # bytes; it has about 70,000
SHAPE = "Expected the file dns.json as IANA publishes it: https://data.iana.org/rdap/dns.json."


class _Bootstrap(msgspec.Struct):
    """Section 3. services: lists of [names, base URLs]."""

    services: list[tuple[list[str], list[str]]]


def content_of(path: Path) -> bytes:
    """A bootstrap file's bytes. Raises WrongAddress if it is not there, no file, or too large to be one."""
    name = quoted(path.name)
    try:
        if not path.is_file():
            raise WrongAddress(f"there is no file {name} beside the policy", SHAPE)
        if path.stat().st_size > LARGEST:
            raise WrongAddress(f"{name} has more than {LARGEST} bytes", SHAPE)
        return path.read_bytes()
    except OSError as error:
        raise WrongAddress(f"{name} cannot be read ({error.strerror})", SHAPE) from None


def registries(content: bytes) -> tuple[Registry, ...]:
    """The registries a bootstrap file names, each with its first URL that is spoken over TLS, else its first.

    Raises WrongAddress for what is no such file. A single service nobody could ask is left out.
    """
    try:
        found = msgspec.json.decode(content, type=_Bootstrap)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise WrongAddress("it is no list of RDAP services", SHAPE) from None
    services = (_registry(names, urls) for names, urls in found.services)
    return tuple(one for one in services if one is not None)


def _registry(names: list[str], urls: list[str]) -> Registry | None:
    good: list[str] = []
    for url in sorted(urls, key=lambda url: not url.lower().startswith("https:")):
        try:
            registry_at(url)
        except WrongAddress:
            continue
        good.append(url)
    suffixes = tuple(name for name in names if _is_suffix(name))
    return Registry(to=good[0], suffixes=suffixes) if good and suffixes else None


def _is_suffix(name: str) -> bool:
    try:
        normal_host(name)
    except WrongAddress:
        return False
    return True
