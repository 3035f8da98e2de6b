"""What an endpoint is called, in a certificate, in SNI, in HTTP."""

from shelfworthy.model import Endpoint
from shelfworthy.reach import Address


def asked_name(endpoint: Endpoint, at: Address) -> str:
    """The name its certificate should be for: host name or address."""
    return endpoint.name or at.host


def server_name(endpoint: Endpoint, at: Address) -> str:
    """What a hello says in SNI: names only, no addresses (RFC 6066, section 3)."""
    return endpoint.name or ("" if at.literal else at.host)
