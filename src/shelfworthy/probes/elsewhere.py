"""Other places that an HTTP answer names: where it sends whoever asks, and where it is served, too. Pure.

Nobody goes there from here. A place is what every client takes it for, or it is only counted: what some read
as one host and some as another names none (`reach.leads_to`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shelfworthy.reach import Address, NotSeen, Reply, leads_to
from shelfworthy.seen.endpoint import Origin

MOST = 8  # places that are kept of one look
READ = 64  # texts of one answer that are read
# alt-value (RFC 7838, section 3): protocol="host:port", the host may be left out; parameters behind ";"
ALTERNATIVE = re.compile(r"(?:^|,)[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+=\"([^\"\\]*)\"")
REFRESH = re.compile(r"[0-9.]*[ \t]*[;,][ \t]*(?:url[ \t]*=[ \t]*)?(.*)", re.IGNORECASE | re.DOTALL)


class Named(NamedTuple):
    """A place an answer names. by: how. text: as it came, never kept. to: None if no plain web address."""

    by: str
    text: str
    to: Address | None


Told = tuple[str, str]  # how, and the text


def redirects(reply: Reply) -> Iterator[Told]:
    """Where its `Location` leads."""
    if 300 <= reply.status < 400:
        yield from (("redirect", value) for key, value in reply.headers if key == "location")


def beside(reply: Reply, at: Address) -> Iterator[Told]:
    """Where `Refresh` leads, and where `Alt-Svc` says that the same is served. at: asked for."""
    for key, value in reply.headers:
        if key == "refresh" and (found := REFRESH.fullmatch(value)):
            yield "refresh", found[1].strip(" \t\"'")
        if key == "alt-svc":
            for other in ALTERNATIVE.findall(value):
                host = at.authority.rpartition(":")[0] if other.startswith(":") else ""
                yield "alternative service", f"//{host}{other}/"


def named(told: Iterable[Told], at: Address) -> tuple[Named, ...]:
    """What was told at this address, each once; beyond the first `READ` it is not read."""
    once = enumerate(dict.fromkeys(told))
    return tuple(Named(by, text, place(text, at) if turn < READ else None) for turn, (by, text) in once)


def place(reference: str, at: Address) -> Address | None:
    """Where a reference in a header leads; None if to no web address, or one in disguise."""
    try:
        return leads_to(at, reference.encode("latin-1").decode())  # browsers take its bytes for UTF-8
    except (NotSeen, UnicodeError):
        return None


def same(one: Address, other: Address) -> bool:
    """Whether two addresses are of one origin (RFC 6454)."""
    return origin(one) == origin(other)


def origin(at: Address) -> Origin:
    """A place without its path and query, which may be secret."""
    return Origin(scheme=at.scheme, host=at.host, port=at.port)
