"""Which things a text names that was found in content: kinds, and where they are, in the one form of each.

What is kept here:
- Nothing is read into a text. What some clients would take for another host than others do (an address in
  disguise, a host behind a backslash or behind two user names) names nothing, and the reason is said.
- Of a URL only its origin is taken, of a bucket its name too: user name, path and query may be secret.
- Of what the content calls a privacy policy the path and query are taken, too: a text for everybody is there.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from shelfworthy.discovery.known import storages
from shelfworthy.model import Kind, Record
from shelfworthy.product.address import (
    FORMS,
    WEB,
    Address,
    HostTarget,
    WrongAddress,
    literal,
    parse_target,
    parse_where,
)
from shelfworthy.product.things import kind_of_url

KINDS = frozenset({Kind.ENDPOINT, Kind.DATABASE, Kind.BUCKET, Kind.BROKER})
# Other names of schemes, and the ports that go without saying there.
ALIASES = {
    "amqps": ("amqp", 5671),
    "coaps": ("coap", 5684),
    "mariadb": ("mysql", 3306),
    "mqtts": ("mqtt", 8883),
    "postgres": ("postgresql", 5432),
    "rediss": ("redis", 6379),
    "ws": ("http", 80),
    "wss": ("https", 443),
}
FIREBASE = re.compile(r"[a-z0-9-]+(\.firebaseio\.com|\.[a-z0-9-]+\.firebasedatabase\.app)")
S3 = "s3://"
AMAZON = "s3.amazonaws.com"  # where a bucket is whose URL names no host
OTHER = re.compile(r"([A-Za-z][A-Za-z0-9+-]*):(?!\d{1,5}$)")  # no host, no port: `tel:`, `openpgp4fpr:`
PORT = re.compile(r":\d+$")
LONGEST = 2000  # characters
# What stands in paths and queries as it is; a space does not, and is refused, not written otherwise.
WRITTEN = "/?%:@!$&'()*+,;=-._~[]| "
URL = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)([^?#]*)", re.IGNORECASE | re.ASCII)
MAIL = re.compile(r"[^@\s,;<>()\"\\]{1,64}@([^@\s,;<>()\"\\?&]{1,255})")
BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")


class Named(Record, frozen=True):
    """A thing of a kind at a place. shared: its host serves many, and to contact that is not to look here."""

    kind: Kind
    where: str
    host: str
    port: int
    shared: bool = False

    @property
    def id(self) -> str:
        """The id of the surface it is."""
        prefix = FORMS[self.kind].prefix if self.kind in (Kind.DOMAIN, Kind.POLICY) else ""
        return f"seen:{self.kind}:{self.where.removeprefix(prefix)}"


def named(what: str) -> tuple[Named, ...]:
    """What a text names; several where it holds several mail addresses. Raises WrongAddress, which says why
    it names nothing."""
    text = what.strip()
    if len(text) > LONGEST:
        raise WrongAddress("it is longer than any address", "")
    if text[: len(S3)].lower() == S3:
        return (_bucket("https", AMAZON, 443, text[len(S3) :].partition("/")[0]),)
    if "://" in text:
        return (_of_url(text),)
    if text.lower().startswith("mailto:") or "@" in text:
        return tuple(_of_mail(text))
    if other := OTHER.match(text):
        raise WrongAddress(f'"{other[1].lower()}" is no way to something that can be looked at', "")
    return (domain(text),)


def policy(what: str) -> Named:
    """The page that a text gives as the address of a privacy policy. Raises WrongAddress."""
    text = what.strip()
    url = URL.match(text)
    if url is None or url[1].lower() not in WEB or len(text) > LONGEST or "\\" in text:
        raise WrongAddress("it is no address of a page", "")
    if any(unicodedata.category(sign).startswith("C") for sign in text):
        raise WrongAddress("it holds a control character", "")
    scheme, authority, path = url[1].lower(), url[2], url[3]
    if authority.count("@") == 1:
        authority = authority.partition("@")[2]
    query = text[url.end() :].partition("#")[0]
    path = quote(path + query, safe=WRITTEN) or "/"
    at = parse_where(Kind.POLICY, f"{FORMS[Kind.POLICY].prefix}{scheme}://{authority}{path}")
    where = f"{FORMS[Kind.POLICY].prefix}{_origin(Kind.POLICY, at)}{at.path}"
    shared = any(pattern.fullmatch(at.host) for pattern in storages())
    return Named(kind=Kind.POLICY, where=where, host=at.host, port=at.port, shared=shared)


def domain(text: str) -> Named:
    """The name itself, which can be asked about. Raises WrongAddress."""
    target = parse_target(text.removeprefix("*."))
    if not isinstance(target, HostTarget):
        raise WrongAddress("it is an address without a word of what answers there", "")
    if "." not in target.host:
        raise WrongAddress("it is a name that only its own network knows", "")
    where = f"{FORMS[Kind.DOMAIN].prefix}{target.host}"
    return Named(kind=Kind.DOMAIN, where=where, host=target.host, port=0)


def _of_mail(text: str) -> Iterator[Named]:
    """The domains of mail addresses: their mailboxes are nobody's to contact."""
    body = text.partition(":")[2] if text.lower().startswith("mailto:") else text
    found = dict.fromkeys(MAIL.findall(body.partition("?")[0]))
    if not found:
        raise WrongAddress("it is no mail address", "")
    for host in found:
        yield domain(host)


