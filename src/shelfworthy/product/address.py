"""Addresses as people write them: the `where` of a surface and the `to` of a permission.

What the functions here keep:
- A host comes out in one form only: lower case, A-labels (RFC 5890), no trailing dot, no brackets.
- An IPv4 address mapped into IPv6 comes out as the IPv4 address it is.
- A host that some resolvers read as a number, and people do not, is refused and never interpreted.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from msgspec import Struct

from shelfworthy.model import Kind, Record
from shelfworthy.product.mistakes import quoted

IP = IPv4Address | IPv6Address
Net = IPv4Network | IPv6Network

LONGEST_NAME = 253  # RFC 1035, section 2.3.4, as written
MAPPED = IPv6Network("::ffff:0:0/96")  # RFC 4291, section 2.5.5.2
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")  # with "_", which real servers use
# IDNA 2003 and 2008 turn these into different names, so which server is meant cannot be known (UTS 46, 7).
AMBIGUOUS = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[^:\[\]]*))?")
RADIO = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")
RADIO_PREFIX = "bluetooth:"
LONGEST_RADIO_NAME = 248  # bytes (Core Specification, volume 3, part C, section 3.2.2)


class WrongAddress(ValueError):
    """What is wrong with an address, and what would be right: two sentences, the first without full stop."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"{found}. {expected}")
        self.found = found
        self.expected = expected


class Address(Record, frozen=True):
    """Where a surface is. All but `path` empty for kinds that have no network address.

    scheme: how it is spoken to (`https`, `mongodb`, `couchdb+http`); a prefix (`s3+`, `contact:`) only names
    the kind. host: normalised, see `normal_host`. path: with its leading slash and its query, or as written
    where there is no address. Of a radio (scheme `bluetooth`): its address in capitals, or its name.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> IP | None:
        """The host, if it is an address and not a name."""
        return literal(self.host)

    @property
    def authority(self) -> str:
        """`host:port`, with the brackets of RFC 3986, section 3.2.2; a radio as a permission names it."""
        if self.scheme == Kind.BLUETOOTH:
            return self.path if is_radio_address(self.path) else f"{RADIO_PREFIX}{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Form(Struct, frozen=True, kw_only=True):
    """How the `where` of one kind is written.

    ports: default by scheme; none for a name alone, which others are asked about and nobody contacts.
    """

    prefix: str
    ports: Mapping[str, int]
    path: re.Pattern[str]
    path_words: str
    example: str


WEB = {"https": 443, "http": 80}
DATABASES = {
    "mongodb": 27017,
    "redis": 6379,
    "postgresql": 5432,
    "mysql": 3306,
    "elasticsearch+http": 9200,
    "elasticsearch+https": 9200,
    "couchdb+http": 5984,
    "couchdb+https": 6984,
    "firebase+https": 443,
    "firebase+http": 80,
}
ANY_PATH = re.compile(r"(/.*)?")
FORMS: Mapping[Kind, Form] = {
    Kind.ENDPOINT: Form(
        prefix="", ports=WEB, path=ANY_PATH, path_words="any path", example="https://api.example.com/"
    ),
    Kind.DATABASE: Form(
        prefix="",
        ports=DATABASES,
        path=re.compile("/?"),
        path_words="no path",
        example="mongodb://db.example.com:27017",
    ),
    Kind.BROKER: Form(
        prefix="",
        ports={"mqtt": 1883, "amqp": 5672, "coap": 5683},
        path=re.compile("/?"),
        path_words="no path",
        example="mqtt://messages.example.com:1883",
    ),
    Kind.BUCKET: Form(
        prefix="s3+",
        ports=WEB,
        path=re.compile("/[^/?]+/?"),
        path_words="the bucket's name as its only path",
        example="s3+https://storage.example.com/recordings",
    ),
    Kind.ACCOUNT: Form(
        prefix="account:",
        ports=WEB,
        path=re.compile("(/[^?]*)?"),
        path_words="a path without a query, which all paths of its recipe begin with",
        example="account:https://api.example.com/",
    ),
    Kind.CONTACT: Form(
        prefix="contact:",
        ports=WEB,
        path=ANY_PATH,
        path_words="any path",
        example="contact:https://www.example.com/",
    ),
    Kind.POLICY: Form(
        prefix="policy:",
        ports=WEB,
        path=ANY_PATH,
        path_words="any path",
        example="policy:https://www.example.com/privacy",
    ),
    Kind.DOMAIN: Form(
        prefix="domain:",
        ports={},
        path=re.compile(""),
        path_words="no path",
        example="domain:www.example.com",
    ),
    Kind.UPDATE: Form(
        prefix="update:",
        ports=WEB,
        path=ANY_PATH,
        path_words="any path",
        example="update:https://updates.example.com/manifest.json",
    ),
    Kind.TARGET: Form(
        prefix="target:",
        ports=WEB,
        path=re.compile("(/[^?]*)?"),
        path_words="a path without a query, which all paths of its recipe begin with",
        example="target:https://camera.example.test/",
    ),
    Kind.BLUETOOTH: Form(
        prefix=RADIO_PREFIX,
        ports={},
        path=re.compile(""),
        path_words="no path",
        example="bluetooth:C4:7C:8D:00:00:01",
    ),
}


@lru_cache(maxsize=512)  # asked for each connection
def parse_where(kind: Kind, where: str) -> Address:
    """The address a surface's `where` means. Raises WrongAddress."""
    form = FORMS.get(kind)
    if not where.strip():
        raise WrongAddress("it is empty", _example(form))
    if form is None or (kind is Kind.POLICY and ":" not in where):  # the name of a file
        return Address(scheme="", host="", port=0, path=where)
    if kind is Kind.BLUETOOTH:
        if not where.startswith(form.prefix):
            raise WrongAddress(f'it does not begin with "{form.prefix}"', _example(form))
        return Address(scheme=kind, host="", port=0, path=normal_radio(where.removeprefix(form.prefix)))
    if any(c.isspace() or unicodedata.category(c) == "Cc" for c in where):
        raise WrongAddress("it holds a space or a control character", _example(form))
    if "#" in where or "\\" in where:
        raise WrongAddress('"#" and "\\" do not belong into it', _example(form))
    if not form.ports:
        return _name_alone(form, where)
    scheme, sign, rest = where.removeprefix(form.prefix).partition("://")
    scheme = scheme.lower()
    if not where.startswith(form.prefix) or not sign or scheme not in form.ports:
        starts = " or ".join(f'"{form.prefix}{word}://"' for word in form.ports)
        raise WrongAddress(f"it does not begin with {starts}", _example(form))
    authority, path = re.fullmatch(r"([^/?]*)(.*)", rest).groups()  # type: ignore[union-attr]
    if "@" in authority:
        raise WrongAddress("user names and passwords do not belong into it", _example(form))
    host, port = _split(authority)
    if path.startswith("?"):
        path = "/" + path
    if not path.isascii():
        raise WrongAddress(
            f"{quoted(path)} holds letters a URL cannot", "Write them percent-encoded: %C3%BC."
        )
    if not form.path.fullmatch(path):
        article = "an" if kind[0] in "aeiou" else "a"
        found = f"{quoted(path)} does not fit: {article} {kind} has {form.path_words}"
        raise WrongAddress(found, _example(form))
    return Address(
        scheme=scheme,
        host=normal_host(host),
        port=form.ports[scheme] if port is None else port,
        path=path.rstrip("/") if kind is Kind.BUCKET else path or "/",
    )


