"""What we know of names without having looked: whose the widely used ones are, and how registries cut names.

Both are data that decides answers, so a judgement that used them lists them.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files

import msgspec
from publicsuffixlist import PublicSuffixList

from shelfworthy.model import Owner, Record, Reference, digest

PACKAGE, SUFFIXES = "publicsuffixlist", "public_suffix_list.dat"


class Known(Record, frozen=True):
    """Names that belong together. because: why they are whose they are, a clause."""

    owner: Owner
    because: str
    names: tuple[str, ...]


class Storage(Record, frozen=True):
    """Object storage rented to many. host: pattern of the name whose paths begin with a bucket."""

    who: str
    host: str


class Table(Record, frozen=True):
    """All of `known.toml`."""

    version: str
    date: str
    known: tuple[Known, ...]
    storage: tuple[Storage, ...]


@cache
def _content() -> bytes:
    return (files(__package__) / "known.toml").read_bytes()


@cache
def table() -> Table:
    """The names we ship."""
    return msgspec.toml.decode(_content(), type=Table)


@cache
def names() -> dict[str, Known]:
    """The same by name."""
    return {name: known for known in table().known for name in known.names}


@cache
def storages() -> tuple[re.Pattern[str], ...]:
    """The patterns of rented storage."""
    return tuple(re.compile(one.host) for one in table().storage)


def upwards(host: str) -> Iterator[str]:
    """A name and everything it is beneath: `a.b.example`, `b.example`, `example`."""
    while host:
        yield host
        host = host.partition(".")[2]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # an eighth of a second: only where there is a name to cut


@lru_cache(maxsize=4096)
def registered(name: str) -> str:
    """The domain somebody registered to have this name; "" for one that nobody can register.

    By the Public Suffix List with its private part: names that a host hands to its customers are theirs.
    """
    return _suffixes().privatesuffix(name) or ""


@cache
def references() -> tuple[Reference, ...]:
    """What decides whose a name is, as judgements list it."""
    found = version(PACKAGE)
    day = found.rpartition(".")[2]
    return (
        Reference(name="known names", version=table().version, date=table().date, sha256=digest(_content())),
        Reference(
            name="public suffixes",
            version=found,
            date=f"{day[:4]}-{day[4:6]}-{day[6:]}",
            sha256=digest((files(PACKAGE) / SUFFIXES).read_bytes()),
        ),
    )
