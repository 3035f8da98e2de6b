"""Whose a thing seen on the way is: a rule with a reason, corrected by `[[seen]]` in the product file.

It depends on the product file and on what we know of names, never on who mentioned the thing: so evidence
that is added or taken away makes no surface somebody else's.
"""

from collections.abc import Iterator

from shelfworthy.discovery.known import names, registered, upwards
from shelfworthy.model import AnySurface, Attribution, Owner, Product
from shelfworthy.product.address import Address, WrongAddress, literal, normal_host, parse_where

Whose = tuple[Owner, str]  # and why, a sentence without its full stop
UNKNOWN = "nobody said otherwise"


class Owners:
    """The rules, for one product. The first that knows the host answers."""

    def __init__(self, product: Product) -> None:
        self._said = {_normal(one.what): one for one in product.seen}
        self._hosts: dict[str, AnySurface] = {}
        self._domains: dict[str, AnySurface] = {}
        for surface in sorted(product.surface, key=lambda one: (one.owner is not Owner.MAKER, one.id)):
            for host in hosts(surface):
                self._hosts.setdefault(host, surface)
                if literal(host) is None and (domain := registered(host)):
                    self._domains.setdefault(domain, surface)

    def of(self, host: str, *, shared: bool = False) -> Whose:
        """Who a host works for, and why we think so. host: normalised.

        shared: it serves many, so what else is declared there says nothing of this.
        """
        if (said := self._correction(host)) is not None:
            return said.owner, f"the product file says so: {said.because.strip().rstrip('.')}"
        if not shared and (there := self._hosts.get(host)) is not None:
            return there.owner, f"same host as {there.id}{_aside(there)}"
        if literal(host) is not None:
            return Owner.MAKER, UNKNOWN
        if not shared and (related := self._domains.get(registered(host))) is not None:
            return related.owner, f"same registered domain as {related.id}{_aside(related)}"
        for name in upwards(host):
            if (known := names().get(name)) is not None:
                return known.owner, f"{name} is {known.because}"
        return Owner.MAKER, UNKNOWN

    def _correction(self, host: str) -> Attribution | None:
        if literal(host) is not None:
            return self._said.get(host)
        return next((self._said[name] for name in upwards(host) if name in self._said), None)


def hosts(surface: AnySurface) -> Iterator[str]:
    """The hosts a declared surface goes by: that of its address, and the name it answers to."""
    yield from sorted({address(surface).host, _normal(getattr(surface, "name", ""))} - {""})


def address(surface: AnySurface) -> Address:
    """Where a declared surface is; nowhere, if today's rules would not take what its product file says."""
    try:
        return parse_where(surface.kind, surface.where)
    except WrongAddress:
        return Address(scheme="", host="", port=0, path="")


def _normal(host: str) -> str:
    try:
        return normal_host(host) if host else ""
    except WrongAddress:
        return ""


def _aside(surface: AnySurface) -> str:
    return "" if surface.owner is Owner.MAKER else ", which the product file calls a third party's"
