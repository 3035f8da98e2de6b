"""TLS as reach speaks it: it completes handshakes with anyone and reports what was shown."""

import asyncio
import ssl
from functools import cache

from shelfworthy.reach.line import Handshake


@cache
def lenient() -> ssl.SSLContext:
    """A client that accepts everything OpenSSL can still speak: it looks, a check judges."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def shown(writer: asyncio.StreamWriter) -> Handshake:
    """What the completed handshake of this connection showed."""
    session: ssl.SSLObject = writer.get_extra_info("ssl_object")
    suite = session.cipher()
    return Handshake(
        version=session.version() or "",
        suite=suite[0] if suite else "",
        chain=_chain(session),
        protocol=session.selected_alpn_protocol() or "",
    )


def _chain(session: ssl.SSLObject) -> tuple[bytes, ...]:
    """DER certificates, leaf first, as sent. Public from Python 3.13, private before."""
    public = getattr(session, "get_unverified_chain", None)
    if public is not None:
        return tuple(bytes(certificate) for certificate in public())
    private = session._sslobj.get_unverified_chain() or ()  # type: ignore[attr-defined]
    return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in private)
