"""What can be seen of a TLS or HTTP endpoint."""

from datetime import datetime

from msgspec import Struct

from shelfworthy.model import Cause, Mention, NotLooked, Seen


class VersionSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """One protocol version offered by us, and what the server made of it.

    version: "SSLv2" … "TLS 1.3". reply: "accepted", "other version", "alert", "closed", "silent", "http"
    (an answer in plain HTTP) or "not understood" (it answered in another protocol, or against the rules of
    this one). alert: the alert's number (RFC 8446, section 6), -1 without one. suites: accepted, as IANA
    numbers (SSLv2: its 24-bit kinds), ascending. offered: how many suites we offered. unknown: why there
    may be more accepted suites; None: we offered every suite we know until the server refused all that were
    left, or the version itself.
    """

    version: str
    reply: str
    alert: int
    suites: tuple[int, ...]
    offered: int
    unknown: Cause | None


class Heartbeat(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="heartbeat"):
    """What came back on a heartbeat that claims one byte more than it sends (RFC 6520, section 4).

    offered: the server said that it answers heartbeats. over_read: bytes returned beyond those sent; only
    their number is kept. ended: how the server ended the conversation after that, "" if there was none:
    "alert" or "closed" (it read on past our heartbeat) or "silent".
    """

    offered: bool
    over_read: int
    ended: str


class EndpointTls(Seen, frozen=True, tag="endpoint-tls/1"):
    """Which TLS versions and cipher suites a server accepts (no handshake is completed for this).

    heartbeat: only looked at where `use` is permitted.
    """

    versions: tuple[VersionSeen, ...]
    heartbeat: Heartbeat | NotLooked


MOST_NAMES = 100  # of a certificate, which may be shared by many


def names_of(der: bytes) -> tuple[str, ...]:
    """The DNS names a certificate is for (RFC 5280, section 4.2.1.6); none if it cannot be read."""
    from cryptography import x509  # only where there is a certificate: all that reads evidence imports this

    try:
        extensions = x509.load_der_x509_certificate(der).extensions
        found = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return tuple(found.get_values_for_type(x509.DNSName)[:MOST_NAMES])
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return ()


class EndpointCertificate(Seen, frozen=True, tag="endpoint-certificate/1"):
    """The certificates a server shows.

    name: the host name or address we asked for. chain: DER, leaf first, at most 16. shown: how many the
    server sent. completed: in a completed handshake; else they come from its answer to a ClientHello, as
    from a server that wants our certificate first, or speaks only what OpenSSL no longer does. version,
    suite: negotiated.
    """

    name: str
    at: datetime
    chain: tuple[bytes, ...]
    shown: int
    completed: bool
    version: str
    suite: str

    def mentions(self) -> tuple[Mention, ...]:
        """The other names the certificate is for."""
        return tuple(
            Mention(what=name, role="certificate name", field="chain.0")
            for name in names_of(self.chain[0] if self.chain else b"")
            if name.lower() != self.name.lower()
        )


class Origin(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a redirect leads: scheme, host and port of its target; path and query may be secret."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """`https://host:port`, with the brackets of RFC 3986, section 3.2.2."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    """A place that an answer names.

    by: "redirect" (`Location`), "refresh" (the header of that name) or "alternative service" (`Alt-Svc`,
    RFC 7838: the same is served there, too).
    """

    by: str
    to: Origin


class Elsewhere(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="elsewhere"):
    """Other places than the one asked that an answer names, each once, in the order they came.

    more: how many more it names: beyond the first 8, or in words that are no plain web address.
    """

    places: tuple[Named, ...]
    more: int


class EndpointHttps1(Seen, frozen=True, tag="endpoint-https/1"):
    """The answer to `GET` over TLS, in its first form: see `EndpointHttps`."""

    status: int
    hsts: str

    def newest(self) -> "EndpointHttps":
        return EndpointHttps(status=self.status, hsts=self.hsts, elsewhere=NotLooked())


class EndpointHttps(Seen, frozen=True, tag="endpoint-https/2"):
    """The answer to `GET` over TLS.

    status: 0 without an HTTP answer. hsts: Strict-Transport-Security, or "". elsewhere: where it sends
    whoever asks, and where it says that it is served, too.
    """

    status: int
    hsts: str
    elsewhere: Elsewhere | NotLooked

    def mentions(self) -> tuple[Mention, ...]:
        """The other places it names."""
        places = () if isinstance(self.elsewhere, NotLooked) else self.elsewhere.places
        return tuple(
            Mention(what=one.to.url, role=one.by, field=f"elsewhere.places.{number}")
            for number, one in enumerate(places)
        )


class EndpointPlain(Seen, frozen=True, tag="endpoint-plain/1"):
    """What the plain port says to an HTTP request in cleartext.

    host: the host asked. reply: "refused" (the connection was), "http", "not http", "closed" or "silent".
    location: of a redirect. cookies: names of cookies set in clear. tls_answered: TLS on the same address
    answered in this look (asked only if the plain port refused).
    """

    host: str
    port: int
    reply: str
    status: int
    location: Origin | None
    cookies: tuple[str, ...]
    tls_answered: bool

    def mentions(self) -> tuple[Mention, ...]:
        if self.location is None:
            return ()
        return (Mention(what=self.location.url, role="redirect", field="location"),)
