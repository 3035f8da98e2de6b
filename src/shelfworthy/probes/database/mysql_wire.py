"""The MySQL client/server protocol 4.1, as much of it as a stranger needs (MySQL Internals, also MariaDB's).

Our own because clients resolve names, open sockets and try passwords by themselves.
"""

import re
import struct
from collections.abc import Iterator

from msgspec import Struct

from shelfworthy.model import Cause
from shelfworthy.reach import Line, NotSeen

# Capabilities: long password, protocol 4.1, SSL, transactions, secure connection, names of plugins.
PROTOCOL_41, SSL, PLUGINS = 0x200, 0x800, 0x80000
OURS = 0x1 | PROTOCOL_41 | 0x2000 | 0x8000 | PLUGINS
UTF8 = 45  # utf8mb4_general_ci
PLUGIN = "mysql_native_password"
LONGEST = 1 << 20  # bytes of one packet
MOST_PACKETS = 20_000  # of one answer
OK, MORE, ERROR, SWITCH, LOCAL_FILE, NULL, END = 0x00, 0x01, 0xFF, 0xFE, 0xFB, 0xFB, 0xFE
ENOUGH = b"\x01\x03"  # AuthMoreData of caching_sha2_password: no more is needed, and OK follows
VERSION = re.compile(r"\d+(\.\d+){1,3}")


class Greeting(Struct, frozen=True):
    """The server's first words. product: "MySQL" or "MariaDB"."""

    product: str
    version: str
    offers_tls: bool


class MysqlError(Struct, frozen=True):
    """An error. state: its SQLSTATE, "" before the login."""

    code: int
    state: str


class Packets:
    """Packets on a line, numbered as the protocol wants it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._next = 0

    async def receive(self) -> bytes:
        """The next packet's content. Raises NotSeen, EOFError if the server hung up in between."""
        head = await self.line.receive(4)
        if not head:
            raise EOFError
        length = int.from_bytes(head[:3], "little")
        if len(head) < 4 or head[3] != self._next or not 0 < length <= LONGEST:
            raise self.not_mysql("something else")
        content = await self.line.receive(length)
        if len(content) < length:
            raise self.not_mysql("a packet cut short")
        self._next = (self._next + 1) % 256
        return content

    async def send(self, content: bytes) -> None:
        await self.line.send(len(content).to_bytes(3, "little") + bytes([self._next]) + content)
        self._next = (self._next + 1) % 256

    async def query(self, sql: str) -> list[tuple[str | None, ...]] | MysqlError:
        """The rows of a question, or what is wrong with it. Raises NotSeen, EOFError."""
        self._next = 0
        await self.send(b"\x03" + sql.encode())
        first = await self.receive()
        if first[0] == ERROR:
            return error(first)
        if first[0] == LOCAL_FILE:  # it wants a file of ours
            raise self.not_mysql("a wish for a file of this machine")
        if first[0] == OK:
            return []
        await self._until_end()  # the columns
        return [self._row(content) for content in await self._until_end()]

    async def _until_end(self) -> list[bytes]:
        found: list[bytes] = []
        while not ((content := await self.receive())[0] == END and len(content) < 9):
            if content[0] == ERROR or len(found) == MOST_PACKETS:
                raise self.not_mysql("rows that do not end")
            found.append(content)
        return found

    def _row(self, content: bytes) -> tuple[str | None, ...]:
        try:
            return tuple(values(content))
        except (struct.error, IndexError, ValueError) as wrong:
            raise self.not_mysql("a row cut short") from wrong

    def not_mysql(self, what: str) -> NotSeen:
        return NotSeen(Cause.NOT_UNDERSTOOD, f"{self.line.to} answered a MySQL client with {what}.")


def greeting(packets: Packets, content: bytes) -> Greeting | MysqlError:
    """The initial handshake (version 10), or the error a server has for those it does not even greet.

    Raises NotSeen for anything else.
    """
    if content[0] == ERROR and len(content) > 3:
        return error(content)
    text, zero, rest = content[1:].partition(b"\0")
    told = text.decode("latin-1").removeprefix("5.5.5-")  # MariaDB's, for clients of old
    version = VERSION.match(told)
    if content[0] != 10 or not zero or version is None or len(rest) < 20:
        raise packets.not_mysql("something else")
    (low,) = struct.unpack_from("<H", rest, 13)
    (high,) = struct.unpack_from("<H", rest, 18)
    offers = low | high << 16
    if not offers & PROTOCOL_41:
        raise packets.not_mysql("a protocol older than that of MySQL 4.1")
    product = "MariaDB" if "mariadb" in told.lower() else "MySQL"
    return Greeting(product=product, version=version[0], offers_tls=bool(offers & SSL))


def ssl_request() -> bytes:
    """What a client says before its TLS handshake."""
    return struct.pack("<IIB23x", OURS | SSL, LONGEST, UTF8)


def login(account: str, *, tls: bool) -> bytes:
    """A HandshakeResponse41 without a password."""
    head = struct.pack("<IIB23x", OURS | (SSL if tls else 0), LONGEST, UTF8)
    return head + account.encode() + b"\0" + b"\0" + PLUGIN.encode() + b"\0"


def error(content: bytes) -> MysqlError:
    """An ERR_Packet, without its words, which name the account and where it came from."""
    code = int.from_bytes(content[1:3], "little")
    state = content[4:9].decode("latin-1") if content[3:4] == b"#" else ""
    return MysqlError(code=code, state=state if state.isascii() and state.isalnum() else "")


def switched_to(content: bytes) -> str:
    """The plugin an AuthSwitchRequest names."""
    name = content[1:].partition(b"\0")[0].decode("latin-1")
    return name if name.isascii() and name.replace("_", "").isalnum() and len(name) <= 64 else ""


def values(content: bytes) -> Iterator[str | None]:
    """The values of a text row, NULL as None. Raises ValueError, IndexError, struct.error."""
    at = 0
    while at < len(content):
        length, at = content[at], at + 1
        if length == NULL:
            yield None
            continue
        if length > NULL:
            size = {0xFC: 2, 0xFD: 3, 0xFE: 8}[length] if length != ERROR else 0
            if not size or at + size > len(content):
                raise ValueError("no length")
            length, at = int.from_bytes(content[at : at + size], "little"), at + size
        if at + length > len(content):
            raise ValueError("longer than its row")
        yield content[at : at + length].decode("utf-8", "replace")
        at += length