def is_contacted(kind: Kind) -> bool:
    """Whether looking at a surface of this kind means to contact its own host and port, or its radio."""
    return kind is Kind.BLUETOOTH or (kind in FORMS and bool(FORMS[kind].ports))


def is_radio_address(radio: str) -> bool:
    """Whether this is a radio address, and not a name."""
    return RADIO.fullmatch(radio) is not None


def normal_radio(radio: str) -> str:
    """A radio address in capitals, or a radio's name as it is advertised. Raises WrongAddress."""
    if is_radio_address(radio):
        return radio.upper()
    example = 'Expected its address, "C4:7C:8D:00:00:01", or its whole name as it is advertised.'
    if not radio.strip() or radio != radio.strip():
        raise WrongAddress(f"{quoted(radio)} is no name of a radio", example)
    if any(unicodedata.category(c).startswith("C") for c in radio) or radio.endswith(("…", "*")):
        raise WrongAddress(f"{quoted(radio)} is no name of a radio", example)
    if len(radio.encode()) > LONGEST_RADIO_NAME:
        raise WrongAddress(f"it is longer than {LONGEST_RADIO_NAME} bytes", example)
    if re.fullmatch(r"[0-9A-Fa-f]{1,2}([:-][0-9A-Fa-f]{1,2}){3,}", radio):
        raise WrongAddress(f"{quoted(radio)} looks like a radio address and is none", example)
    return radio


def _name_alone(form: Form, where: str) -> Address:
    if not where.startswith(form.prefix):
        raise WrongAddress(f'it does not begin with "{form.prefix}"', _example(form))
    host = normal_host(where.removeprefix(form.prefix))
    if literal(host) is not None:
        raise WrongAddress("it is an address, and nobody registers those", _example(form))
    return Address(scheme="", host=host, port=0, path="")


class HostTarget(Record, frozen=True):
    """A permission for a name, at one port or at all (None)."""

    host: str
    port: int | None = None


class NetworkTarget(Struct, frozen=True):
    """A permission for an address (a network of one) at one port or at all, or for a network."""

    network: Net
    port: int | None = None


class RadioTarget(Record, frozen=True):
    """A permission for a radio: its address in capitals, or its name as `normal_radio` gives it."""

    radio: str


