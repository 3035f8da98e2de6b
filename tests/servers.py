"""Small servers on loopback for tests: they count who came, keep what was said, and do as they are told."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import bson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Behaviour = Callable[[Reader, Writer], Awaitable[None]]


class Server:
    """A running server. contacts: connections so far, TLS or not."""

    def __init__(self, host: str, behaviour: Behaviour) -> None:
        self.host = host
        self.port = 0
        self.contacts = 0
        self._behaviour = behaviour
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def at(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    async def serve(self, reader: Reader, writer: Writer) -> None:
        self.contacts += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, EOFError, asyncio.CancelledError):  # the latter by `stop`
                await self._behaviour(reader, writer)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def serving(
    behaviour: Behaviour, host: str = "127.0.0.5", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """Serve until the end of the block. tls: complete a TLS handshake with everyone first."""
    server = Server(host, behaviour)
    listening = await asyncio.start_server(server.serve, host, port, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await server.stop()
        await hung_up(listening)


async def hung_up(listening: asyncio.Server, within: float = 2.0) -> None:
    """Wait for connections whose handshake was broken off: no behaviour has them, and the loop still does."""
    ends = asyncio.get_running_loop().time() + within
    while getattr(listening, "_active_count", 0) and asyncio.get_running_loop().time() < ends:
        await asyncio.sleep(0.005)


async def answers(at: Server) -> bool:
    """Whether a server answers whoever comes, asked by the test itself and not through the door."""
    before = at.contacts
    reader, writer = await asyncio.open_connection(at.host, at.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: victim\r\n\r\n")
    writer.write_eof()
    with suppress(OSError):
        await asyncio.wait_for(reader.read(1), 5)
    writer.transport.abort()
    return at.contacts == before + 1


async def http(reader: Reader) -> bool:
    """Whether an HTTP request head came."""
    first = await reader.read(1)
    if not first.isalpha():
        return False
    await reader.readuntil(b"\r\n\r\n")
    return True


def saying(reply: bytes) -> Behaviour:
    """Read one HTTP request head, say this, hang up; hang up at once on what is none."""

    async def behave(reader: Reader, writer: Writer) -> None:
        if await http(reader):
            writer.write(reply)

    return behave


def page(body: bytes = b"hello", status: str = "200 OK", headers: tuple[str, ...] = ()) -> bytes:
    """A whole HTTP answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def mongo(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Behaviour:
    """A server of the MongoDB wire protocol, OP_QUERY and OP_MSG; `answer` gives a command's document."""

    async def behave(reader: Reader, writer: Writer) -> None:
        while head := await reader.read(16):
            length, request, _, operation = struct.unpack("<iiii", head)
            body = await reader.readexactly(length - 16)
            if operation == 2013:
                reply = struct.pack("<IB", 0, 0) + bson.encode(answer(bson.decode(body[5:])))
                operation = 2013
            else:
                start = body.index(b"\0", 4) + 9
                reply = struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(answer(bson.decode(body[start:])))
                operation = 1
            writer.write(struct.pack("<iiii", 16 + len(reply), 1, request, operation) + reply)

    return behave


@cache
def _identity() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A certificate nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def self_signed_der() -> bytes:
    """The certificate of `self_signed`."""
    return _identity()[0].public_bytes(serialization.Encoding.DER)


@cache
def self_signed(length: int = 1) -> ssl.SSLContext:
    """A server's TLS context with a certificate nobody vouches for, shown `length` times over."""
    certificate, key = _identity()
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        both.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM) * length)
        context.load_cert_chain(both)
    return context
