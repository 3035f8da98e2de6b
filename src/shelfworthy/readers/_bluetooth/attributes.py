"""The device's attributes, as others discovered and tried them on links without encryption.

Core Specification, volume 3, part G: section 4.4 to 4.7 (discovery), 3.3.1 (declaration of a characteristic).
"""

from bisect import bisect_right
from collections.abc import Mapping

from shelfworthy.seen.advertising import uuid_words
from shelfworthy.seen.bluetooth import Asked, Attempt, Attribute, BluetoothAccess, Came, Visit

MOST = 2000  # attributes, as where we list them ourselves
MOST_ATTEMPTS = 8192
LAST = 0xFFFF
PRIMARY, CHARACTERISTIC, CONFIGURATION = "2800", "2803", "2902"
PROPERTIES = (
    "broadcast",
    "read",
    "write without response",
    "write",
    "notify",
    "indicate",
    "signed write",
)
Tried = tuple[int, Asked, Came, int]


class Covered:
    """Handles that were asked for and answered."""

    def __init__(self) -> None:
        self._handles = bytearray(LAST + 1)

    def add(self, first: int, last: int) -> None:
        self._handles[first : last + 1] = b"\1" * (last + 1 - first)

    def whole(self, first: int, last: int) -> bool:
        return 0 not in self._handles[first : last + 1]


