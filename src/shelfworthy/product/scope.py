"""What may happen: the product file ∩ the operator's policy. Pure; the door asks it for each connection.

What holds, whatever the files say:
- Both must permit. Neither widens the other.
- A permission by name speaks of the name as it was resolved here; a pinned name has that one address.
- An address closed by itself, or by an IPv4 address inside it, needs the policy to open a range around it.
- Asking about a name is no contact with it: who may be asked, `asking` says, by the policy alone.
- A host in disguise, or an address literal that means another address than the dialled one, is never allowed.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from ipaddress import ip_address

from shelfworthy.model import Basis, Identity, Level, Permission, Policy, Product
from shelfworthy.product.address import (
    IP,
    RADIO_PREFIX,
    HostTarget,
    Net,
    NetworkTarget,
    RadioTarget,
    Target,
    WrongAddress,
    is_radio_address,
    literal,
    normal_host,
    parse_network,
    parse_target,
    plain,
)
from shelfworthy.product.asking import Asking
from shelfworthy.product.closed import closed, faces

Port = int | None
ANYWHERE = "*"


class _Grants:
    """Levels by host and by network, as one of the two files gives them."""

    def __init__(self) -> None:
        self.hosts: dict[str, list[tuple[Port, Level]]] = defaultdict(list)
        self.networks: list[tuple[Net, Port, Level]] = []
        self.radios: dict[str, list[Level]] = defaultdict(list)
        self.anywhere: list[Level] = []

    def add(self, target: Target, level: Level) -> None:
        if isinstance(target, HostTarget):
            self.hosts[target.host].append((target.port, level))
        elif isinstance(target, NetworkTarget):
            self.networks.append((target.network, target.port, level))
        else:
            self.radios[target.radio].append(level)

    def radio_level(self, radio: str) -> Level | None:
        """The most that is given for a radio, by its address or its name as the product file has it."""
        levels = [*self.anywhere, *self.radios.get(radio, ())]
        return max(levels, key=lambda level: level.rank, default=None)

    def level(self, host: str, address: IP | None, port: int) -> Level | None:
        """The most that is given. address: None while the name is not resolved: it may be in any network."""
        levels = list(self.anywhere)
        levels += (level for at, level in self.hosts.get(host, ()) if at in (None, port))
        levels += (
            level
            for net, at, level in self.networks
            if at in (None, port) and (address is None or address in net)
        )
        return max(levels, key=lambda level: level.rank, default=None)


class Scope:
    """How far a product file and a policy together allow to go on one day.

    Raises WrongAddress for a permission that `read_product` or `read_policy` would have refused.
    """

    def __init__(self, product: Product, policy: Policy, today: date) -> None:
        self._product = product
        self._today = today
        self._pins: dict[str, IP] = {}
        self._granted = _Grants()
        self._permitted = _Grants()
        self._open = tuple(parse_network(text) for text in policy.open)
        self.asking = Asking(policy)
        self.adapter = policy.adapter
        self._levels: dict[tuple[str, IP, int], Level | None] = {}
        for permission in product.permission:
            target = parse_target(permission.to)
            if permission.resolve and isinstance(target, HostTarget):
                # An expired permission still says where the name is: it never falls back to the resolver.
                self._pins.setdefault(target.host, plain(ip_address(permission.resolve)))
            if permission.until is None or permission.until >= today:
                self._granted.add(target, _effective(permission))
        for permit in policy.permit:
            if permit.to == ANYWHERE:
                self._permitted.anywhere.append(permit.level)
            else:
                self._permitted.add(parse_target(permit.to), permit.level)

    @property
    def identity(self) -> Identity:
        """What is sold."""
        return self._product.product

    def pinned(self, host: str) -> IP | None:
        """The address the product file gives a lab's name by `resolve`."""
        try:
            return self._pins.get(normal_host(host))
        except WrongAddress:
            return None

    def level_at(self, host: str, address: IP, port: int) -> Level | None:
        """How far contact may go with a host at the address it was resolved to; None: not at all.

        host: a name or an address literal, as written in a URL.
        """
        key = host, address, port  # asked for each connection, and always answered the same
        if key not in self._levels:
            self._levels[key] = self._level(host, plain(address), port)
        return self._levels[key]

    def _level(self, host: str, address: IP, port: int) -> Level | None:
        if self._mismatch(host, address) or self._closed(address):
            return None
        name = normal_host(host)
        granted = self._granted.level(name, address, port)
        permitted = self._permitted.level(name, address, port)
        if granted is None or permitted is None:
            return None
        return min(granted, permitted, key=lambda level: level.rank)

    def radio_level(self, radio: str) -> Level | None:
        """How far we may go with a radio; None: not at all. radio: its address or name, as `where` has it."""
        granted, permitted = self._granted.radio_level(radio), self._permitted.radio_level(radio)
        if granted is None or permitted is None:
            return None
        return min(granted, permitted, key=lambda level: level.rank)

    def why_not_radio(self, radio: str, level: Level) -> str:
        """What is missing for an act of this level at a radio, and what to write; "" if nothing is."""
        return " ".join(self._radio_obstacles(radio, level))

    def _radio_obstacles(self, radio: str, level: Level) -> Iterator[str]:
        to = radio if is_radio_address(radio) else f"{RADIO_PREFIX}{radio}"
        granted = self._granted.radio_level(radio)
        if granted is None or not granted.covers(level):
            has = "does not permit any contact" if granted is None else f"permits only `{granted}`"
            yield (
                f"The product file {has} with {to}{self._radio_hint(radio, level)}, and `{level}` is needed."
                f" {_write_permission(to, level)}"
            )
        permitted = self._permitted.radio_level(radio)
        if permitted is None or not permitted.covers(level):
            has = "does not permit any contact" if permitted is None else f"permits only `{permitted}`"
            yield (
                f"The operator's policy {has} with {to}, and `{level}` is needed. Write into it:"
                f' [[permit]] to = "{to}", level = "{level}".'
            )

    def _radio_hint(self, radio: str, level: Level) -> str:
        """Which permission would have done, but for its date or its basis."""
        for permission in self._product.permission:
            if parse_target(permission.to) == RadioTarget(radio=radio) and permission.level.covers(level):
                return self._but_for(permission, level)
        return ""

    def refuses(self, host: str, port: int, level: Level) -> str:
        """What is missing for an act of this level whatever a name should turn out to mean: nobody is asked.

        "": nothing, as far as can be told before it is resolved.
        """
        try:
            name = normal_host(host)
        except WrongAddress as wrong:
            return str(wrong)
        known = literal(name) or self._pins.get(name)
        return " ".join(self._obstacles(name, plain(known) if known else None, port, level))

    def why_not(self, host: str, address: IP, port: int, level: Level) -> str:
        """What is missing for an act of this level, in which file, and what to write; "" if nothing is."""
        address = plain(address)
        return " ".join(self._obstacles(host, address, port, level))

    def why_closed(self, address: IP) -> str:
        """Why nobody at all may be asked or contacted at an address, and what to write; "" if it is open."""
        return " ".join(self._closed_words(plain(address)))

    def _closed_words(self, address: IP) -> Iterator[str]:
        for face, why in self._closed(address):
            of = f"{address}" if face == address else f"{address} leads to {face}, which"
            yield (
                f"{of} is {why} and closed by default. If this bench may contact it, write into the"
                f' operator\'s policy: open = ["{face}"].'
            )

    def _obstacles(self, host: str, address: IP | None, port: int, level: Level) -> Iterator[str]:
        if address is not None and (mismatch := self._mismatch(host, address)):
            yield mismatch
            return
        name = normal_host(host)
        at = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
        there = at if literal(name) is not None or address is None else f"{at} ({address})"
        granted = self._granted.level(name, address, port)
        if granted is None or not granted.covers(level):
            has = "does not permit any contact" if granted is None else f"permits only `{granted}`"
            yield (
                f"The product file {has} with {there}{self._hint(name, address, port, level)}, and"
                f" `{level}` is needed. {_write_permission(at, level)}"
            )
        if address is not None:
            yield from self._closed_words(address)
        permitted = self._permitted.level(name, address, port)
        if permitted is None or not permitted.covers(level):
            has = "does not permit any contact" if permitted is None else f"permits only `{permitted}`"
            yield (
                f"The operator's policy {has} with {there}, and `{level}` is needed. Write into it:"
                f' [[permit]] to = "{at}", level = "{level}".'
            )

    def _mismatch(self, host: str, address: IP) -> str:
        try:
            name = normal_host(host)
        except WrongAddress as wrong:
            return str(wrong)
        own = literal(name)
        if own is not None and own != address:
            return f'"{host}" is an address, and {address} is another one. Nothing can permit that.'
        pin = self._pins.get(name)
        if pin is not None and pin != address:
            return (
                f"The product file says that {name} is {pin}, but it would be contacted at {address}. Correct"
                f" `resolve` in its [[permission]] if the name has moved."
            )
        return ""

    def _closed(self, address: IP) -> tuple[tuple[IP, str], ...]:
        """Faces of the address that are closed and not opened, each with the reason."""
        found = ((face, closed(face)) for face in faces(address))
        return tuple((face, why) for face, why in found if why and not any(face in net for net in self._open))

    def _hint(self, name: str, address: IP | None, port: int, level: Level) -> str:
        """Which permission would have done, but for its date or its basis."""
        for permission in self._product.permission:
            one = _Grants()
            one.add(parse_target(permission.to), permission.level)
            reach = one.level(name, address, port)
            if reach is None or not reach.covers(level):
                continue
            if words := self._but_for(permission, level):
                return words
        return ""

    def _but_for(self, permission: Permission, level: Level) -> str:
        if permission.until is not None and permission.until < self._today:
            return f" (the permission for {permission.to} ended on {permission.until})"
        if not _effective(permission).covers(level):
            return f' (the basis "public" of {permission.to} covers only `look`)'
        return ""


def _effective(permission: Permission) -> Level:
    return Level.LOOK if permission.basis is Basis.PUBLIC else permission.level


def _write_permission(at: str, level: Level) -> str:
    if level is Level.LOOK:
        return f'Write into it: [[permission]] to = "{at}", level = "look", basis = "public".'
    return (
        f'With the right to do so, write into it: [[permission]] to = "{at}", level = "{level}", and as basis'
        ' "own", "contract" or "written", with the person who allows it and until when.'
    )
