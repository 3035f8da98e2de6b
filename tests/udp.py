"""A UDP peer on loopback that does as it is told, and counts what came.

It lives in the test's own process: while a look is under way the fuse stops its answers. Ask it through the
door or a probe's `observe`, or start a real server.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import cast

Behaviour = Callable[[bytes], Iterable[bytes]]  # a datagram → those it is answered with


class Peer(asyncio.DatagramProtocol):
    """contacts: datagrams received."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.contacts = 0
        self.host = ""
        self.port = 0
        self._behaviour = behaviour

    @property
    def at(self) -> str:
        return f"{self.host}:{self.port}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.contacts += 1
        for answer in self._behaviour(data):
            self.transport.sendto(answer, addr)


@asynccontextmanager
async def answering(behaviour: Behaviour, host: str = "127.0.0.5", port: int = 0) -> AsyncIterator[Peer]:
    """Answer datagrams until the end of the block."""
    loop = asyncio.get_running_loop()
    transport, peer = await loop.create_datagram_endpoint(lambda: Peer(behaviour), local_addr=(host, port))
    peer.host, peer.port = transport.get_extra_info("sockname")[:2]
    try:
        yield peer
    finally:
        transport.close()
        await asyncio.sleep(0)  # it closes its socket in the loop's next round


def silent(content: bytes) -> Iterable[bytes]:
    """Never answers."""
    return ()


def echo(content: bytes) -> Iterable[bytes]:
    """Says what was said to it."""
    return (content,)
