"""TLS as reach speaks it: it completes handshakes with anyone and reports what was shown."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from shelfworthy.model import Cause
from shelfworthy.reach.line import Handshake
from shelfworthy.reach.streams import Streams, opened, waiting
from shelfworthy.reach.words import NoTls, NotSeen


async def shaken(
    sock: socket.socket, to: str, context: ssl.SSLContext | None, name: str, patience: float
) -> tuple[Streams, Handshake]:
    """Complete a handshake on a connected socket within `patience` seconds. name: for SNI, "" for none.

    Raises NotSeen, NoTls.
    """
    async with _shaking(to, patience):
        # Its own patience is the longer one: ours comes first.
        streams = await opened(sock, tls=context or lenient(), name=name, patience=patience * 2)
    return streams, shown(streams[1])


async def upgraded(
    streams: Streams, to: str, context: ssl.SSLContext | None, name: str, patience: float
) -> Handshake:
    """The same on a connection that began in cleartext and goes on over TLS from here.

    What was said in cleartext beyond the agreement must not pass for said over TLS.
    """
    try:
        if waiting(streams):
            raise NoTls(Cause.NOT_UNDERSTOOD, f"{to} went on in cleartext when it had agreed to TLS.")
        async with _shaking(to, patience):
            await streams[1].start_tls(context or lenient(), server_hostname=name or None)
    except BaseException:
        streams[1].transport.abort()
        raise
    return shown(streams[1])


@asynccontextmanager
async def _shaking(to: str, patience: float) -> AsyncIterator[None]:
    """What may go wrong in a handshake, in our words. Raises NotSeen, NoTls."""
    try:
        async with asyncio.timeout(patience):
            yield
    except TimeoutError as error:
        raise NotSeen(Cause.SILENT, f"{to} fell silent during the TLS handshake.") from error
    except ssl.SSLError as error:
        why = error.reason or type(error).__name__  # OpenSSL's constant, nothing of the peer's
        raise NoTls(Cause.NOT_UNDERSTOOD, f"{to}: no TLS handshake ({why}).") from error
    except OSError as error:
        raise NoTls(Cause.REFUSED, f"{to} hung up during the TLS handshake.") from error


@cache
def lenient() -> ssl.SSLContext:
    """A client that accepts everything OpenSSL can still speak: it looks, a check judges."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")  # the second: NULL suites too
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
