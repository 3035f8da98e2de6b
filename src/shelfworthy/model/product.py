"""What is sold, what of it we have, and what we may do with it."""

from datetime import date

from shelfworthy.model.base import Record, digest
from shelfworthy.model.surfaces import AnySurface
from shelfworthy.model.words import Basis, Level, Owner, Standing


class Identity(Record, frozen=True):
    """What is sold. gtin: 8, 12, 13 or 14 digits with a valid check digit, or "".

    for_children: None where nobody said; then what children's products owe is asked as well.
    """

    name: str
    vendor: str
    model: str = ""
    gtin: str = ""
    category: str = ""
    for_children: bool | None = None
    sold_from: date | None = None
    sold_until: date | None = None

    @property
    def key(self) -> str:
        """Names the product in finding keys: 16 hex digits of its vendor, name and model."""
        return digest((self.vendor, self.name, self.model))[:16]


class Unit(Record, frozen=True):
    """One specimen of the product. serial: masked."""

    id: str
    bought: str = ""
    lot: str = ""
    firmware: str = ""
    app: str = ""
    serial: str = ""


class Permission(Record, frozen=True):
    """What one person allows at one place, until when.

    to: host[:port], network, radio address or `bluetooth:` and a radio's name. resolve: the address a lab's
    name means.
    """

    to: str
    level: Level
    basis: Basis
    person: str = ""
    until: date | None = None
    resolve: str = ""


class Declaration(Record, frozen=True):
    """A person settles what cannot be determined; it shows under the person's name and expires.

    quote: the words it rests on; `…` where some were left out. surface: the policy they stand in: it settles
    nothing any more when they are gone from there.
    """

    requirement: str
    answer: Standing
    because: str
    by: str
    on: date
    until: date
    quote: str = ""
    surface: str = ""


class Attribution(Record, frozen=True):
    """A person says whose a thing is that was seen on the way, where our rules would say otherwise.

    what: a host name or address; of a name also everything beneath it.
    """

    what: str
    owner: Owner
    because: str


class Product(Record, frozen=True):
    """The product file: what there is and what we may do. It is not evidence."""

    product: Identity
    unit: tuple[Unit, ...] = ()
    surface: tuple[AnySurface, ...] = ()
    permission: tuple[Permission, ...] = ()
    declaration: tuple[Declaration, ...] = ()
    seen: tuple[Attribution, ...] = ()


class Permit(Record, frozen=True):
    """How far this bench may go at an address, name, network or radio ("*": anywhere)."""

    to: str
    level: Level


class Registry(Record, frozen=True):
    """Whom this bench asks who holds a domain under these suffixes (`com`, `co.uk`).

    to: `https://host[:port]/path/` (RDAP), or `whois://host[:port]`, which is asked only where no RDAP is.
    """

    to: str
    suffixes: tuple[str, ...]


class Policy(Record, frozen=True):
    """The operator's policy. open: address ranges, closed by default, that this bench may contact.

    Asking about a name is no contact with it, and happens only here: resolver: `address[:port]`, none: those
    of this machine. bootstrap: a file beside the policy, IANA's list of RDAP services (RFC 9224), which adds
    to `registry` when the policy is read. adapter: the bench's Bluetooth adapter: `usb:0`, `hci-socket:0`,
    `serial:/dev/ttyUSB0`, `tcp-client:127.0.0.1:7300` or `unix:/path`.
    """

    observer: str = ""
    open: tuple[str, ...] = ()
    permit: tuple[Permit, ...] = (Permit(to="*", level=Level.LOOK),)
    resolver: tuple[str, ...] = ()
    bootstrap: str = ""
    adapter: str = ""
    registry: tuple[Registry, ...] = ()
