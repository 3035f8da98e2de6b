"""Name servers and registries for tests that lie: by UDP, TCP and HTTP, each a behaviour of its own.

Every one answers well to a name of `HONEST`, so that a test can see that it would have answered.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.servers import Behaviour, Reader, Writer
from tests.udp import Behaviour as Answering

Zone = Mapping[str, list[str]]  # name → records in text: `A 127.0.0.5`


def question(content: bytes) -> dns.message.Message:
    return dns.message.from_wire(content)


def answered(content: bytes, records: Iterable[str] = (), code: str = "NOERROR") -> dns.message.Message:
    """An answer with these records: `name. 60 IN A 127.0.0.5`."""
    message = dns.message.make_response(question(content))
    message.set_rcode(dns.rcode.from_text(code))
    for record in records:
        name, seconds, about, kind, rest = record.split(" ", 4)
        message.answer.append(dns.rrset.from_text(name, int(seconds), about, kind, rest))
    return message


def zone(known: Zone) -> Answering:
    """Answers what it knows, one record type a record; of every other name that it does not exist."""

    def answer(content: bytes) -> Iterable[bytes]:
        asked = question(content).question[0]
        name = asked.name.to_text(omit_final_dot=True).lower()
        if name not in known:
            return [answered(content, code="NXDOMAIN").to_wire()]
        kind = dns.rdatatype.to_text(asked.rdtype)
        fits = [one for one in known[name] if one.split(" ")[0] in (kind, "CNAME")]
        return [answered(content, [f"{name}. 60 IN {one}" for one in fits]).to_wire()]

    return answer


def always(make: Callable[[bytes], bytes | Iterable[bytes]]) -> Answering:
    """Whatever is asked, this."""

    def answer(content: bytes) -> Iterable[bytes]:
        made = make(content)
        return [made] if isinstance(made, bytes) else made

    return answer


def cut(content: bytes) -> bytes:
    """An answer that says it was cut."""
    message = answered(content)
    message.flags |= dns.flags.TC
    return message.to_wire()


def by_tcp(make: Callable[[bytes], bytes]) -> Behaviour:
    """Answers each question with a message and its length in front."""

    async def serve(reader: Reader, writer: Writer) -> None:
        length = int.from_bytes(await reader.readexactly(2))
        made = make(await reader.readexactly(length))
        writer.write(len(made).to_bytes(2) + made)

    return serve


def pointing_at_itself(content: bytes) -> bytes:
    """An answer whose owner name is a compression pointer to itself (RFC 1035, section 4.1.4)."""
    here = len(content)
    header = content[:2] + b"\x84\x00\x00\x01\x00\x01\x00\x00\x00\x00"
    body = content[12 : _end_of_question(content)]
    here = len(header) + len(body)
    return header + body + (0xC000 | here).to_bytes(2) + b"\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\0\0\1"


def _end_of_question(content: bytes) -> int:
    place = 12
    while content[place]:
        place += content[place] + 1
    return place + 5


def registry(said: Mapping[str, object], status: int = 200, headers: Iterable[str] = ()) -> Behaviour:
    """An RDAP server that says this of every domain."""
    return saying_json(json.dumps(said).encode(), status, headers)


def saying_json(body: bytes, status: int = 200, headers: Iterable[str] = ()) -> Behaviour:
    head = "\r\n".join([f"HTTP/1.1 {status} Some", f"Content-Length: {len(body)}", *headers, "", ""])

    async def serve(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + body)

    return serve


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first for the first connection, and so on; the last for all that follow."""
    left = list(behaviours)

    async def serve(reader: Reader, writer: Writer) -> None:
        now = left.pop(0) if len(left) > 1 else left[0]
        await now(reader, writer)

    return serve


async def drips(reader: Reader, writer: Writer) -> None:
    """A byte of the answer every tenth of a second, for ever."""
    await reader.readuntil(b"\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


def pours(length: int) -> Behaviour:
    """An answer of so many bytes, which is no lie about its length."""

    async def serve(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())
        for _ in range(length >> 16):
            writer.write(b"[" * (1 << 16))
            await writer.drain()

    return serve


def after_a_line(text: bytes) -> Behaviour:
    """Reads a line, says this, hangs up: WHOIS (RFC 3912)."""

    async def serve(reader: Reader, writer: Writer) -> None:
        await reader.readline()
        writer.write(text)

    return serve
