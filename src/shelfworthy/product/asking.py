"""Whom we may ask about a name: the resolvers and registries of the operator's policy, nobody else. Pure.

Asking about a name is not contact with it, so no product file permits or forbids it, or says where to ask.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache

from msgspec import structs

from shelfworthy.model import Kind, Policy, Registry
from shelfworthy.product.address import (
    Address,
    HostTarget,
    NetworkTarget,
    WrongAddress,
    literal,
    normal_host,
    parse_network,
    parse_target,
    parse_where,
)

DNS, WHOIS = 53, 43
WHOIS_SCHEME = "whois"
BEST_FIRST = ("https", "http", WHOIS_SCHEME)


class Asking:
    """The places a policy names. Raises WrongAddress for one that `read_policy` would have refused."""

    def __init__(self, policy: Policy) -> None:
        self.resolvers = tuple(resolver_at(text) for text in policy.resolver)
        self._registries = _by_suffix(policy.registry)

    @cached_property  # asked for each question about a name
    def places(self) -> frozenset[tuple[str, int]]:
        """Host and port of all of them."""
        registries = (at for several in self._registries.values() for at in several)
        return frozenset((at.host, at.port) for at in (*self.resolvers, *registries))

    def registry(self, domain: str) -> Address | None:
        """Who knows who holds a domain: by its longest suffix that has one; RDAP before WHOIS, TLS first."""
        labels = domain.split(".")
        for place in range(len(labels)):
            if several := self._registries.get(".".join(labels[place:])):
                return min(several, key=lambda at: BEST_FIRST.index(at.scheme))
        return None


def with_asking(policy: Policy, usual: Policy) -> Policy:
    """A policy with the usual one's adapter and those whom it lets us ask about names, and no more of it."""
    ranges = [parse_network(text) for text in usual.open]
    hosts = [ip for host, _ in sorted(Asking(usual).places) if (ip := literal(host)) is not None]
    opened = tuple(str(ip) for ip in hosts if any(ip in one for one in ranges))
    return structs.replace(
        policy,
        resolver=usual.resolver,
        registry=usual.registry,
        adapter=usual.adapter,
        open=tuple(dict.fromkeys(policy.open + opened)),
    )


def resolver_at(text: str) -> Address:
    """`address[:port]` of a resolver. Raises WrongAddress, also for a name: who would resolve that?"""
    target = parse_target(text)
    if not isinstance(target, NetworkTarget) or target.network.num_addresses != 1:
        raise WrongAddress(f'"{text}" is not one address', 'Expected "192.0.2.53" or "[2001:db8::1]:5353".')
    host = str(target.network.network_address)
    return Address(scheme="dns", host=host, port=target.port or DNS, path="")


def registry_at(text: str) -> Address:
    """Where a registry is asked: an RDAP base URL, or `whois://host[:port]`. Raises WrongAddress."""
    scheme, _, rest = text.partition("://")
    if scheme.lower() != WHOIS_SCHEME:
        return parse_where(Kind.ENDPOINT, text)
    match parse_target(rest.removesuffix("/")):
        case HostTarget(host=host, port=port):
            return Address(scheme=WHOIS_SCHEME, host=host, port=port or WHOIS, path="")
        case NetworkTarget(network=network, port=port) if network.num_addresses == 1:
            host = str(network.network_address)
            return Address(scheme=WHOIS_SCHEME, host=host, port=port or WHOIS, path="")
    raise WrongAddress("it is no host", 'Expected for example "whois://whois.example.com".')


@lru_cache(maxsize=8)  # IANA's list names more than a thousand suffixes, and each product of a catalogue asks
def _by_suffix(registries: tuple[Registry, ...]) -> Mapping[str, list[Address]]:
    found: dict[str, list[Address]] = {}
    for one in registries:
        at = registry_at(one.to)
        for suffix in one.suffixes:
            found.setdefault(normal_host(suffix), []).append(at)
    return found
