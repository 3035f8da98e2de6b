"""Reference data about names: services where a name can be left behind, and companies that park names."""

import tomllib
from fnmatch import fnmatchcase
from functools import lru_cache

import msgspec

from shelfworthy.model import Record

NO_NAME = "no such name"


class Service(Record, frozen=True):
    """A service that gives the same name to whoever asks for it first.

    names: patterns of the hosts it hands out (`*` for anything). empty: how it tells that nobody has one: "no
    such name", or a sentence on the page that answers in its place.
    """

    who: str
    names: tuple[str, ...]
    empty: str


class Company(Record, frozen=True):
    """Who shows advertisements, or a notice of expiry, at names. names: patterns of its name servers, and of
    hosts that names are aliases of."""

    who: str
    names: tuple[str, ...]


class _Claimable(Record, frozen=True):
    version: str
    date: str
    service: tuple[Service, ...]


class _Parking(Record, frozen=True):
    version: str
    date: str
    company: tuple[Company, ...]


@lru_cache(maxsize=4)
def services(content: bytes) -> tuple[Service, ...]:
    """The services in `claimable.toml`."""
    return msgspec.convert(tomllib.loads(content.decode()), _Claimable).service


@lru_cache(maxsize=4)
def companies(content: bytes) -> tuple[Company, ...]:
    """The companies in `parking.toml`."""
    return msgspec.convert(tomllib.loads(content.decode()), _Parking).company


def service_of(host: str, known: tuple[Service, ...]) -> Service | None:
    """The service a host is of."""
    return next((one for one in known if any(fnmatchcase(host, name) for name in one.names)), None)


def told_by_page(aliases: tuple[str, ...], known: tuple[Service, ...]) -> Service | None:
    """The service of an alias that tells by a page who has a name; its hosts may be aliases, too."""
    found = (service_of(alias, known) for alias in aliases)
    return next((one for one in found if one is not None and one.empty != NO_NAME), None)


def company_of(host: str, known: tuple[Company, ...]) -> Company | None:
    """The company a host is of."""
    return next((one for one in known if any(fnmatchcase(host, name) for name in one.names)), None)
