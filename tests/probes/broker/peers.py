"""Fixtures, named as such: brokers that no real server here can be made to be, and servers of other kinds."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

from shelfworthy.reach import fuse
from tests.servers import Behaviour, Reader, Writer, self_signed

Answer = Callable[[bytes], bytes]  # b"": none


Reply = Callable[[bytes], bytes]  # to one packet of a client


def mqtt(connack: int, suback: int = 0, version: int = 4) -> Reply:
    """An MQTT broker that answers every CONNECT and SUBSCRIBE with these codes, and other versions with 1."""
    properties = b"\0" if version == 5 else b""

    def reply(packet: bytes) -> bytes:
        match packet[0] >> 4:
            case 1:
                if packet[8] != version:
                    return b"\x20\x02\0\x01"
                return bytes([0x20, 2 + len(properties), 0, connack]) + properties
            case 8:
                return bytes([0x90, 3 + len(properties), *packet[2:4]]) + properties + bytes([suback])
            case _:
                return b""

    return reply


def amqp(mechanisms: bytes, after: bytes) -> Reply:
    """An AMQP broker that offers these ways to log in, and says this to who takes one."""

    def reply(packet: bytes) -> bytes:
        if not packet.startswith(b"AMQP"):
            return after
        body = struct.pack("!HHBBII", 10, 10, 0, 9, 0, len(mechanisms)) + mechanisms + bytes(4)
        return struct.pack("!BHI", 1, 0, len(body)) + body + b"\xce"

    return reply


TUNE = struct.pack("!BHIHHHIH", 1, 0, 12, 10, 30, 0, 0, 0) + b"\xce"


def replying(reply: Reply) -> Behaviour:
    """In cleartext. Packets that come together are cut apart as MQTT's are; AMQP's come one by one."""

    async def behave(reader: Reader, writer: Writer) -> None:
        while content := await reader.read(4096):
            for packet in apart(content):
                writer.write(reply(packet))

    return behave


def tired(behaviour: Behaviour) -> Behaviour:
    """Does so once, and hangs up on whoever comes next without a word."""
    came: list[None] = []

    async def behave(reader: Reader, writer: Writer) -> None:
        came.append(None)
        if len(came) == 1:
            await behaviour(reader, writer)

    return behave


def apart(content: bytes) -> Iterator[bytes]:
    """Short MQTT packets that came together; anything else whole."""
    while len(content) > 1 and content[0] in (0x10, 0x82) and 2 + content[1] < len(content):
        yield content[: 2 + content[1]]
        content = content[2 + content[1] :]
    yield content


def only_behind_tls(reply: Reply) -> Behaviour:
    """Says nothing to cleartext, and does not hang up on it either."""

    async def behave(reader: Reader, writer: Writer) -> None:
        first = await reader.read(1)
        if first != b"\x16":
            return await hangs(reader, writer)
        coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
        coming.write(first)
        session = self_signed().wrap_bio(coming, going, server_side=True)

        async def when_ready(act: Callable[[], Any]) -> Any:
            while True:
                try:
                    return act()
                except ssl.SSLWantReadError:
                    writer.write(going.read())
                    if not (more := await reader.read(4096)):
                        raise EOFError from None
                    coming.write(more)

        await when_ready(session.do_handshake)
        while content := await when_ready(lambda: session.read(4096)):
            for packet in apart(content):
                session.write(reply(packet))
            writer.write(going.read())
        return None

    return behave


async def hangs(reader: Reader, writer: Writer) -> None:
    """Accepts, reads and says nothing."""
    while await reader.read(4096):
        pass


class Datagram(asyncio.DatagramProtocol):
    """A UDP server. contacts: datagrams so far."""

    def __init__(self, answer: Answer) -> None:
        self.host, self.port, self.contacts = "127.0.0.5", 0, 0
        self.heard: list[bytes] = []
        self._answer = answer
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.contacts += 1
        self.heard.append(data)
        if self._transport is not None and (answer := self._answer(data)):
            with fuse.contact(*addr):  # it lives in the process that looks, and is no part of the look
                self._transport.sendto(answer, addr)


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[Datagram]:
    """Answer datagrams until the end of the block."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: Datagram(answer), local_addr=("127.0.0.5", 0)
    )
    server.port = transport.get_extra_info("sockname")[1]
    try:
        yield server
    finally:
        transport.close()
        await asyncio.sleep(0)  # it closes its socket in the loop's next round


def mute(datagram: bytes) -> bytes:
    return b""


def echo(datagram: bytes) -> bytes:
    """RFC 862, as old machines still offer it."""
    return datagram


def coap_answer(datagram: bytes, code: str, payload: bytes = b"", options: bytes = b"") -> bytes:
    """The piggybacked answer to a CoAP request (RFC 7252, section 5.2.1)."""
    size = datagram[0] & 15
    first, _, second = code.partition(".")
    head = bytes([0x60 | size, int(first) << 5 | int(second)]) + datagram[2 : 4 + size]
    return head + options + (b"\xff" + payload if payload else b"")


def refusing(datagram: bytes) -> bytes:
    """A CoAP server that wants to know who asks."""
    return coap_answer(datagram, "4.01")
