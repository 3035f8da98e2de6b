"""TLS and HTTP endpoints, from SSL 2.0 to TLS 1.3."""

from shelfworthy.model import Kind, Level
from shelfworthy.probes.endpoint import plain, secure
from shelfworthy.probes.probe import Probe
from shelfworthy.seen.endpoint import EndpointCertificate, EndpointHttps, EndpointPlain, EndpointTls

TLS = Probe(
    name="endpoint-tls",
    version=2,
    kind=Kind.ENDPOINT,
    level=Level.LOOK,
    sees=(EndpointTls, EndpointCertificate, EndpointHttps),
    observe=secure.observe,
)
PLAIN = Probe(
    name="endpoint-plain",
    version=2,
    kind=Kind.ENDPOINT,
    level=Level.LOOK,
    sees=(EndpointPlain,),
    observe=plain.observe,
    tools=("h11",),
)
