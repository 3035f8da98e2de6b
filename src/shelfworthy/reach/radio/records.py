"""What reach tells a probe of a radio. Values of the device are in `Answered` alone, never in evidence."""

from typing import Literal

from shelfworthy.model import Record
from shelfworthy.seen.bluetooth import AddressKind, Attribute, Came, Company

Method = Literal["", "just works", "passkey", "numeric comparison", "out of band"]


class Heard(Record, frozen=True):
    """What was heard of our device while listening; of others only how many there were.

    name: as advertised, what looks like a person's part in it as "•". flags: -1 if it sent none. services:
    UUIDs it names. addresses: different ones it used; watched: seconds, rounded down; adverts: how many came
    from it, 0 if it was not in range. connectable: whether it lets itself be connected to.
    """

    name: str
    address_kind: AddressKind
    flags: int
    services: tuple[str, ...]
    companies: tuple[Company, ...]
    connectable: bool
    addresses: int
    watched: int
    adverts: int
    others: int


class Answered(Record, frozen=True):
    """How one attempt went. code: ATT error, 0 if none. value: what was read."""

    came: Came
    code: int = 0
    value: bytes = b""


class Table(Record, frozen=True):
    """What a device says it has. truncated: there is more, or it ended before it was all told.

    services: UUIDs of all primary services.
    """

    attributes: tuple[Attribute, ...]
    truncated: bool
    services: tuple[str, ...]


class Paired(Record, frozen=True):
    """How one attempt to pair went, and what the device's Pairing Response said; see `seen.PairingTry`."""

    came: Came
    code: int = 0
    io: int = -1
    mitm: bool = False
    secure_connections: bool = False
    bonding: bool = False
    method: Method = ""
    key_size: int = 0


class Offered(Record, frozen=True):
    """A service of a Classic device. uuid: 4 hex digits. channel: RFCOMM's, psm: L2CAP's, 0 if none."""

    uuid: str
    name: str
    channel: int
    psm: int


class ClassicPaired(Record, frozen=True):
    """How one attempt to pair over Classic went; see `seen.ClassicPairing`. encrypted: None if not told."""

    came: Came
    code: int = 0
    io: int = -1
    mitm: bool = False
    encrypted: bool | None = None