class Attributes:
    """What was discovered and tried. changed: it showed other attributes when it was asked again."""

    def __init__(self) -> None:
        self.services = Covered()
        self.characteristics = Covered()
        self.changed = False
        self.unknown = False  # something was tried at a handle that nobody had listed
        self._full = False
        self._services: dict[int, tuple[int, str]] = {}  # by first handle: last handle, UUID
        self._declared: dict[int, tuple[int, int, str]] = {}  # by value: declaration, properties, UUID
        self._described: dict[int, str] = {}
        self._tried: dict[Tried, int] = {}  # with the most bytes that came
        self._arrived: dict[int, int] = {}

    def service(self, first: int, last: int, uuid: bytes) -> None:
        if len(uuid) in (2, 16) and self._room(self._services, first):
            found = (last, uuid_words(uuid))
            self.changed |= self._services.setdefault(first, found) != found

    def characteristic(self, declaration: int, content: bytes) -> None:
        """content: properties, handle of the value, UUID."""
        value = int.from_bytes(content[1:3], "little")
        if len(content) in (5, 19) and self._room(self._declared, value):
            found = (declaration, content[0], uuid_words(content[3:]))
            self.changed |= self._declared.setdefault(value, found) != found

    def descriptor(self, handle: int, uuid: bytes) -> None:
        if self._room(self._described, handle):
            found = uuid_words(uuid)
            self.changed |= self._described.setdefault(handle, found) != found

    def tried(self, handle: int, asked: Asked, came: Came, code: int = 0, length: int = 0) -> None:
        """One attempt on a link without encryption, with its answer."""
        one = (handle, asked, came, code)
        if one in self._tried or len(self._tried) < MOST_ATTEMPTS:
            self._tried[one] = max(self._tried.get(one, 0), length)
        else:
            self._full = True

    def arrived(self, handle: int, length: int) -> None:
        """Data came by itself on a link without encryption."""
        if handle in self._arrived or len(self._arrived) < MOST:
            self._arrived[handle] = self._arrived.get(handle, 0) + length

    def uuid(self, handle: int) -> str:
        """Of a characteristic's value; "" if nobody listed it."""
        return self._declared[handle][2] if handle in self._declared else ""

    def configures(self, handle: int) -> bool:
        """Whether it is known as a configuration, where zero ends a subscription."""
        return self._described.get(handle) == CONFIGURATION

    @property
    def used(self) -> bool:
        """Whether anything was tried without encryption, whatever it was."""
        return bool(self._tried or self._arrived)

    def access(self) -> BluetoothAccess | None:
        """What was done there without encryption; None if nothing that can be told."""
        listed = self._listed()
        attempts = self._attempts(listed)
        if not attempts:
            return None
        discovered = self._discovered(listed)
        whole = discovered and not self.unknown and not self._full and _all_tried(listed, attempts)
        visit = Visit(encrypted=False, authenticated=False, attempts=tuple(attempts), whole=whole)
        return BluetoothAccess(
            let_in=True,
            attributes=tuple(listed),
            truncated=not discovered,
            changed=self.changed,
            stranger=visit,
        )

    def _listed(self) -> list[Attribute]:
        starts = sorted(self._services)
        values = sorted(self._declared)
        places = sorted(declaration for declaration, _, _ in self._declared.values())
        found = []
        for value in values:
            declaration, properties, uuid = self._declared[value]
            at = bisect_right(starts, declaration) - 1
            within = at >= 0 and declaration <= self._services[starts[at]][0]
            after = bisect_right(places, declaration)
            end = places[after] - 1 if after < len(places) else LAST
            if within:
                end = min(end, self._services[starts[at]][0])
            found.append(
                Attribute(
                    handle=value,
                    configuration=self._configuration(value, end),
                    service=self._services[starts[at]][1] if within else "",
                    uuid=uuid,
                    properties=tuple(word for bit, word in enumerate(PROPERTIES) if properties >> bit & 1),
                )
            )
        return found

    def _configuration(self, value: int, end: int) -> int:
        found = (one for one, uuid in self._described.items() if uuid == CONFIGURATION and value < one <= end)
        return min(found, default=0)

    def _attempts(self, listed: list[Attribute]) -> list[Attempt]:
        """Those at attributes that were listed; what was written to a configuration is a subscription."""
        values = {one.handle for one in listed}
        configurations = {one.configuration: one.handle for one in listed if one.configuration}
        found: dict[tuple[int, Asked], list[Attempt]] = {}
        for (handle, asked, came, code), length in sorted(self._tried.items()):
            if handle in values:
                said = Attempt(handle, asked, came, code, length, restored=asked != "write" or came != "done")
                found.setdefault((handle, asked), []).append(said)
            elif asked == "write" and handle in configurations:
                value = configurations[handle]
                said = Attempt(value, "subscribe", "accepted" if came == "done" else came, code)
                found.setdefault((value, "subscribe"), []).append(said)
            elif handle not in self._described and not self._declares(handle):
                self.unknown = True
        for handle, length in sorted(self._arrived.items()):
            if handle in values:
                others = [one for one in found.get((handle, "subscribe"), ()) if one.came != "accepted"]
                found[handle, "subscribe"] = [Attempt(handle, "subscribe", "done", 0, length), *others]
            else:
                self.unknown = True
        return [one for _, several in sorted(found.items()) for one in several]

    def _declares(self, handle: int) -> bool:
        return handle in self._services or any(handle == one for one, _, _ in self._declared.values())

    def _discovered(self, listed: list[Attribute]) -> bool:
        """Whether all services were listed, all characteristics of each, and what is behind their values."""
        if self._full or not self.services.whole(1, LAST):
            return False
        whole = all(self.characteristics.whole(first, last) for first, (last, _) in self._services.items())
        open_ends = (one for one in listed if {"notify", "indicate"} & set(one.properties))
        return whole and all(one.configuration for one in open_ends)

    def _room(self, there: Mapping[int, object], handle: int) -> bool:
        if handle in there or len(there) < MOST:
            return True
        self._full = True
        return False


def _all_tried(listed: list[Attribute], attempts: list[Attempt]) -> bool:
    """Whether every way in that the properties name was tried, with an answer that says something."""
    tried = {(one.handle, one.asked) for one in attempts if one.came in ("done", "refused", "closed")}
    for one in listed:
        wanted: set[Asked] = set()
        if "read" in one.properties:
            wanted.add("read")
        if {"write", "write without response", "signed write"} & set(one.properties):
            wanted.add("write")
        if {"notify", "indicate"} & set(one.properties):
            wanted.add("subscribe")
        if any((one.handle, asked) not in tried for asked in wanted):
            return False
    return True
