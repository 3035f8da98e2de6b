"""Fixtures, named as such: servers that cannot be installed here any more, and servers that mean no good."""

import asyncio
from collections.abc import Iterable

from tests.probes.endpoint.test_answer import flight, record, server_hello, ssl2_server_hello
from tests.servers import Behaviour, Reader, Writer, http, page, self_signed_der

HEARTBEAT_EXTENSION = bytes.fromhex("000f 0001 01")
PROTOCOL_VERSION, HANDSHAKE_FAILURE = 70, 40


def alert(number: int) -> bytes:
    return record(bytes([2, number]), kind=21)


async def hello(reader: Reader) -> bytes:
    """The ClientHello that comes, without its record; b"" if what comes is none."""
    head = await reader.readexactly(5)
    if head[0] != 22:
        return b""
    return await reader.readexactly(int.from_bytes(head[3:], "big"))


def offers(message: bytes, suite: int) -> bool:
    """Whether a hello (without a session id) offers a suite."""
    start = 4 + 2 + 32 + 1 + message[38]
    length = int.from_bytes(message[start : start + 2], "big")
    suites = message[start + 2 : start + 2 + length]
    return suite.to_bytes(2, "big") in {suites[at : at + 2] for at in range(0, length, 2)}


def of_version(minor: int, suites: Iterable[int]) -> Behaviour:
    """Answers hellos of one version (TLS 1.2 and older) with the first of these suites that is offered."""
    liked = tuple(suites)

    async def behave(reader: Reader, writer: Writer) -> None:
        message = await hello(reader)
        if not message or message[5] != minor:
            writer.write(alert(PROTOCOL_VERSION))
            return
        chosen = [suite for suite in liked if offers(message, suite)]
        writer.write(record(server_hello(minor, chosen[0])) if chosen else alert(HANDSHAKE_FAILURE))

    return behave


async def ssl2(reader: Reader, writer: Writer) -> None:
    """Speaks SSL 2.0 with two kinds of cipher, one of them EXPORT, and nothing newer."""
    head = await reader.readexactly(2)
    if head[0] & 0x80:
        await reader.readexactly(int.from_bytes(head, "big") & 0x7FFF)
        writer.write(ssl2_server_hello(bytes.fromhex("010080 020080"), self_signed_der()))
    else:
        await reader.read(600)
        writer.write(alert(PROTOCOL_VERSION))


def heartbleed(memory: bytes) -> Behaviour:
    """TLS 1.2 as OpenSSL 1.0.1f did it: a heartbeat is answered with as many bytes as it claims to have."""

    async def behave(reader: Reader, writer: Writer) -> None:
        message = await hello(reader)
        if not message or message[5] != 3 or not offers(message, 0xC02F):
            writer.write(alert(PROTOCOL_VERSION if message else HANDSHAKE_FAILURE))
            return
        writer.write(record(with_heartbeat(flight())))
        head = await reader.readexactly(5)
        body = await reader.readexactly(int.from_bytes(head[3:], "big"))
        claimed = int.from_bytes(body[1:3], "big")
        echo = (body[3:] + memory)[:claimed]
        writer.write(record(b"\2" + body[1:3] + echo + bytes(16), kind=24))

    return behave


def with_heartbeat(messages: bytes) -> bytes:
    """A flight whose ServerHello also says that it answers heartbeats."""
    length = int.from_bytes(messages[1:4], "big")
    body, rest = messages[4 : 4 + length], messages[4 + length :]
    block = 2 + 32 + 1 + body[34] + 3
    extensions = body[block + 2 :] + HEARTBEAT_EXTENSION
    body = body[:block] + len(extensions).to_bytes(2, "big") + extensions
    return b"\2" + len(body).to_bytes(3, "big") + body + rest


def tired(after: int, then: Behaviour) -> Behaviour:
    """Hangs up on everyone after so many connections, as a server that limits its visitors."""
    seen = 0

    async def behave(reader: Reader, writer: Writer) -> None:
        nonlocal seen
        seen += 1
        if seen <= after:
            await then(reader, writer)

    return behave


# -- peers that mean no good ---------------------------------------------------------------------------------


async def nothing(reader: Reader, writer: Writer) -> None:
    """Accepts, and never says a word."""
    await reader.read()


def dripping(content: bytes, seconds: float) -> Behaviour:
    """Says it one byte at a time."""

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(1)
        for byte in content:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(seconds)

    return behave


def endless(piece: bytes, first: bytes = b"") -> Behaviour:
    """Never stops talking."""

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(1)
        writer.write(first)
        while True:
            writer.write(piece * (8192 // len(piece) + 1))
            await writer.drain()
            await asyncio.sleep(0)  # it shares the machine with whom it torments

    return behave


def once(content: bytes) -> Behaviour:
    """Says this to everyone and hangs up."""

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(1)
        writer.write(content)

    return behave


def web(head: bytes, body: bytes = b"", then: bytes = b"") -> Behaviour:
    """Answers HTTP with this, and then with more of that for ever."""

    async def behave(reader: Reader, writer: Writer) -> None:
        if not await http(reader):
            return
        writer.write(head + body)
        while then:
            writer.write(then * (8192 // len(then) + 1))
            await writer.drain()
            await asyncio.sleep(0)

    return behave


OK = page()
