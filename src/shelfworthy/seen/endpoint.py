"""What can be seen of a TLS or HTTP endpoint."""

from datetime import datetime

from msgspec import Struct

from shelfworthy.model import NotLooked, Seen


class VersionSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """One protocol version offered by us: what the server made of it.

    version: "SSLv2" … "TLS 1.3". reply: "accepted", "alert", "closed", "other version", "not TLS".
    alert: the alert's number (RFC 8446, section 6), -1 without one. suites: accepted, as IANA numbers
    (SSLv2: its 24-bit kinds), in the order the server chose them. exhausted: we offered everything that
    was left until the server refused.
    """

    version: str
    reply: str
    alert: int
    suites: tuple[int, ...]
    exhausted: bool


class Heartbeat(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="heartbeat"):
    """What came back on a heartbeat that claims one byte more than it sends (RFC 6520).

    offered: the server negotiated heartbeats. over_read: bytes returned beyond those sent (0: it kept
    quiet or answered rightly). Only the length is kept.
    """

    offered: bool
    over_read: int


class EndpointTls(Seen, frozen=True, tag="endpoint-tls/1"):
    """Which TLS versions and cipher suites a server accepts (no handshake is completed).

    heartbeat: only looked at where `use` is permitted.
    """

    versions: tuple[VersionSeen, ...]
    heartbeat: Heartbeat | NotLooked


class EndpointCertificate(Seen, frozen=True, tag="endpoint-certificate/1"):
    """The certificates a server shows to a client that completes a handshake, and its HTTPS answer.

    name: the name we asked for (SNI). chain: DER, leaf first. version, suite: what was negotiated.
    status: of `GET /`, 0 if what answered did not speak HTTP. hsts: its Strict-Transport-Security, or "".
    """

    name: str
    at: datetime
    chain: tuple[bytes, ...]
    version: str
    suite: str
    status: int
    hsts: str


class EndpointPlain(Seen, frozen=True, tag="endpoint-plain/1"):
    """What the plain port says to an HTTP request in cleartext.

    reply: "refused" (the connection was), "http", "not http" or "closed". location: of a redirect.
    cookies: names of cookies set in clear. tls_answered: TLS on the same address answered in this look.
    """

    port: int
    reply: str
    status: int
    location: str
    cookies: tuple[str, ...]
    tls_answered: bool
