"""Reader and writer of a connected socket."""

import asyncio
import socket
import ssl

AHEAD = 1 << 16  # bytes asyncio may read before anybody asked for them (it stops at twice as many)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Reader(asyncio.StreamReader):
    """A connection that breaks has ended: what came before is still read. asyncio would forget it.

    Many a server says what is wrong, and resets the connection because we had more to say.
    """

    def set_exception(self, exc: BaseException) -> None:
        self.feed_eof()

    @property
    def waiting(self) -> int:
        """Bytes that came and that nobody has read."""
        return len(self._buffer)  # type: ignore[attr-defined] # typeshed does not show it


class _Protocol(asyncio.StreamReaderProtocol):
    """Knows the transport that it was given. made: from when a handshake, if there is one, is complete."""

    made: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.made = transport
        super().connection_made(transport)


def waiting(streams: Streams) -> int:
    """Bytes that came over these and that nobody has read."""
    reader = streams[0]
    return reader.waiting if isinstance(reader, _Reader) else 0


async def opened(
    sock: socket.socket,
    *,
    tls: ssl.SSLContext | None = None,
    name: str | None = None,
    patience: float | None = None,
) -> Streams:
    """Streams over a connected socket; tls: after a handshake, within `patience` seconds, with `name` as SNI.

    Raises OSError, of which ssl.SSLError is one.
    """
    loop = asyncio.get_running_loop()
    reader = _Reader(limit=AHEAD, loop=loop)
    protocol = _Protocol(reader, loop=loop)
    try:
        transport, _ = await loop.create_connection(
            lambda: protocol, sock=sock, ssl=tls, server_hostname=name, ssl_handshake_timeout=patience
        )
    except BaseException:
        # Stopped when the handshake was just complete, asyncio says goodbye and waits for the peer's. Nobody
        # does that here: the socket is closed, and the loop would take the next one of its number for it.
        if isinstance(protocol.made, asyncio.WriteTransport):
            protocol.made.abort()
        raise
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)
