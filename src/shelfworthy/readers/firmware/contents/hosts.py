"""Which hosts count: not those of upstream projects and standards, which every product's software names."""

from shelfworthy.discovery.known import registered, upwards
from shelfworthy.product.address import literal
from shelfworthy.readers.firmware.contents.words import words

UPSTREAM = words("upstream_domains")
RESERVED = (".example", ".invalid", ".test", ".localhost", ".local", ".lan", ".home", ".internal", ".arpa")

registered("example.com")  # it reads its list at its first use: later is too late


def counts(host: str) -> bool:
    """Whether a host can be reached by its name from anywhere, and is no upstream project's."""
    host = host.lower().rstrip(".")
    if "." not in host and ":" not in host:  # told at once, for files may hold a million such
        return False
    if (address := literal(host)) is not None:
        return address.is_global
    if host.endswith(RESERVED) or "example" in host.split("."):
        return False
    return bool(registered(host)) and not any(name in UPSTREAM for name in upwards(host))


def host_of(url: str) -> str:
    """The host of a URL, as it is written."""
    authority = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    return authority.partition(":")[0].lower()
