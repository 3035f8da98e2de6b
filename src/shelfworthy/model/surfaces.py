"""The things of a product that can be looked at: one type per kind, with the keys of that kind inside."""

from typing import ClassVar

from msgspec import Struct

from shelfworthy.model.words import Kind, Owner


class Surface(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """One thing of the product that can be looked at.

    id: its name in the product file, or `seen:<kind>:<locator>` when discovered.
    where: a URL or address, in the form of its kind. unit: the specimen it belongs to, "" if to all.
    """

    FILES: ClassVar[tuple[str, ...]] = ()  # keys that name files beside the product file

    id: str
    where: str
    unit: str = ""
    owner: Owner = Owner.MAKER

    @property
    def kind(self) -> Kind:
        return Kind(str(self.__struct_config__.tag))


class Endpoint(Surface, frozen=True, tag="endpoint"):
    """A server spoken to over TLS or HTTP: `https://host[:port]/` or `http://host[:port]/`.

    name: SNI and certificate name where `where` is an address. ca: PEM file of extra trusted roots.
    plain_port: where the same service may answer in cleartext (default 80 beside 443).
    """

    FILES: ClassVar[tuple[str, ...]] = ("ca",)

    name: str = ""
    ca: str = ""
    plain_port: int = 0


class Database(Surface, frozen=True, tag="database"):
    """A database: `mongodb://host[:port]`. Whether it speaks TLS is found out by looking."""

    FILES: ClassVar[tuple[str, ...]] = ("ca",)

    name: str = ""
    ca: str = ""


class Bucket(Surface, frozen=True, tag="bucket"):
    """Object storage with the S3 interface: `s3+https://host[:port]/bucket` or `s3+http://…`.

    object: the key of one object known to exist, if any (from an app, a capture, a customer).
    """

    FILES: ClassVar[tuple[str, ...]] = ("ca",)

    object: str = ""
    ca: str = ""


class Contact(Surface, frozen=True, tag="contact"):
    """Where vulnerabilities may be reported: `contact:https://host[:port]/`, the maker's site."""

    FILES: ClassVar[tuple[str, ...]] = ("ca",)

    ca: str = ""


# Kinds that can be declared and are not looked at yet: their requirements answer "nobody looked".
class Broker(Surface, frozen=True, tag="broker"):
    """A message broker."""


class Domain(Surface, frozen=True, tag="domain"):
    """A registered name the product relies on."""


class Account(Surface, frozen=True, tag="account"):
    """The sign-up and log-in of the product's service."""


class Update(Surface, frozen=True, tag="update"):
    """An update server."""


class Target(Surface, frozen=True, tag="target"):
    """A device whose update is tried."""


class Correspondence(Surface, frozen=True, tag="correspondence"):
    """Dated contacts with the maker and its replies."""


class Incident(Surface, frozen=True, tag="incident"):
    """A published leak, decision or report."""


class Policy(Surface, frozen=True, tag="policy"):
    """A privacy policy or terms."""


class Bluetooth(Surface, frozen=True, tag="bluetooth"):
    """A Bluetooth radio."""


class Firmware(Surface, frozen=True, tag="firmware"):
    """A firmware image."""


class App(Surface, frozen=True, tag="app"):
    """A mobile application package."""


class Capture(Surface, frozen=True, tag="capture"):
    """Recorded network or radio traffic."""


class Lan(Surface, frozen=True, tag="lan"):
    """What a device offers on the home network."""


AnySurface = (
    Endpoint
    | Database
    | Bucket
    | Contact
    | Broker
    | Domain
    | Account
    | Update
    | Target
    | Correspondence
    | Incident
    | Policy
    | Bluetooth
    | Firmware
    | App
    | Capture
    | Lan
)
