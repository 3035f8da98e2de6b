"""Servers that mean no good. Each is a `Behaviour`; none of them ever ends a look by itself."""

import asyncio
import random
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import bson

from tests.bombs import gzip_of_zeros
from tests.servers import Behaviour, Reader, Writer, mongo

NOISE = random.Random(2026).randbytes(4096)
CHUNK = b"plumwhistle " * 1024


async def nothing(reader: Reader, writer: Writer) -> None:
    """Accepts, reads, never says a word."""
    while await reader.read(4096):
        pass
    await asyncio.sleep(60)


async def deaf(reader: Reader, writer: Writer) -> None:
    """Accepts and does not even read."""
    await asyncio.sleep(60)


async def hangs_up(reader: Reader, writer: Writer) -> None:
    """Accepts and hangs up."""


async def resets(reader: Reader, writer: Writer) -> None:
    """Accepts and resets the connection."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hears_and_hangs_up(reader: Reader, writer: Writer) -> None:
    await reader.read(4096)


async def hears_and_resets(reader: Reader, writer: Writer) -> None:
    await reader.read(4096)
    await resets(reader, writer)


async def noise_at_once(reader: Reader, writer: Writer) -> None:
    writer.write(NOISE)
    await reader.read()


async def noise_after_the_question(reader: Reader, writer: Writer) -> None:
    await reader.read(4096)
    writer.write(NOISE)


async def noise_without_end(reader: Reader, writer: Writer) -> None:
    while True:
        writer.write(NOISE)
        await writer.drain()


def after_the_question(pieces: Callable[[], Iterator[bytes]], pause: float = 0) -> Behaviour:
    """Whatever is asked: these pieces, as fast as they are read or with pauses, then nothing more."""

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(4096)
        for piece in pieces():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        await asyncio.sleep(60)

    return behave


def once(content: bytes) -> Behaviour:
    return after_the_question(lambda: iter([content]))


def cut(content: bytes) -> Behaviour:
    """Say this, which is not all that was announced, and hang up."""

    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(4096)
        writer.write(content)

    return behave


def endless(start: bytes, again: bytes) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        yield start
        while True:
            yield again

    return pieces


def drip(content: bytes) -> Callable[[], Iterator[bytes]]:
    """Byte by byte, and from the start again."""

    def pieces() -> Iterator[bytes]:
        while True:
            yield from (bytes([byte]) for byte in content)

    return pieces


OK = b"HTTP/1.1 200 OK\r\n"
BOMB = gzip_of_zeros(256)


HTTP: dict[str, Behaviour] = {
    "one byte now and then": after_the_question(drip(OK + b"X-Padding: " + b"x" * 500), 0.05),
    "a body of one byte now and then": after_the_question(endless(OK + b"\r\n", b"x"), 0.05),
    "endless header line": after_the_question(endless(OK + b"X-Padding: ", CHUNK)),
    "endless header lines": after_the_question(endless(OK, b"X-Padding: " + b"x" * 80 + b"\r\n")),
    "endless status line": after_the_question(endless(b"HTTP/1.1 200 ", CHUNK)),
    "endless body": after_the_question(endless(OK + b"\r\n", CHUNK)),
    "endless body of announced length": after_the_question(
        endless(OK + b"Content-Length: 99999999999999999999\r\n\r\n", CHUNK)
    ),
    "endless chunks": after_the_question(
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"3000\r\n" + CHUNK + b"\r\n")
    ),
    "endless chunks of one byte": after_the_question(
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 2000)
    ),
    "endless chunk size": after_the_question(
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 4096)
    ),
    "endless interim answers": after_the_question(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n")),
    "endless trailers": after_the_question(
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Padding: " + b"x" * 80 + b"\r\n")
    ),
    "gzip bomb": cut(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB),
    "gzip that is none": cut(OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),
    "an unknown packing": cut(OK + b"Content-Encoding: plumwhistle\r\nContent-Length: 5\r\n\r\nhello"),
    "no status line": once(b"hello there\r\n\r\n"),
    "HTTP/0.9": cut(b"<html>hello</html>"),
    "a status of letters": once(b"HTTP/1.1 OK fine\r\n\r\n"),
    "a header without a colon": once(OK + b"plumwhistle\r\n\r\n"),
    "two content lengths": once(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
    "a negative content length": once(OK + b"Content-Length: -1\r\n\r\nhello"),
    "a chunk size of letters": once(OK + b"Transfer-Encoding: chunked\r\n\r\nplumwhistle\r\nhello\r\n"),
    "an unknown transfer coding": once(OK + b"Transfer-Encoding: plumwhistle\r\n\r\nhello"),
    "switching protocols": once(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
    "cut in the header": cut(OK + b"Content-Len"),
    "cut in the body": cut(OK + b"Content-Length: 50\r\n\r\nhello"),
    "cut in a chunk": cut(OK + b"Transfer-Encoding: chunked\r\n\r\n50\r\nhello"),
    "stalled in the body": once(OK + b"Content-Length: 50\r\n\r\nhello"),
    "endless redirects": cut(b"HTTP/1.1 302 Found\r\nLocation: ./again/\r\nContent-Length: 0\r\n\r\n"),
}

ANY: dict[str, Behaviour] = {
    "nothing": nothing,
    "deaf": deaf,
    "hangs up": hangs_up,
    "resets": resets,
    "hears and hangs up": hears_and_hangs_up,
    "hears and resets": hears_and_resets,
    "noise at once": noise_at_once,
    "noise after the question": noise_after_the_question,
    "noise without end": noise_without_end,
    "zeros without end": after_the_question(endless(b"", bytes(1 << 14))),
    "bytes now and then": after_the_question(drip(NOISE), 0.05),
}


async def echo(reader: Reader, writer: Writer) -> None:
    """Says back what it hears."""
    while heard := await reader.read(4096):
        writer.write(heard)


HANDSHAKE = b"\x16\x03\x03"
TLS: dict[str, Behaviour] = {
    "an alert without end": after_the_question(endless(b"", b"\x15\x03\x03\x00\x02\x01\x5a")),
    "a record that never ends": once(HANDSHAKE + b"\x40\x00" + b"\x02\x00\x00\x46"),
    "a record too long": after_the_question(endless(HANDSHAKE + b"\xff\xff", NOISE)),
    "handshake pieces without end": after_the_question(
        endless(HANDSHAKE + b"\x00\x04\x02\xff\xff\xff", HANDSHAKE + b"\x00\x01x")
    ),
    "empty records without end": after_the_question(endless(b"", HANDSHAKE + b"\x00\x00")),
    "a hello that is noise": once(HANDSHAKE + b"\x00\x4a\x02\x00\x00\x46\x03\x03" + NOISE[:0x44]),
    "a hello now and then": after_the_question(
        drip(HANDSHAKE + b"\x00\x4a\x02\x00\x00\x46\x03\x03" + NOISE[:0x44]), 0.05
    ),
    "our own hello": echo,
    "SSLv2 noise": once(b"\x80\xff\x04" + NOISE[:64]),
}


def message(length: int, operation: int, body: bytes, answers: int = 1) -> bytes:
    """A MongoDB wire message whose length may be a lie."""
    return struct.pack("<iiii", length, 1, answers, operation) + body


def op_reply(document: bytes) -> bytes:
    body = struct.pack("<iqii", 8, 0, 0, 1) + document
    return message(16 + len(body), 1, body)


def nested(depth: int) -> bytes:
    """BSON: documents in documents."""
    document = b"\x05\0\0\0\0"
    for _ in range(depth):
        document = struct.pack("<i", len(document) + 8) + b"\x03a\0" + document + b"\0"
    return document


HELLO: dict[str, Any] = {"ok": 1.0, "ismaster": True, "maxWireVersion": 17, "version": "6.0.5"}


def greets_then(answer: dict[str, Any]) -> Behaviour:
    """A greeting as it should be; this to everything else."""
    return mongo(lambda command: HELLO if "isMaster" in command or "buildInfo" in command else answer)


def greets_then_says(content: bytes) -> Behaviour:
    async def behave(reader: Reader, writer: Writer) -> None:
        await reader.read(4096)
        writer.write(op_reply(bson.encode(HELLO)))
        await reader.read(4096)
        writer.write(content)
        await asyncio.sleep(60)

    return behave


MONGO: dict[str, Behaviour] = {
    "a negative length": once(message(-1, 1, b"")),
    "a length of zero": once(message(0, 1, b"")),
    "two gigabytes announced": once(message(0x7FFFFFFF, 1, b"hello")),
    "more announced than sent": once(message(400, 1, bytes(40))),
    "less than a reply holds": once(message(20, 1, bytes(4))),
    "an unknown operation": once(message(36, 4711, bytes(20))),
    "an answer to another question": once(message(36, 1, bytes(20), answers=7)),
    "BSON longer than the message": once(op_reply(struct.pack("<i", 0x7FFFFFFF) + b"\x10ok\0\1\0\0\0\0")),
    "BSON of negative length": once(op_reply(struct.pack("<i", -5) + b"\x10ok\0\1\0\0\0\0")),
    "BSON of length zero": once(op_reply(bytes(4))),
    "BSON of an unknown type": once(op_reply(b"\x0e\0\0\0\x7fok\0\1\0\0\0\0")),
    "a text longer than its document": once(op_reply(b"\x12\0\0\0\x02ok\0\xff\xff\xff\x7fab\0\0")),
    "BSON nested deeply": once(op_reply(nested(20_000))),
    "noise for BSON": once(op_reply(NOISE)),
    "noise after the greeting": greets_then_says(NOISE),
    "a length too long after the greeting": greets_then_says(message(0x7FFFFFFF, 2013, bytes(64))),
    "bytes after the greeting, now and then": mongo(lambda command: HELLO),
    "texts where lists should be": greets_then({"ok": 1.0, "databases": "murmurpal", "cursor": "toys"}),
    "numbers that are none": greets_then({"ok": float("nan"), "databases": [{"name": 7}], "n": float("inf")}),
    "lists of everything": greets_then(
        {"ok": 1.0, "databases": [None, 7, "x", [], {}], "cursor": {"firstBatch": [None, {}]}}
    ),
    "ten thousand databases": greets_then(
        {"ok": 1.0, "databases": [{"name": f"toys{number}"} for number in range(10_000)], "n": 1}
        | {"cursor": {"id": 7, "firstBatch": [{"name": f"c{number}"} for number in range(1000)]}}
    ),
}

S3_PAGE = """<?xml version="1.0"?><ListBucketResult><Name>tones</Name><IsTruncated>true</IsTruncated>
<NextContinuationToken>{turn}</NextContinuationToken><NextMarker>{turn}</NextMarker>{keys}</ListBucketResult>"""


def endless_listing() -> Behaviour:
    """An S3 listing that always has one more page."""
    turn = 0

    async def behave(reader: Reader, writer: Writer) -> None:
        nonlocal turn
        turn += 1
        await reader.readuntil(b"\r\n\r\n")
        keys = "".join(
            f"<Contents><Key>tone-{turn}-{key}</Key><Size>7</Size></Contents>" for key in range(100)
        )
        body = S3_PAGE.format(turn=turn, keys=keys).encode()
        writer.write(OK + b"Content-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return behave


BILLION = "<!DOCTYPE a [<!ENTITY b0 'ha'>" + "".join(
    f"<!ENTITY b{level} '{f'&b{level - 1};' * 20}'>" for level in range(1, 10)
)

S3: dict[str, Behaviour] = {
    "a listing without end": endless_listing(),
    "a listing nested deeply": cut(OK + b"Content-Type: application/xml\r\n\r\n" + b"<a>" * 300_000),
    "a billion laughs": cut(
        OK + b"Content-Type: application/xml\r\n\r\n" + f"{BILLION}]><a>&b9;</a>".encode()
    ),
    "markup without end": cut(OK + b"Content-Type: text/html\r\n\r\n" + b"<div " * 300_000),
    "one long word": cut(OK + b"Content-Type: text/plain\r\n\r\n" + b"a@" * 900_000),
    "one long line of commas": cut(OK + b"Content-Type: text/plain\r\n\r\nContact: " + b"," * 900_000),
}
