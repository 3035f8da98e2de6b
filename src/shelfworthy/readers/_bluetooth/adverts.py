"""What the device tells everyone, put together from its advertisements."""

from shelfworthy.readers._bluetooth.heard import Heard
from shelfworthy.seen.advertising import Advert, address_kind, masked_name, read_advert
from shelfworthy.seen.bluetooth import BluetoothAdvert

MOST_FORMS = 64  # different advertisements that are read; they differ by a counter, or not at all
MOST_ADDRESSES = 4096
MOST_LISTED = 32
SECOND = 1_000_000  # microseconds


class Adverts:
    """Those of the device, in their order."""

    def __init__(self) -> None:
        self._forms: dict[bytes, Advert] = {}
        self._addresses: set[bytes] = set()
        self._first: Heard | None = None
        self._last: Heard | None = None
        self._count = 0
        self._connectable = False

    def add(self, heard: Heard) -> None:
        self._first = self._first or heard
        self._last = heard
        self._count += 1
        self._connectable |= heard.connectable
        if len(self._addresses) < MOST_ADDRESSES:
            self._addresses.add(heard.address)
        if heard.data not in self._forms and len(self._forms) < MOST_FORMS:
            self._forms[heard.data] = read_advert(heard.data)

    def seen(self, others: int) -> BluetoothAdvert | None:
        """All of it, None if nothing was heard. others: devices that are not ours."""
        first, last = self._first, self._last
        if first is None or last is None:
            return None
        forms = list(self._forms.values())
        address = ":".join(f"{one:02X}" for one in reversed(last.address))
        kind = "resolvable" if last.resolved else address_kind(address, random=last.random)
        return BluetoothAdvert(
            name=masked_name(next((one.name for one in reversed(forms) if one.name), "")),
            address_kind=kind,
            flags=next((one.flags for one in forms if one.flags >= 0), -1),
            services=tuple(dict.fromkeys(uuid for one in forms for uuid in one.services))[:MOST_LISTED],
            companies=tuple(dict.fromkeys(one for form in forms for one in form.companies))[:MOST_LISTED],
            connectable=self._connectable,
            addresses=len(self._addresses),
            watched=max(0, last.at - first.at) // SECOND,
            adverts=self._count,
            others=others,
        )
