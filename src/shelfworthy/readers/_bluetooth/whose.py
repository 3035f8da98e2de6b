"""Which packets are the device's: its address as declared, or those under which its name was heard."""

from collections.abc import Iterable

from shelfworthy.model import Cause, Kind, NotSeen
from shelfworthy.product.address import RADIO, parse_where
from shelfworthy.readers._bluetooth.heard import Heard
from shelfworthy.seen.advertising import bears, read_advert

MOST = 4096  # addresses one name was heard under


def declared(where: str) -> str:
    """The address or the name that a surface's `where` names."""
    return parse_where(Kind.BLUETOOTH, where).path.removeprefix("bluetooth:")


def address_of(named: str) -> bytes | None:
    """The address, least byte first as it is sent; None if this is a name."""
    return bytes.fromhex(named.replace(":", ""))[::-1] if RADIO.fullmatch(named) else None


class Bearers:
    """The addresses under which one name was heard, in their order.

    A device has one address at a time. So when one is heard again after another bore the name, there are two
    devices; and two addresses that do not change by themselves are two as well.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._called = name.encode()
        self._fixed = 0
        self._now: tuple[bytes, bool] | None = None
        self.found: dict[tuple[bytes, bool], None] = {}

    def hear(self, all_heard: Iterable[Heard]) -> None:
        """Raises NotSeen where two devices bear the name."""
        for heard in all_heard:
            who = (heard.address, heard.random)
            if who not in self.found:
                if self._called not in heard.data or not bears(read_advert(heard.data).name, self.name):
                    continue
                self._fixed += not heard.random or heard.address[5] >> 6 == 3
                if self._fixed > 1 or (self._fixed and self.found) or len(self.found) == MOST:
                    raise self._two()
                self.found[who] = None
            elif who != self._now:
                raise self._two()
            self._now = who

    def _two(self) -> NotSeen:
        words = f"More than one device bears the name {self.name}. Write the address into `where`."
        return NotSeen(Cause.CONTRADICTORY, words)
