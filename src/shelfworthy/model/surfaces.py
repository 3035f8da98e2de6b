"""The things of a product that can be looked at: one type per kind, with the keys of that kind inside."""

from functools import cache
from typing import ClassVar

from msgspec import Struct

from shelfworthy.model.profile import Harmless, Operation
from shelfworthy.model.pushing import Pushing
from shelfworthy.model.recipe import Recipe
from shelfworthy.model.words import Kind, Owner, Scheme, Sensor, Transport


class Surface(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """One thing of the product that can be looked at.

    id: its name in the product file, or `seen:<kind>:<locator>` when discovered.
    where: a URL or address, in the form of its kind. unit: the specimen it belongs to, "" if to all.
    """

    FILES: ClassVar[tuple[str, ...]] = ()  # keys that name files beside the product file
    NOT_KEPT: ClassVar[tuple[str, ...]] = ()  # those of them that do not stay with the evidence
    READ: ClassVar[str] = ""  # the one of them whose file a reader reads, and then nobody is contacted

    id: str
    where: str
    unit: str = ""
    owner: Owner = Owner.MAKER

    @property
    def kind(self) -> Kind:
        return _kind(type(self))

    @property
    def file(self) -> str:
        """The file that is read for it, beside the product file; "" where a probe looks instead."""
        return str(getattr(self, self.READ)) if self.READ else ""

    @property
    def files(self) -> dict[str, str]:
        """The files beside the product file that it names, by key."""
        return {key: name for key in self.FILES if (name := str(getattr(self, key)))}

    @property
    def declared(self) -> bool:
        """Whether the product file names it; else it was seen on the way, an id that no file can give."""
        return not self.id.startswith("seen:")


@cache  # asked for each surface by each way to look and each check
def _kind(of: type[Surface]) -> Kind:
    return Kind(str(of.__struct_config__.tag))


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
    """A database: `mongodb://host[:port]`, with `redis`, `postgresql`, `mysql` (MariaDB, too),
    `elasticsearch+http[s]` (OpenSearch, too), `couchdb+http[s]` or `firebase+https` in place of `mongodb`.

    Whether it speaks TLS is found out by looking. name: for SNI where `where` is an address. ca: as above.
    """

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


class Broker(Surface, frozen=True, tag="broker"):
    """A message broker: `mqtt://host[:port]`, `amqp://host[:port]` or `coap://host[:port]`.

    Whether it speaks TLS is found out by looking; ports for TLS are written (8883, 5671, 5684). name: for SNI
    where `where` is an address.
    """

    FILES: ClassVar[tuple[str, ...]] = ("ca",)

    name: str = ""
    ca: str = ""


class Domain(Surface, frozen=True, tag="domain"):
    """A host name the product relies on: `domain:www.example.com`.

    Resolvers and registries are asked about it. Its own server is, where that is permitted, asked for its
    front page, and only if the name leads to a service where names can be left behind.
    """


class Account(Surface, frozen=True, tag="account"):
    """The sign-up and log-in of the product's service: `account:https://host[:port]/path`, or http.

    All paths of the recipe begin with that one. name: SNI and Host where `where` is an address. recipe: what
    may be done there; without one nothing is.
    """

    FILES: ClassVar[tuple[str, ...]] = ("ca",)

    name: str = ""
    ca: str = ""
    recipe: Recipe | None = None


class Update(Surface, frozen=True, tag="update"):
    """An update server: `update:https://host[:port]/path` of the manifest (of TUF: of its `timestamp.json`).

    name: SNI and certificate name where `where` is an address. ca: PEM file of extra trusted roots.
    plain_port: where the same server may answer in cleartext (default 80 beside 443). scheme: how updates are
    signed, None if nobody said. image: address of the image, whole or relative to the manifest, where that
    does not name it; of TUF: the target's path.
    root: the root metadata that devices trust (TUF). public_key: PEM file. support: web address of the page
    that says for how long there are security updates.
    """

    FILES: ClassVar[tuple[str, ...]] = ("ca", "root", "public_key")

    name: str = ""
    ca: str = ""
    plain_port: int = 0
    scheme: Scheme | None = None
    image: str = ""
    root: str = ""
    public_key: str = ""
    support: str = ""


class Target(Surface, frozen=True, tag="target"):
    """A device that takes firmware over the network: `target:https://host[:port]/path`, or http.

    All paths of the recipe begin with that one. name: SNI and Host where `where` is an address. image: a
    file, the very image that the device runs; older: a file, an image before it. recovery: how the device is
    brought back if an update breaks it, in words; without that nothing is pushed. recipe: how it is pushed.
    """

    FILES: ClassVar[tuple[str, ...]] = ("ca", "image", "older")
    NOT_KEPT: ClassVar[tuple[str, ...]] = ("image", "older")

    name: str = ""
    ca: str = ""
    image: str = ""
    older: str = ""
    recovery: str = ""
    recipe: Pushing | None = None


class Correspondence(Surface, frozen=True, tag="correspondence"):
    """Dated contacts with the maker and its replies: the name of a TOML file beside the product file."""

    FILES: ClassVar[tuple[str, ...]] = ("where",)
    READ: ClassVar[str] = "where"


class Incident(Surface, frozen=True, tag="incident"):
    """Published leaks, decisions and reports: the name of a TOML file beside the product file."""

    FILES: ClassVar[tuple[str, ...]] = ("where",)
    READ: ClassVar[str] = "where"


class PrivacyPolicy(Surface, frozen=True, tag="policy"):
    """A privacy policy: `policy:https://host/path`, or the name of a file beside the product file.

    The page is the policy, or where a shopper begins: then it is looked for, by at most two clicks. Left out,
    it is the maker's site as a surface of kind contact gives it. The file is the policy, or a listing of an
    app in a store (JSON, or the page as it was saved): then what that names is looked at. start: where a
    shopper begins, if the page is the policy. terms, children, cookies: more texts of the maker, by
    URL, which are also found by links. sensors: what the product has. languages: of those who are to read it
    (`en`).
    """

    FILES: ClassVar[tuple[str, ...]] = ("where", "ca")
    READ: ClassVar[str] = "where"
    PREFIX: ClassVar[str] = "policy:"

    where: str = ""
    start: str = ""
    terms: str = ""
    children: str = ""
    cookies: str = ""
    sensors: tuple[Sensor, ...] | None = None
    languages: tuple[str, ...] = ()
    ca: str = ""

    @property
    def file(self) -> str:
        return "" if self.where.startswith(self.PREFIX) else self.where

    @property
    def files(self) -> dict[str, str]:
        named = {"where": self.file, "ca": self.ca}
        return {key: name for key, name in named.items() if name}


class Bluetooth(Surface, frozen=True, tag="bluetooth"):
    """A Bluetooth radio: `bluetooth:C4:7C:8D:00:00:01`, or `bluetooth:NAME` where its address changes.

    A name counts only while exactly one device in range bears it. transport: which radios it has. capture: a
    recording of its radio (btsnoop, pcap); then that is read and nobody is contacted. person: who is there
    while it is tried, and consents to be recorded. button: what its owner does to open it for pairing, in
    words for that person ("press the paw"). window_s: for how long we wait for that. watch_s: for how long
    its advertisements are watched. operation, harmless: what writing to it means. image: a file, a firmware
    image of this device that was changed; it is sent at level `risk` where the device takes updates by radio.
    """

    FILES: ClassVar[tuple[str, ...]] = ("capture", "image")
    READ: ClassVar[str] = "capture"

    transport: Transport = Transport.LE
    capture: str = ""
    person: str = ""
    button: str = ""
    window_s: int = 30
    watch_s: int = 2
    operation: tuple[Operation, ...] = ()
    harmless: tuple[Harmless, ...] = ()
    image: str = ""


class Firmware(Surface, frozen=True, tag="firmware"):
    """A firmware image: the name of a file beside the product file.

    public_key: a file with the maker's public keys or certificates (PEM), by which signatures are verified.
    vex: a file in which the maker says which known flaws affect this image (OpenVEX or CycloneDX, JSON).
    """

    FILES: ClassVar[tuple[str, ...]] = ("where", "public_key", "vex")
    READ: ClassVar[str] = "where"

    public_key: str = ""
    vex: str = ""


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
    | PrivacyPolicy
    | Bluetooth
    | Firmware
    | App
    | Capture
    | Lan
)
