"""Which Bluetooth adapter this bench has, as the operator writes it: `usb:0`, `tcp-client:127.0.0.1:7300`.

It is the operator's own machine or lab: no product file names it, and no permission speaks of it.
"""

import re
from typing import Literal

from shelfworthy.model import Record
from shelfworthy.product.address import NetworkTarget, WrongAddress, parse_target
from shelfworthy.product.mistakes import quoted

Way = Literal["usb", "hci-socket", "serial", "tcp-client", "unix"]
EXAMPLE = (
    'Expected "usb:0", "usb:0A12:0001", "hci-socket:0", "serial:/dev/ttyUSB0", "tcp-client:127.0.0.1:7300" or'
    ' "unix:/path".'
)
FORMS: dict[Way, re.Pattern[str]] = {
    "usb": re.compile(r"\d{1,3}|[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}"),
    "hci-socket": re.compile(r"\d{1,3}"),
    "serial": re.compile(r"/[^,\0]+(,\d{1,8})?"),
    "tcp-client": re.compile(r".+:\d{1,5}"),
    "unix": re.compile(r"/[^\0]+"),
}


class Adapter(Record, frozen=True):
    """way: how it is reached; rest: which one. host, port: of `tcp-client`, an address and never a name."""

    way: Way
    rest: str
    host: str = ""
    port: int = 0

    @property
    def spec(self) -> str:
        """As it was written."""
        return f"{self.way}:{self.rest}"


def parse_adapter(text: str) -> Adapter:
    """What an adapter's name means. Raises WrongAddress."""
    scheme, _, rest = text.partition(":")
    for way, form in FORMS.items():
        if way == scheme:
            if not form.fullmatch(rest):
                raise WrongAddress(f"{quoted(text)} names no adapter", EXAMPLE)
            return Adapter(way=way, rest=rest) if way != "tcp-client" else _over_tcp(text, rest)
    raise WrongAddress(f"{quoted(text)} names no adapter", EXAMPLE)


def _over_tcp(text: str, rest: str) -> Adapter:
    try:
        target = parse_target(rest)
    except WrongAddress:
        target = None
    if isinstance(target, NetworkTarget) and target.network.num_addresses == 1 and target.port:
        host = str(target.network.network_address)
        return Adapter(way="tcp-client", rest=rest, host=host, port=target.port)
    raise WrongAddress(f"{quoted(text)} is not one address and port", 'Expected "tcp-client:127.0.0.1:7300".')