Target = HostTarget | NetworkTarget | RadioTarget


@lru_cache(maxsize=512)
def parse_target(text: str) -> Target:
    """What a permission's `to` means: `host[:port]`, `address[:port]`, network, radio address, radio's name.

    Raises WrongAddress.
    """
    if RADIO.fullmatch(text):
        return RadioTarget(radio=text.upper())
    if text.startswith(RADIO_PREFIX):
        return RadioTarget(radio=normal_radio(text.removeprefix(RADIO_PREFIX)))
    if "://" in text or "@" in text:
        raise WrongAddress("it is a URL", 'Expected only host and port: "api.example.com:443".')
    if "/" in text:
        return NetworkTarget(parse_network(text))
    if text.count(":") > 1 and not text.startswith("["):
        return NetworkTarget(parse_network(text))
    if "*" in text:
        raise WrongAddress('"*" is no host', 'Name each host, or a network: "203.0.113.0/24".')
    host, port = _split(text)
    name = normal_host(host)
    at = literal(name)
    return HostTarget(host=name, port=port) if at is None else NetworkTarget(ip_network(at), port)


def parse_network(text: str) -> Net:
    """An address or a CIDR network, IPv4-mapped ones as IPv4. Raises WrongAddress."""
    try:
        network = ip_network(text)
    except ValueError:
        try:
            wanted = f'"{ip_network(text, strict=False)}"'
        except ValueError:
            wanted = '"203.0.113.0/24", "203.0.113.7" or "2001:db8::/32"'
        raise WrongAddress("it is no network or address", f"Expected {wanted}.") from None
    if isinstance(network, IPv6Network) and network.subnet_of(MAPPED):
        return IPv4Network((plain(network.network_address), network.prefixlen - 96))
    return network


@lru_cache(maxsize=1024)  # asked for each connection
def normal_host(host: str) -> str:
    """A host in its one form. Raises WrongAddress if it is none, or one in disguise."""
    if disguised(host):
        raise WrongAddress(
            f"{quoted(host)} is an address in disguise", 'Write it as four plain numbers: "203.0.113.7".'
        )
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if ":" in bare or bare != host:
        try:
            address = IPv6Address(bare)
        except ValueError:
            raise WrongAddress(
                f"{quoted(host)} is no IPv6 address", 'Expected for example "[2001:db8::1]".'
            ) from None
        if address.scope_id is not None:
            raise WrongAddress(
                f"{quoted(host)} names a network card of this machine", 'Leave out "%" and what follows.'
            )
        return str(plain(address))
    if AMBIGUOUS.search(host):
        raise WrongAddress(
            f"{quoted(host)} has two spellings on the wire", 'Write the one you mean with "xn--".'
        )
    name = (_on_the_wire(host) or "").lower().removesuffix(".")
    if len(name) > LONGEST_NAME or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise WrongAddress(f"{quoted(host)} is no host name", 'Expected for example "api.example.com".')
    return name


def disguised(host: str) -> bool:
    """Whether a host hides an address: `2130706433`, `0177.0.0.1`, `127.1`, `0x7f.1`, full-width digits.

    A name whose last label is a number is an address to some resolvers (WHATWG URL, "ends in a number");
    only the strict dotted form means the same to all of them.
    """
    wire = _on_the_wire(host) or unicodedata.normalize("NFKC", host)
    if ":" in wire:
        return wire.casefold() != host.casefold()
    last = wire.removesuffix(".").rpartition(".")[2]
    if not re.fullmatch(r"\d+|0[xX][0-9a-fA-F]*", last):
        return False
    return wire != host or not isinstance(literal(wire), IPv4Address)


@lru_cache(maxsize=4096)
def literal(host: str) -> IP | None:
    """The address a normalised host is, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def plain(address: IP) -> IP:
    """The address without its disguises: IPv4-mapped IPv6 as IPv4, without a zone."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def _on_the_wire(host: str) -> str | None:
    """What IDNA makes of a host, or None. Its dots and digits of other scripts become plain ones."""
    if len(host) > LONGEST_NAME + 1:  # Python's codec takes quadratic time
        return None
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _split(authority: str) -> tuple[str, int | None]:
    found = AUTHORITY.fullmatch(authority)
    if found is None:
        raise WrongAddress(
            f"{quoted(authority)} is no host and port", 'Expected "host:443" or "[2001:db8::1]:443".'
        )
    host, port = found["host"], found["port"]
    if not host:
        raise WrongAddress("there is no host in it", 'Expected for example "api.example.com".')
    if port is None:
        return host, None
    if not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise WrongAddress(f"{quoted(port)} is no port", "Expected a number from 1 to 65535.")
    return host, int(port)


def _example(form: Form | None) -> str:
    return "Expected a path or a name." if form is None else f'Expected for example "{form.example}".'