def _of_url(text: str) -> Named:
    url = URL.match(text)
    if url is None or "\\" in text:
        raise WrongAddress("it is no URL that means the same to everybody", "")
    scheme, authority, path = url[1].lower(), url[2], url[3]
    if authority.count("@") == 1:
        authority = authority.partition("@")[2]
    if scheme in ALIASES:
        scheme, port = ALIASES[scheme]
        authority = authority if PORT.search(authority) else f"{authority}:{port}"
    kind = kind_of_url(f"{scheme}://")
    if kind not in KINDS:
        raise WrongAddress(f'"{scheme}" is no way to something that can be looked at', "")
    if kind is Kind.BUCKET:
        at = parse_where(Kind.ENDPOINT, f"{scheme.removeprefix('s3+')}://{authority}/")
        return _bucket(at.scheme, at.host, at.port, path[1:].partition("/")[0])
    at = parse_where(kind, f"{scheme}://{authority}")
    if kind is Kind.ENDPOINT and (rented := _rented(at, path)) is not None:
        return rented
    return Named(kind=kind, where=_origin(kind, at), host=at.host, port=at.port)


def _rented(at: Address, path: str) -> Named | None:
    """The bucket or database a web address is of, where its host rents them out."""
    if FIREBASE.fullmatch(at.host):
        firebase = Address(scheme=f"firebase+{at.scheme}", host=at.host, port=at.port, path="")
        where = _origin(Kind.DATABASE, firebase)
        return Named(kind=Kind.DATABASE, where=where, host=at.host, port=at.port)
    labels = at.host.split(".")
    for place in range(len(labels)):
        host = ".".join(labels[place:])
        if any(pattern.fullmatch(host) for pattern in storages()):
            name = ".".join(labels[:place]) or path[1:].partition("/")[0]
            return _bucket(at.scheme, host, at.port, name) if name else None
    return None


def _bucket(scheme: str, host: str, port: int, name: str) -> Named:
    if not BUCKET.fullmatch(name):
        raise WrongAddress("it names no bucket", "")
    at = Address(scheme=scheme, host=host, port=port, path=f"/{name}")
    return Named(
        kind=Kind.BUCKET,
        where=f"s3+{_origin(Kind.BUCKET, at)}/{name}",
        host=host,
        port=port,
        shared=any(pattern.fullmatch(host) for pattern in storages()),
    )


def _origin(kind: Kind, at: Address) -> str:
    """The address in its one form: without a port that goes without saying, a slash behind a web server."""
    host = f"[{at.host}]" if literal(at.host) is not None and ":" in at.host else at.host
    usual = FORMS[kind].ports[at.scheme] == at.port
    return f"{at.scheme}://{host}{'' if usual else f':{at.port}'}{'/' if kind is Kind.ENDPOINT else ''}"
